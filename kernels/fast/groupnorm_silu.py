"""Bias, group norm and SiLU in PyTorch, and the choice of the Triton twin."""

from __future__ import annotations

import importlib.util

import torch
from torch import Tensor
from torch.nn import functional

from descant.kernels.fast.launch import ONNX_DOMAIN, ONNX_VERSION
from descant.kernels.groupnorm_silu import check_shapes

TRITON_DTYPES = (torch.float16, torch.bfloat16, torch.float32)


def groupnorm_silu(
    x: Tensor, gain: Tensor, offset: Tensor, groups: int, eps: float, bias: Tensor | None = None
) -> Tensor:
    """Return ``silu(group_norm(x + bias) * gain + offset)``; statistics are fp32.

    On a GPU the Triton kernel runs where Triton is installed and no gradient is needed, which it
    does not have, else the expression. An exported graph calls the ONNX function
    ``ai.descant::GroupNormSilu``.

    Args:
        x: (B, C, T, W) fp16, bf16, fp32 or fp64, contiguous or channels-last. Not modified.
        gain: (C,) of any floating dtype.
        offset: (C,).
        groups: G, divides C.
        eps: Added to the variance.
        bias: (B, C); absent counts as 0.

    Returns:
        (B, C, T, W) of x's dtype and memory format.

    Raises:
        ValueError: The shapes do not go together.
    """
    wanted = None if bias is None else tuple(bias.shape)
    check_shapes(tuple(x.shape), tuple(gain.shape), tuple(offset.shape), groups, wanted)
    if torch.onnx.is_in_onnx_export():
        given = torch.zeros(1, 1) if bias is None else bias
        return torch.onnx.ops.symbolic(
            f"{ONNX_DOMAIN}::GroupNormSilu", (x, gain, offset, given),
            attrs={"groups": groups, "eps": eps},
            dtype=x.dtype, shape=x.shape, version=ONNX_VERSION,
        )  # fmt: skip
    if x.is_cuda and _takes_triton(x, gain, offset, bias):
        from descant.kernels.fast.groupnorm_silu_triton import fused_norm

        return fused_norm(x, gain, offset, groups, eps, bias)
    return norm_expression(x, gain, offset, groups, eps, bias)


def norm_expression(
    x: Tensor, gain: Tensor, offset: Tensor, groups: int, eps: float, bias: Tensor | None = None
) -> Tensor:
    """Return the same, operation by operation, in fp32 or wider."""
    wide = torch.promote_types(x.dtype, torch.float32)
    # torch's channels-last kernel subtracts squares: wrong in the third digit for faint input
    hidden = x.to(wide).contiguous()
    if bias is not None:
        hidden = hidden + bias.to(wide)[:, :, None, None]
    normed = functional.group_norm(hidden, groups, gain.to(wide), offset.to(wide), eps)
    return _laid_out(functional.silu(normed).to(x.dtype), x)


def _takes_triton(*tensors: Tensor | None) -> bool:
    given = [tensor for tensor in tensors if tensor is not None]
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in given):
        return False
    known = all(tensor.dtype in TRITON_DTYPES for tensor in given)
    return known and importlib.util.find_spec("triton") is not None


def _laid_out(tensor: Tensor, like: Tensor) -> Tensor:
    """Return the tensor channels-last when ``like`` is that and not also contiguous."""
    if like.is_contiguous() or not like.is_contiguous(memory_format=torch.channels_last):
        return tensor
    return tensor.contiguous(memory_format=torch.channels_last)
