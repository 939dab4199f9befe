"""Swin transformer stage: attention in windows that shift every second block (arXiv 2103.14030).

Letters: B batch, L tokens of the square row by row, C channels, W windows, M tokens of a window,
H heads.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

FOREIGN = -100.0
"""Added to the scores of tokens that only the cyclic shift made neighbours."""


def window_order(side: int, window: int, shift: int) -> NDArray[np.int64]:
    """Return (W, M) indices of the tokens of a square, rolled by ``shift``, window by window."""
    square = np.roll(np.arange(side * side).reshape(side, side), (-shift, -shift), (0, 1))
    return _windows(square, window)


def shift_mask(side: int, window: int, shift: int) -> NDArray[np.float32]:
    """Return (W, M, M): 0 between tokens that were neighbours before the roll, else -100."""
    wrapped = (np.arange(side) >= side - shift).astype(np.int64)
    regions = _windows(2 * wrapped[:, None] + wrapped[None, :], window)
    apart = regions[:, :, None] != regions[:, None, :]
    return np.where(apart, FOREIGN, 0.0).astype(np.float32)


def relative_index(window: int) -> NDArray[np.int64]:
    """Return (M, M): the row of the bias table for each pair of query and key."""
    rows, columns = (axis.ravel() for axis in np.indices((window, window)))
    down = rows[:, None] - rows[None, :] + window - 1
    right = columns[:, None] - columns[None, :] + window - 1
    return down * (2 * window - 1) + right


def _windows(square: NDArray[np.int64], window: int) -> NDArray[np.int64]:
    count = len(square) // window
    blocks = square.reshape(count, window, count, window).swapaxes(1, 2)
    return blocks.reshape(count * count, window * window)


class WindowAttention(nn.Module):
    """Self-attention within each window, with a learned bias per relative position."""

    index: Tensor
    mask: Tensor | None

    def __init__(self, channels: int, heads: int, side: int, window: int, shift: int) -> None:
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.qkv = nn.Linear(channels, channels * 3)
        self.proj = nn.Linear(channels, channels)
        index = torch.from_numpy(relative_index(window))
        mask = torch.from_numpy(shift_mask(side, window, shift)[:, None]) if shift else None
        self.register_buffer("index", index, persistent=False)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, W, M, C) -> (B, W, M, C)."""
        batch, windows, size, channels = x.shape
        qkv = self.qkv(x).reshape(batch, windows, size, 3, self.heads, channels // self.heads)
        query, key, value = qkv.permute(3, 0, 1, 4, 2, 5).unbind(0)  # (B, W, H, M, C / H)
        bias = self.relative_position_bias_table[self.index].permute(2, 0, 1)  # (H, M, M)
        if self.mask is not None:
            bias = bias + self.mask  # (W, H, M, M)
        scale = (channels // self.heads) ** -0.5
        scores = (query * scale) @ key.transpose(-1, -2) + bias
        mixed = scores.softmax(-1) @ value
        return self.proj(mixed.transpose(2, 3).reshape(batch, windows, size, channels))


class SwinBlock(nn.Module):
    """Window attention and a two-layer perceptron, each after a norm and with a residual."""

    order: Tensor
    restore: Tensor

    def __init__(
        self, channels: int, heads: int, side: int, window: int, shift: int, mlp_ratio: int
    ) -> None:
        super().__init__()
        self.window_tokens = window * window
        self.norm1 = nn.LayerNorm(channels)
        self.attn = WindowAttention(channels, heads, side, window, shift)
        self.norm2 = nn.LayerNorm(channels)
        layers = {
            "fc1": nn.Linear(channels, channels * mlp_ratio),
            "fc2": nn.Linear(channels * mlp_ratio, channels),
        }
        self.mlp = nn.ModuleDict(layers)
        order = window_order(side, window, shift).ravel()
        self.register_buffer("order", torch.from_numpy(order), persistent=False)
        self.register_buffer("restore", torch.from_numpy(np.argsort(order)), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, C) -> (B, L, C)."""
        batch, length, channels = x.shape
        windows = (
            self.norm1(x)
            .index_select(1, self.order)
            .reshape(batch, -1, self.window_tokens, channels)
        )
        mixed = self.attn(windows).reshape(batch, length, channels)
        x = x + mixed.index_select(1, self.restore)
        return x + self.mlp["fc2"](functional.gelu(self.mlp["fc1"](self.norm2(x))))


class PatchMerging(nn.Module):
    """Join each 2 x 2 tokens to one of twice the channels."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.side = side
        self.norm = nn.LayerNorm(channels * 4)
        self.reduction = nn.Linear(channels * 4, channels * 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, C) -> (B, L / 4, 2C)."""
        batch, length, channels = x.shape
        half = self.side // 2
        pairs = x.reshape(batch, half, 2, half, 2, channels)
        # (row, column) of the four: 00, 10, 01, 11
        joined = pairs.permute(0, 1, 3, 4, 2, 5).reshape(batch, length // 4, channels * 4)
        return self.reduction(self.norm(joined))


class SwinStage(nn.Module):
    """Blocks on a square of one size; all but the last stage halve its side at the end."""

    def __init__(
        self, *, channels: int, heads: int, depth: int, side: int, window: int, mlp_ratio: int,
        last: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        # A square of one window has nothing to shift.
        shift = window // 2 if side > window else 0
        self.blocks = nn.ModuleList(
            [
                SwinBlock(channels, heads, side, window, shift * (i % 2), mlp_ratio)
                for i in range(depth)
            ]
        )
        self.downsample = None if last else PatchMerging(channels, side)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, C) -> (B, L / 4, 2C), or (B, L, C) in the last stage."""
        for block in self.blocks:
            x = block(x)
        return x if self.downsample is None else self.downsample(x)
