"""The visual synapse in PyTorch, and the choice of the Triton twin."""

from __future__ import annotations

import importlib.util

import torch
from torch import Tensor
from torch.nn import functional

from descant.kernels.fast.launch import MAX_WIDTH, ONNX_DOMAIN, ONNX_VERSION
from descant.kernels.synapse_attention import check_shapes

TRITON_DTYPES = (torch.float16, torch.bfloat16, torch.float32)
MAX_ELEMENTS = 2**31
"""The kernel's strides are 32-bit numbers."""


def synapse_attention(
    query: Tensor,
    image_key: Tensor,
    image_value: Tensor,
    music_key: Tensor,
    music_value: Tensor,
    weight: Tensor,
) -> Tensor:
    """Attend to the blend of two sources; ``descant.kernels.synapse_attention`` has the formula.

    On a GPU the Triton kernel runs where it can (Triton is installed, heads of up to 128, no
    float64), else the expression. All arguments may need gradients. An exported graph calls the
    ONNX function ``ai.descant::SynapseAttention``.

    Args:
        query: (B, H, S, D), fp16, bf16, fp32 or fp64.
        image_key: (B, H, L, D), like all that follow of the query's dtype; may be expanded.
        image_value: (B, H, L, D).
        music_key: (B, H, L, D).
        music_value: (B, H, L, D).
        weight: One element of any floating dtype, a.

    Returns:
        (B, H, S, D), of the query's dtype.

    Raises:
        ValueError: Shapes or dtypes do not go together.
    """
    tensors = (query, image_key, image_value, music_key, music_value)
    check(*tensors, weight)
    if torch.onnx.is_in_onnx_export():
        return torch.onnx.ops.symbolic(
            f"{ONNX_DOMAIN}::SynapseAttention", (*tensors, weight),
            dtype=query.dtype, shape=query.shape, version=ONNX_VERSION,
        )  # fmt: skip
    if query.is_cuda and takes_triton(query, image_key):
        from descant.kernels.fast.synapse_attention_triton import SynapseAttention

        fused: Tensor = SynapseAttention.apply(*tensors, weight)  # type: ignore[no-untyped-call]
        return fused
    return synapse_expression(*tensors, weight)


def synapse_expression(
    query: Tensor,
    image_key: Tensor,
    image_value: Tensor,
    music_key: Tensor,
    music_value: Tensor,
    weight: Tensor,
) -> Tensor:
    """Return the same with both blends in memory and PyTorch's own attention."""
    key, value = blend(image_key, music_key, weight), blend(image_value, music_value, weight)
    return functional.scaled_dot_product_attention(query, key, value)


def blend(image: Tensor, music: Tensor, weight: Tensor) -> Tensor:
    """Return a * image + (1 - a) * music, made in fp32 or wider, in the sources' dtype."""
    wide = torch.promote_types(image.dtype, torch.float32)
    a = weight.to(wide)
    return (a * image.to(wide) + (1.0 - a) * music.to(wide)).to(image.dtype)


def takes_triton(query: Tensor, key: Tensor) -> bool:
    """Whether the kernel is made for heads and numbers like these, and Triton is there."""
    fits = query.dtype in TRITON_DTYPES and query.shape[-1] <= MAX_WIDTH
    small = max(query.numel(), key.numel()) < MAX_ELEMENTS
    return fits and small and importlib.util.find_spec("triton") is not None


def check(query: Tensor, *others: Tensor) -> None:
    """Refuse shapes and dtypes that do not go together; the last tensor is the weight.

    Raises:
        ValueError: They do not.
    """
    *sources, weight = others
    check_shapes(tuple(query.shape), *(tuple(source.shape) for source in sources))
    if any(source.dtype != query.dtype for source in sources):
        raise ValueError(f"keys and values must be {query.dtype} as the query is")
    if weight.numel() != 1 or not weight.is_floating_point():
        raise ValueError(f"the weight must be one number, got {tuple(weight.shape)} {weight.dtype}")
