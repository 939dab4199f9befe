"""The compact image branch: a text-to-image flow whose decoder layers show pictures to the music.

MeLFusion takes keys and values from the self-attention of a text-to-image network into which the
picture was inverted. Ours is a small transformer over 8x8 patches of 64x64 pixels, trained by flow
matching (Lipman et al. 2022) on drawn scenes; its heads are as wide as the denoiser's.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.image_branch_spec import PATCH, SIDE, TOKENS, inversion_times
from descant.models.nets.clmp import CLMP_DIM
from descant.models.nets.denoiser import time_features

DIM, HEADS, LAYERS, DECODER_LAYERS = 256, 4, 6, 3
EXPANSION = 4


class BranchLayer(nn.Module):
    """Self-attention and MLP, both modulated by time and text (Peebles & Xie 2023)."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(DIM, elementwise_affine=False)
        self.qkv = nn.Linear(DIM, DIM * 3, bias=False)
        self.out = nn.Linear(DIM, DIM)
        self.mlp_norm = nn.LayerNorm(DIM, elementwise_affine=False)
        self.mlp = nn.Sequential(
            nn.Linear(DIM, DIM * EXPANSION),
            nn.GELU(approximate="tanh"),
            nn.Linear(DIM * EXPANSION, DIM),
        )
        self.modulate = nn.Linear(DIM, DIM * 6)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, 64, D) -> the same, and the attention's keys and values (B, H, 64, D / H)."""
        parts = self.modulate(condition).unsqueeze(1).chunk(6, -1)
        hidden = self.attention_norm(x) * (1 + parts[0]) + parts[1]
        qkv = self.qkv(hidden).reshape(*x.shape[:2], 3, HEADS, DIM // HEADS)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        x = x + parts[2] * self.out(mixed.transpose(1, 2).reshape(x.shape))
        hidden = self.mlp_norm(x) * (1 + parts[3]) + parts[4]
        return x + parts[5] * self.mlp(hidden), key, value


class ImageBranch(nn.Module):
    """Predicts the flow's velocity, noise - picture."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = nn.Conv2d(3, DIM, PATCH, stride=PATCH)
        self.places = nn.Parameter(torch.randn(TOKENS, DIM) * 0.02)
        self.time = nn.Sequential(nn.Linear(256, DIM), nn.SiLU(), nn.Linear(DIM, DIM))
        self.text = nn.Linear(CLMP_DIM, DIM)
        self.layers = nn.ModuleList([BranchLayer() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(DIM)
        self.exit = nn.Linear(DIM, 3 * PATCH * PATCH)
        nn.init.zeros_(self.exit.weight)
        nn.init.zeros_(self.exit.bias)

    def forward(
        self, pictures: Tensor, text: Tensor, time: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the velocity and the keys and values of the decoder layers.

        Args:
            pictures: (B, 3, 64, 64) in -1 … 1 at time 0, noise at time 1.
            text: (B, 512) embedding of a caption; zeros for none.
            time: (B,).

        Returns:
            (B, 3, 64, 64), and twice (B, 3, 4, 64, 64): layer, head, patch, width. Each key and
            value has unit mean square, so that it suits the music's.
        """
        x = self.entry(pictures).flatten(2).transpose(1, 2) + self.places
        scale = CLMP_DIM**0.5  # unit vectors have tiny components
        condition = functional.silu(self.time(time_features(time)) + self.text(text * scale))
        keys, values = [], []
        for layer in self.layers:
            x, key, value = layer(x, condition)
            keys.append(unit_rms(key))
            values.append(unit_rms(value))
        velocity = _joined(self.exit(self.norm(x)))
        last = slice(-DECODER_LAYERS, None)
        return velocity, torch.stack(keys[last], 1), torch.stack(values[last], 1)


class ImageBranchStep(nn.Module):
    """One Euler step of the flow, in either direction, with keys and values."""

    def __init__(self, branch: ImageBranch) -> None:
        super().__init__()
        self.branch = branch

    def forward(
        self, picture: Tensor, text: Tensor, time: Tensor, next_time: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the picture at ``next_time``, keys and values; the times have one element."""
        velocity, keys, values = self.branch(picture, text, time.expand(picture.shape[0]))
        return picture + (next_time - time) * velocity, keys, values


def keys_values(branch: ImageBranch, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Invert pictures without a caption; return what the synapse takes.

    Args:
        branch: Trained.
        pictures: (B, 3, 128, 128) in 0 … 1.

    Returns:
        Keys and values, each (B, 3, 4, 64, 64).
    """
    step, times = ImageBranchStep(branch), inversion_times()
    x = branch_pixels(pictures)
    text = torch.zeros(len(pictures), CLMP_DIM, device=pictures.device)
    keys = values = x
    for now, then in pairwise(times):
        pair = torch.tensor([[now], [then]], device=x.device)
        x, keys, values = step(x, text, pair[0], pair[1])
    return keys, values


def branch_pixels(pictures: Tensor) -> Tensor:
    """(B, 3, 128, 128) in 0 … 1 -> (B, 3, 64, 64) in -1 … 1."""
    return functional.avg_pool2d(pictures, 2) * 2.0 - 1.0


def _joined(patches: Tensor) -> Tensor:
    """(B, 64, 3 * 8 * 8), row by row -> (B, 3, 64, 64); TensorRT has no ``fold``."""
    count = SIDE // PATCH
    cells = patches.reshape(-1, count, count, 3, PATCH, PATCH)
    return cells.permute(0, 3, 1, 4, 2, 5).reshape(-1, 3, SIDE, SIDE)


def unit_rms(x: Tensor) -> Tensor:
    """Scale the last axis to a mean square of 1."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)
