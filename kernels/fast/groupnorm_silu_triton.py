"""Bias, group norm and SiLU in Triton: one program per group, which stays in its core's cache.

The mean is taken first and the variance of what is left, never a difference of large squares; the
mean's own rounding error is then taken out of both. There is no backward pass: training runs the
expression.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from descant.kernels.fast.launch import COMPILER

MAX_BLOCK = 8192
"""Elements of a group that a program works on at a time."""
MAX_COLUMNS = 1024
"""Of them pixels."""


@triton.jit
def tile(
    x: tl.tensor,
    bias: tl.tensor,
    first: int,
    start: int,
    channels: int,
    pixels: int,
    LAST: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
) -> tl.tensor:
    """Return x + bias of a tile of a group in fp32, where it lies, and what of it there is.

    The tile is ROWS channels from ``first`` by COLUMNS pixels from ``start``; what is beyond the
    group is 0.
    """
    channel, pixel = first + tl.arange(0, ROWS), start + tl.arange(0, COLUMNS)
    inside = (channel < channels)[:, None] & (pixel < pixels)[None, :]
    if LAST:
        where = pixel[None, :] * (channels * tl.num_programs(0)) + channel[:, None]
    else:
        where = channel[:, None] * pixels + pixel[None, :]
    value = tl.load(x + where, mask=inside, other=0.0).to(tl.float32)
    if bias is not None:
        shift = tl.load(bias + channel, mask=channel < channels, other=0.0).to(tl.float32)
        value = tl.where(inside, value + shift[:, None], 0.0)
    return value, where, inside


@triton.jit
def statistics(
    x: tl.tensor,
    bias: tl.tensor,
    channels: int,
    pixels: int,
    eps: float,
    LAST: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
) -> tl.tensor:
    """Return a group's mean, in two parts, and the reciprocal of its standard deviation."""
    size = 1.0 * channels * pixels
    total = tl.zeros((ROWS, COLUMNS), tl.float32)
    for first in range(0, channels, ROWS):
        for start in range(0, pixels, COLUMNS):
            value, _, _ = tile(x, bias, first, start, channels, pixels, LAST, ROWS, COLUMNS)
            total += value
    guess = tl.sum(tl.sum(total, 1), 0) / size

    total = tl.zeros((ROWS, COLUMNS), tl.float32)
    squares = tl.zeros((ROWS, COLUMNS), tl.float32)
    for first in range(0, channels, ROWS):
        for start in range(0, pixels, COLUMNS):
            value, _, inside = tile(x, bias, first, start, channels, pixels, LAST, ROWS, COLUMNS)
            left = tl.where(inside, value - guess, 0.0)
            total += left
            squares += left * left
    slip = tl.sum(tl.sum(total, 1), 0) / size
    variance = tl.sum(tl.sum(squares, 1), 0) / size - slip * slip
    return guess, slip, 1.0 / tl.sqrt(tl.maximum(variance, 0.0) + eps)


@triton.jit
def norm_kernel(
    x: tl.tensor,
    gain: tl.tensor,
    offset: tl.tensor,
    bias: tl.tensor,
    channels: int,
    pixels: int,
    eps: float,
    out: tl.tensor,
    LAST: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
) -> None:
    """Norm one group of ``channels`` channels of ``pixels`` = T * W pixels of one row.

    The grid is (groups, B). LAST says that channels, not pixels, lie side by side in ``x`` and
    ``out``. ``bias`` (B, C) may be None.
    """
    group, row = tl.program_id(0), tl.program_id(1).to(tl.int64)
    if LAST:
        before = (row * tl.num_programs(0) * pixels + group) * channels
    else:
        before = (row * tl.num_programs(0) + group) * channels * pixels
    if bias is not None:
        bias += (row * tl.num_programs(0) + group) * channels
    gain, offset = gain + group * channels, offset + group * channels
    guess, slip, scale = statistics(x + before, bias, channels, pixels, eps, LAST, ROWS, COLUMNS)
    for first in range(0, channels, ROWS):
        channel = first + tl.arange(0, ROWS)
        there = channel < channels
        slope = tl.load(gain + channel, mask=there, other=0.0).to(tl.float32) * scale
        base = tl.load(offset + channel, mask=there, other=0.0).to(tl.float32)
        for start in range(0, pixels, COLUMNS):
            value, where, inside = tile(
                x + before, bias, first, start, channels, pixels, LAST, ROWS, COLUMNS
            )
            y = (value - guess - slip) * slope[:, None] + base[:, None]
            y = (y * tl.sigmoid(y)).to(out.dtype.element_ty)
            tl.store(out + before + where, y, mask=inside)


def constants(channels: int, pixels: int, channels_last: bool) -> dict[str, Any]:
    """Return the kernel's constants for groups of ``channels`` channels of ``pixels`` pixels."""
    columns = min(MAX_COLUMNS, max(16, _power_of_two(pixels)))
    # channels side by side need an address for each element, and registers to hold it
    block = MAX_BLOCK // 4 if channels_last else MAX_BLOCK
    rows = min(block // columns, _power_of_two(channels))
    return {"LAST": channels_last, "ROWS": rows, "COLUMNS": columns}


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()


def options(rows: int, columns: int) -> dict[str, Any]:
    """Return the compiler's options for programs that work on tiles of this size."""
    return {"num_warps": 8 if rows * columns >= 2048 else 4, **COMPILER}


def fused_norm(
    x: Tensor, gain: Tensor, offset: Tensor, groups: int, eps: float, bias: Tensor | None = None
) -> Tensor:
    """Launch the kernel; arguments and result are as of ``groupnorm_silu``, checked there."""
    channels_last = not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)
    x = x if channels_last else x.contiguous()
    batch, channels, *sides = x.shape
    pixels = sides[0] * sides[1]
    out = torch.empty_like(x)
    sizes = constants(channels // groups, pixels, channels_last)
    if batch:
        norm_kernel[(groups, batch)](
            x, gain.contiguous(), offset.contiguous(), None if bias is None else bias.contiguous(),
            channels // groups, pixels, eps, out,
            **sizes, **options(sizes["ROWS"], sizes["COLUMNS"]),
        )  # fmt: skip
    return out
