"""Norms and attention of the latent diffusion networks beside their definitions."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from descant.models.nets.ldm.autoencoder import AttnBlock
from descant.models.nets.ldm.blocks import GroupNorm, LayerNorm, to_tokens

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@torch.no_grad()
def test_attention_by_bins_is_attention_over_all_positions() -> None:
    block, x = AttnBlock(32).eval(), torch.randn(2, 32, 6, 5)
    hidden = block.norm(x)
    query, key, value = (to_tokens(part(hidden)) for part in (block.q, block.k, block.v))
    scores = query @ key.transpose(1, 2) / math.sqrt(32)
    mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(2, 32, 6, 5)
    torch.testing.assert_close(block(x), x + block.proj_out(mixed), rtol=1e-4, atol=1e-5)


def test_norms_of_half_precision_weights_keep_their_statistics() -> None:
    x = 400.0 + 100.0 * torch.randn(1, 32, 64, 16)  # squares beyond fp16's 65504
    for norm, wide in ((GroupNorm(32, 1e-5), x), (LayerNorm(16), x)):
        half = norm.half()(wide.half())
        assert half.dtype == torch.float16
        torch.testing.assert_close(half.float(), norm.float()(wide), rtol=5e-3, atol=5e-3)


@torch.no_grad()
def test_group_norm_is_exact_in_any_memory_layout() -> None:
    """torch's own kernel for channels-last input is not, where the mean is large."""
    x = 100.0 + 0.01 * torch.randn(1, 64, 16, 16)
    norm = GroupNorm(64, 1e-6)
    wanted = _group_norm_float64(x)
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.testing.assert_close(
            norm(x.contiguous(memory_format=layout)), wanted, atol=2e-2, rtol=0
        )


def _group_norm_float64(x: Tensor) -> Tensor:
    groups = x.double().view(x.shape[0], 32, -1)
    mean, variance = groups.mean(2, keepdim=True), groups.var(2, correction=0, keepdim=True)
    return ((groups - mean) / (variance + 1e-6).sqrt()).view_as(x).float()
