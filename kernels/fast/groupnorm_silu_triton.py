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

MAX_BLOCK = 4096
"""Elements of a group that a program works on at a time."""


@triton.jit
def element(place: tl.tensor, channels: int, pixels: int, LAST: tl.constexpr) -> tl.tensor:
    """Return the channel within its group, and where it lies from the group's first element."""
    if LAST:
        channel = place % channels
        where = place // channels * (channels * tl.num_programs(0)) + channel
    else:
        channel, where = place // pixels, place
    return channel, where


@triton.jit
def read(
    x: tl.tensor,
    bias: tl.tensor,
    place: tl.tensor,
    channels: int,
    pixels: int,
    LAST: tl.constexpr,
) -> tl.tensor:
    """Return x + bias of some elements of a group in fp32; 0 beyond its end."""
    inside = place < channels * pixels
    channel, where = element(place, channels, pixels, LAST)
    value = tl.load(x + where, mask=inside, other=0.0).to(tl.float32)
    if bias is not None:
        value += tl.load(bias + channel, mask=inside, other=0.0).to(tl.float32)
    return value


@triton.jit
def statistics(
    x: tl.tensor,
    bias: tl.tensor,
    channels: int,
    pixels: int,
    eps: float,
    LAST: tl.constexpr,
    BLOCK: tl.constexpr,
) -> tl.tensor:
    """Return a group's mean, in two parts, and the reciprocal of its standard deviation."""
    size = channels * pixels
    total = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, size, BLOCK):
        total += read(x, bias, start + tl.arange(0, BLOCK), channels, pixels, LAST)
    guess = tl.sum(total, 0) / size

    total, squares = tl.zeros((BLOCK,), tl.float32), tl.zeros((BLOCK,), tl.float32)
    for start in range(0, size, BLOCK):
        place = start + tl.arange(0, BLOCK)
        left = read(x, bias, place, channels, pixels, LAST) - guess
        left = tl.where(place < size, left, 0.0)
        total += left
        squares += left * left
    slip = tl.sum(total, 0) / size
    variance = tl.sum(squares, 0) / size - slip * slip
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
    BLOCK: tl.constexpr,
) -> None:
    """Norm one group of ``channels`` channels of ``pixels`` = T * W pixels of one row.

    The grid is (groups, B). LAST says that channels, not pixels, lie side by side in ``x`` and
    ``out``. ``bias`` (B, C) may be None.
    """
    group, row = tl.program_id(0), tl.program_id(1).to(tl.int64)
    size = channels * pixels
    base = row * tl.num_programs(0) * size + group * (channels if LAST else size)
    x += base
    if bias is not None:
        bias += (row * tl.num_programs(0) + group) * channels

    guess, slip, scale = statistics(x, bias, channels, pixels, eps, LAST, BLOCK)
    for start in range(0, size, BLOCK):
        place = start + tl.arange(0, BLOCK)
        inside = place < size
        channel, where = element(place, channels, pixels, LAST)
        y = (read(x, bias, place, channels, pixels, LAST) - guess - slip) * scale
        channel += group * channels
        y *= tl.load(gain + channel, mask=inside, other=0.0).to(tl.float32)
        y += tl.load(offset + channel, mask=inside, other=0.0).to(tl.float32)
        activated = (y * tl.sigmoid(y)).to(out.dtype.element_ty)
        tl.store(out + base + where, activated, mask=inside)


def constants(size: int, channels_last: bool) -> dict[str, Any]:
    """Return the kernel's constants for groups of ``size`` elements."""
    block = min(MAX_BLOCK, max(128, 1 << (size - 1).bit_length()))
    return {"LAST": channels_last, "BLOCK": block}


def options(block: int) -> dict[str, Any]:
    """Return the compiler's options for programs that work on ``block`` elements at a time."""
    return {"num_warps": 8 if block >= 2048 else 4, **COMPILER}


def fused_norm(
    x: Tensor, gain: Tensor, offset: Tensor, groups: int, eps: float, bias: Tensor | None = None
) -> Tensor:
    """Launch the kernel; arguments and result are as of ``groupnorm_silu``, checked there."""
    channels_last = not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)
    x = x if channels_last else x.contiguous()
    batch, channels, *sides = x.shape
    pixels = sides[0] * sides[1]
    out = torch.empty_like(x)
    sizes = constants(channels // groups * pixels, channels_last)
    if batch:
        norm_kernel[(groups, batch)](
            x, gain.contiguous(), offset.contiguous(), None if bias is None else bias.contiguous(),
            channels // groups, pixels, eps, out,
            **sizes, **options(sizes["BLOCK"]),
        )  # fmt: skip
    return out
