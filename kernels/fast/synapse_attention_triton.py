"""Launches of the visual synapse's Triton kernels, and their place in autograd."""

from __future__ import annotations

from typing import Any

import torch
import triton
from torch import Tensor
from torch.autograd.function import once_differentiable

from descant.kernels.fast.launch import Tiles, backward_tiles, forward_tiles
from descant.kernels.fast.synapse_backward import query_kernel, source_kernel
from descant.kernels.fast.synapse_forward import forward_kernel


class SynapseAttention(torch.autograd.Function):
    """The visual synapse with gradients for all six arguments.

    Arguments are as of ``descant.kernels.fast.synapse_attention.synapse_attention``, checked there.
    """

    @staticmethod
    def forward(ctx: Any, *tensors: Tensor) -> Tensor:
        """Return (B, H, S, D); saves the inputs, the result and one number per query."""
        mixed, normaliser = attend(*tensors)
        ctx.save_for_backward(*tensors, mixed, normaliser)
        return mixed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients; those of the image's only where one of them is needed."""
        *tensors, mixed, normaliser = ctx.saved_tensors
        image = ctx.needs_input_grad[1] or ctx.needs_input_grad[2]
        return attend_backward(tuple(tensors), mixed, normaliser, gradient, image)


def attend(*tensors: Tensor, tiles: Tiles | None = None) -> tuple[Tensor, Tensor]:
    """Launch the forward kernel.

    Args:
        tensors: Query, image key, image value, music key, music value, weight.
        tiles: Sizes of the blocks instead of the shipped ones.

    Returns:
        The result (B, H, S, D), laid out as the query, and the normaliser (B, H, S) fp32.
    """
    query, *sources, weight = tensors
    query = _rows(query)
    image_key, image_value = _same_strides(*sources[:2])
    music_key, music_value = _same_strides(*sources[2:])
    batch, heads, queries, width = query.shape
    mixed = torch.empty_like(query)
    normaliser = torch.empty((batch, heads, queries), dtype=torch.float32, device=query.device)
    if not query.numel():
        return mixed, normaliser
    tiles = tiles or forward_tiles(width, query.element_size())
    forward_kernel[(triton.cdiv(queries, tiles.queries), heads, batch)](
        query, image_key, image_value, music_key, music_value, weight,
        queries, image_key.shape[2],
        *query.stride()[:3], *image_key.stride()[:3], *music_key.stride()[:3],
        *mixed.stride()[:3],
        mixed, normaliser,
        **tiles.constants(width), **tiles.options,
    )  # fmt: skip
    return mixed, normaliser


def attend_backward(
    tensors: tuple[Tensor, ...], mixed: Tensor, normaliser: Tensor, gradient: Tensor, image: bool
) -> tuple[Tensor | None, ...]:
    """Launch both backward kernels.

    Args:
        tensors: As of ``attend``.
        mixed: Its result.
        normaliser: Its result.
        gradient: (B, H, S, D), of ``mixed``.
        image: Whether gradients of the image's key and value are wanted.

    Returns:
        One gradient for each of ``tensors``; None for the image's where unwanted.
    """
    query, *sources, weight = tensors
    batch, heads, queries, width = query.shape
    keys = sources[0].shape[2]
    tiles = backward_tiles(width, query.element_size())
    gradient = gradient.contiguous()
    delta = (gradient.float() * mixed.float()).sum(-1)
    query, *sources = (tensor.contiguous() for tensor in (query, *sources))
    common = (query, *sources, weight, queries, keys, gradient, normaliser, delta)
    settings = {**tiles.constants(width), **tiles.options}

    blocks = triton.cdiv(keys, tiles.keys)
    query_gradient = torch.zeros_like(query)
    wanted = (image, image, True, True)
    gradients = [torch.zeros_like(s) if w else None for s, w in zip(sources, wanted, strict=True)]
    weight_gradient = torch.zeros((batch * heads, blocks), device=query.device)
    if query.numel():
        grid = (triton.cdiv(queries, tiles.queries), batch * heads)
        query_kernel[grid](*common, query_gradient, **settings)
        source_kernel[(blocks, batch * heads)](*common, *gradients, weight_gradient, **settings)
    moved = weight_gradient.sum().to(weight.dtype).reshape(weight.shape)
    return query_gradient, *gradients, moved


def _rows(tensor: Tensor) -> Tensor:
    """Return the tensor with a last stride of 1, copied only if it has another."""
    return tensor if tensor.stride(-1) == 1 else tensor.contiguous()


def _same_strides(key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
    """Return a source's tensors with the same strides, copied only if theirs differ."""
    if key.stride() == value.stride() and key.stride(-1) == 1:
        return key, value
    return key.contiguous(), value.contiguous()
