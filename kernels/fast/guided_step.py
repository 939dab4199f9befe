"""Guidance and the solver's update in PyTorch, and the choice of the Triton twin."""

from __future__ import annotations

import importlib.util

import torch
from torch import Tensor

from descant.kernels.fast.launch import ONNX_DOMAIN, ONNX_VERSION
from descant.kernels.guided_step import check_shapes


def guided_step(
    predicted: Tensor,
    latents: Tensor,
    row: Tensor,
    guidance_scale: Tensor,
    history: Tensor | None = None,
    noise: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Take one step; ``descant.kernels.guided_step`` has the formula.

    On a GPU the Triton kernel runs where Triton is installed, else the expression; there is no
    gradient. An exported graph calls the ONNX function ``ai.descant::GuidedStep``, which needs both
    sides of the guidance.

    Args:
        predicted: (2B, ...), rows with the condition first, or (B, ...) without guidance; of any
            floating dtype.
        latents: (B, ...) of any floating dtype. Not modified.
        row: (6,) fp32 weights.
        guidance_scale: One element, fp32.
        history: (B, ...), the previous step's denoised latents; absent counts as 0.
        noise: (B, ...) standard normal; absent counts as 0.

    Returns:
        The latents one level less noisy and the clean estimate, of the latents' shape and dtype.

    Raises:
        ValueError: The shapes do not go together.
    """
    tensors = (predicted, latents, row, guidance_scale, history, noise)
    check(*tensors)
    if torch.onnx.is_in_onnx_export():
        return _exported_step(*tensors)
    if latents.is_cuda and importlib.util.find_spec("triton") is not None:
        from descant.kernels.fast.guided_step_triton import fused_step

        return fused_step(*tensors)
    return step_expression(*tensors)


def step_expression(
    predicted: Tensor,
    latents: Tensor,
    row: Tensor,
    guidance_scale: Tensor,
    history: Tensor | None = None,
    noise: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the same, operation by operation, in fp32 or wider."""
    wide = torch.promote_types(latents.dtype, torch.float32)
    e, x, weights = predicted.to(wide), latents.to(wide), row.to(wide)
    if predicted.shape[0] != latents.shape[0]:
        conditional, unconditional = e.chunk(2)
        e = unconditional + guidance_scale.to(wide) * (conditional - unconditional)
    denoised = weights[0] * x + weights[1] * e
    after = weights[2] * x + weights[3] * e
    if history is not None:
        after = after + weights[4] * history.to(wide)
    if noise is not None:
        after = after + weights[5] * noise.to(wide)
    return after.to(latents.dtype), denoised.to(latents.dtype)


def _exported_step(
    predicted: Tensor,
    latents: Tensor,
    row: Tensor,
    guidance_scale: Tensor,
    history: Tensor | None,
    noise: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """Return a call of the ONNX function, whose absent inputs are a 0 that broadcasts."""
    absent = torch.zeros(())
    given = [absent if extra is None else extra for extra in (history, noise)]
    after, denoised = torch.onnx.ops.symbolic_multi_out(
        f"{ONNX_DOMAIN}::GuidedStep", (predicted, latents, row, guidance_scale, *given),
        dtypes=[latents.dtype] * 2, shapes=[latents.shape] * 2, version=ONNX_VERSION,
    )  # fmt: skip
    return after, denoised


def check(
    predicted: Tensor,
    latents: Tensor,
    row: Tensor,
    guidance_scale: Tensor,
    history: Tensor | None,
    noise: Tensor | None,
) -> None:
    """Refuse shapes that do not go together.

    Raises:
        ValueError: They do not.
    """
    optional = [tuple(extra.shape) for extra in (history, noise) if extra is not None]
    check_shapes(tuple(predicted.shape), tuple(latents.shape), tuple(row.shape), *optional)
    if guidance_scale.numel() != 1:
        raise ValueError(f"the guidance scale must be one number, got {guidance_scale.numel()}")
