"""Blocks that several networks share.

Letters: B batch, C channels, T frames, D width, S sequence.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ChannelNorm(nn.Module):
    """Root-mean-square norm over the channels of (B, C, T), frame by frame.

    Statistics never cross frames, so a long clip and its parts give the same result.
    """

    def __init__(self, channels: int, axes: int = 1) -> None:
        """``axes`` follow the channels: 1 for frames, 2 for the pixels of a picture."""
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels, *[1] * axes))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, ...) -> (B, C, ...)."""
        return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-6) * self.gain


class ConvBlock(nn.Module):
    """ConvNeXt block for frames: depthwise convolution, norm, two pointwise layers, residual."""

    def __init__(self, channels: int, expansion: int = 3, kernel: int = 7) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.norm = ChannelNorm(channels)
        self.expand = nn.Conv1d(channels, channels * expansion, 1)
        self.project = nn.Conv1d(channels * expansion, channels, 1)
        nn.init.normal_(self.project.weight, std=0.02)
        nn.init.zeros_(self.project.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T) -> (B, C, T)."""
        hidden = self.norm(self.depthwise(x))
        return x + self.project(functional.gelu(self.expand(hidden), approximate="tanh"))


def conv_stack(channels: int, depth: int, expansion: int = 3) -> nn.Sequential:
    """Return ``depth`` blocks of equal width."""
    return nn.Sequential(*[ConvBlock(channels, expansion) for _ in range(depth)])


class StatisticsPool(nn.Module):
    """Pool frames to one vector: attention-weighted mean beside the maximum, then project."""

    def __init__(self, channels: int, out_dim: int) -> None:
        super().__init__()
        self.score = nn.Conv1d(channels, 1, 1)
        self.project = nn.Linear(channels * 2, out_dim)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T) -> (B, D)."""
        weight = self.score(x).softmax(-1)
        return self.project(torch.cat([(x * weight).sum(-1), x.amax(-1)], 1))


def rotary(length: int, head_dim: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Return the cos and sin tables (S, head_dim / 2) of rotary positions (Su et al. 2021)."""
    steps = torch.arange(0, head_dim, 2, device=like.device, dtype=torch.float32)
    rates = torch.exp(steps * (-9.210340371976184 / head_dim))  # ln 10000
    positions = torch.arange(length, device=like.device, dtype=torch.float32)
    angles = positions[:, None] * rates[None]
    return angles.cos().to(like.dtype), angles.sin().to(like.dtype)


def rotate(x: Tensor, table: tuple[Tensor, Tensor]) -> Tensor:
    """Apply rotary positions to (B, H, S, head_dim)."""
    cos, sin = table
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


class SelfAttention(nn.Module):
    """Multi-head self-attention over (B, S, D), optionally with rotary positions."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3, bias=False)
        self.out = nn.Linear(dim, dim)

    def forward(
        self,
        x: Tensor,
        table: tuple[Tensor, Tensor] | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """(B, S, D) -> (B, S, D); ``mask`` (B, 1, S, S) is added to the scores."""
        batch, length, dim = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, self.heads, dim // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # (B, H, S, head_dim)
        if table is not None:
            query, key = rotate(query, table), rotate(key, table)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).reshape(batch, length, dim))


class CrossAttention(nn.Module):
    """Multi-head attention from frames (B, F, D) to context (B, S, D)."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(dim, dim, bias=False)
        self.key_value = nn.Linear(dim, dim * 2, bias=False)
        self.out = nn.Linear(dim, dim)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor, context: Tensor, mask: Tensor) -> Tensor:
        """Attend; ``mask`` (B, 1, F, S) is added to the scores."""
        batch, frames, dim = x.shape
        query = self._split(self.query(x))
        key, value = (self._split(part) for part in self.key_value(context).chunk(2, -1))
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).reshape(batch, frames, dim))

    def _split(self, x: Tensor) -> Tensor:
        batch, length, dim = x.shape
        return x.reshape(batch, length, self.heads, dim // self.heads).transpose(1, 2)


def additive_mask(mask: Tensor, queries: int) -> Tensor:
    """Turn a (B, S) mask of ones and zeros into the (B, 1, Q, S) bias 0 / -1e4.

    The query axis is written out because ONNX Runtime's Attention doesn't broadcast it.
    """
    return ((mask - 1.0) * 1e4)[:, None, None, :].expand(-1, 1, queries, -1)
