"""Guidance and the solver's update in Triton: every number is read once and written once."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from descant.kernels.fast.launch import COMPILER

BLOCK = 1024
"""Elements per program: eight for each thread, which are one or two wide loads per input."""
OPTIONS = {"num_warps": 4, **COMPILER}


@triton.jit
def step_kernel(
    predicted: tl.tensor,
    latents: tl.tensor,
    row: tl.tensor,
    guidance_scale: tl.tensor,
    history: tl.tensor,
    noise: tl.tensor,
    count: int,
    after: tl.tensor,
    denoised: tl.tensor,
    GUIDED: tl.constexpr,
    BLOCK: tl.constexpr,
) -> None:
    """Update one block of the ``count`` latents; all tensors are contiguous.

    ``predicted`` has 2 * count elements when GUIDED, conditional ones first. ``row`` and
    ``guidance_scale`` are fp32. ``history`` and ``noise`` may be None.
    """
    places = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = places < count
    x = tl.load(latents + places, mask=inside).to(tl.float32)
    e = tl.load(predicted + places, mask=inside).to(tl.float32)
    if GUIDED:
        unconditional = tl.load(predicted + count + places, mask=inside).to(tl.float32)
        e = unconditional + tl.load(guidance_scale) * (e - unconditional)
    clean = tl.load(row) * x + tl.load(row + 1) * e
    x = tl.load(row + 2) * x + tl.load(row + 3) * e
    if history is not None:
        x += tl.load(row + 4) * tl.load(history + places, mask=inside).to(tl.float32)
    if noise is not None:
        x += tl.load(row + 5) * tl.load(noise + places, mask=inside).to(tl.float32)
    tl.store(after + places, x.to(after.dtype.element_ty), mask=inside)
    tl.store(denoised + places, clean.to(denoised.dtype.element_ty), mask=inside)


def constants(guided: bool) -> dict[str, Any]:
    """Return the kernel's constants."""
    return {"GUIDED": guided, "BLOCK": BLOCK}


def fused_step(
    predicted: Tensor,
    latents: Tensor,
    row: Tensor,
    guidance_scale: Tensor,
    history: Tensor | None = None,
    noise: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Launch the kernel; arguments and results are as of ``guided_step``, checked there."""
    predicted, latents = predicted.contiguous(), latents.contiguous()
    history = None if history is None else history.contiguous()
    noise = None if noise is None else noise.contiguous()
    after, denoised = torch.empty_like(latents), torch.empty_like(latents)
    count = latents.numel()
    if count:
        step_kernel[(triton.cdiv(count, BLOCK),)](
            predicted, latents, row.contiguous(), guidance_scale, history, noise,
            count, after, denoised,
            **constants(predicted.shape[0] != latents.shape[0]), **OPTIONS,
        )  # fmt: skip
    return after, denoised
