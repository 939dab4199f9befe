"""The flow-matching denoiser.

A transformer over latent frames with rotary positions. Attention reaches 48 frames (4.5 s) to
either side, so a clip may be longer than those of training without meeting an unknown distance.
The first half of its layers is joined to the second by long skips; the second half also attends
to text and picture, see ``nets.synapse``. Time and c, which is MLP([q, r]) plus the names read
from q, modulate every layer through one shared projection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import (
    SelfAttention,
    additive_mask,
    rotary,
)
from descant.models.nets.synapse import SynapseAttention
from descant.models.nets.vae import LATENT_CHANNELS

TIME_STRIDE = 8
REACH = 48
"""Latent frames that attention sees to either side."""


@dataclass(frozen=True, slots=True)
class DenoiserConfig:
    """Sizes of denoiser and conditioner."""

    dim: int = 256
    layers: int = 6
    heads: int = 4
    expansion: int = 3
    text_dim: int = 256


class DenoiserLayer(nn.Module):
    """Self-attention, optional text attention, MLP; each modulated."""

    def __init__(self, config: DenoiserConfig, second_half: bool) -> None:
        super().__init__()
        dim = config.dim
        self.attention_norm = nn.LayerNorm(dim, elementwise_affine=False)
        self.attention = SelfAttention(dim, config.heads)
        self.mlp_norm = nn.LayerNorm(dim, elementwise_affine=False)
        self.mlp = nn.Sequential(
            nn.Linear(dim, dim * config.expansion),
            nn.GELU(approximate="tanh"),
            nn.Linear(dim * config.expansion, dim),
        )
        self.modulation = nn.Parameter(torch.zeros(6, dim))
        self.skip = nn.Linear(dim * 2, dim) if second_half else None
        self.text_norm = nn.LayerNorm(dim) if second_half else None
        self.text = SynapseAttention(dim, config.heads) if second_half else None

    def forward(
        self,
        x: Tensor,
        skip: Tensor | None,
        shared: Tensor,
        table: tuple[Tensor, Tensor],
        context: Tensor,
        mask: Tensor,
        band: Tensor,
        image: tuple[Tensor, Tensor],
        strength: Tensor,
    ) -> Tensor:
        """(B, F, D) -> (B, F, D); ``shared`` (B, 6, D) is the modulation of all layers."""
        scales = (shared + self.modulation).unsqueeze(2).unbind(1)  # six times (B, 1, D)
        if self.skip is not None and skip is not None:
            x = self.skip(torch.cat([x, skip], -1))
        hidden = self.attention_norm(x) * (1 + scales[0]) + scales[1]
        x = x + (1 + scales[2]) * self.attention(hidden, table, band)
        if self.text is not None and self.text_norm is not None:
            x = x + self.text.blended(self.text_norm(x), context, mask, image, strength)
        hidden = self.mlp_norm(x) * (1 + scales[3]) + scales[4]
        return x + (1 + scales[5]) * self.mlp(hidden)


class Denoiser(nn.Module):
    """Predicts the flow's velocity, noise - data, from latents between the two."""

    def __init__(self, config: DenoiserConfig | None = None) -> None:
        super().__init__()
        config = config or DenoiserConfig()
        dim = config.dim
        self.head_dim = dim // config.heads
        self.entry = nn.Conv1d(LATENT_CHANNELS, dim, 3, padding=1)
        self.time = nn.Sequential(nn.Linear(256, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.modulate = nn.Sequential(nn.SiLU(), nn.Linear(dim, dim * 6))
        half = config.layers // 2
        self.first = nn.ModuleList([DenoiserLayer(config, False) for _ in range(half)])
        self.second = nn.ModuleList([DenoiserLayer(config, True) for _ in range(half)])
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, LATENT_CHANNELS)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(
        self,
        latents: Tensor,
        time: Tensor,
        condition: Tensor,
        context: Tensor,
        mask: Tensor,
        control_latents: Tensor,
        image_keys: Tensor,
        image_values: Tensor,
        image_strength: Tensor,
    ) -> Tensor:
        """Return the velocity (B, 96, F).

        Args:
            latents: (B, 96, F) ``(1 - time) * data + time * noise``.
            time: (B,) 1 = noise … 0 = data.
            condition: (B, D) from the conditioner.
            context: (B, S, D) text features.
            mask: (B, S) 1 for real tokens.
            control_latents: (B, D, F) the control track.
            image_keys: (B, 3, 4, S, 64) of the picture, per layer of the second half.
            image_values: The same.
            image_strength: (B,) factor of the synapse's weight; 0 without a picture.
        """
        x = (self.entry(latents) + control_latents).transpose(1, 2)  # (B, F, D)
        table = rotary(x.shape[1], self.head_dim, x)
        shared = self.modulate(self.time(time_features(time)) + condition)
        shared = shared.reshape(x.shape[0], 6, -1)
        bias = additive_mask(mask, x.shape[1])
        band = local_band(x)
        fixed = (shared, table, context, bias, band)
        skips: list[Tensor] = []
        for layer in self.first:
            x = layer(x, None, *fixed, (image_keys, image_values), image_strength)
            skips.append(x)
        for i, layer in enumerate(self.second):
            image = (image_keys[:, i], image_values[:, i])
            x = layer(x, skips.pop(), *fixed, image, image_strength)
        return self.out(self.norm(x)).transpose(1, 2)

    def synapse_weights(self) -> Tensor:
        """Return the synapse's a of each layer of the second half."""
        return torch.stack([layer.text.weight() for layer in self.second])  # type: ignore[union-attr, operator]


class DenoiserStep(nn.Module):
    """One solver step as one graph: both conditions, guidance and the Euler update."""

    def __init__(self, denoiser: Denoiser) -> None:
        super().__init__()
        self.denoiser = denoiser

    def forward(
        self,
        latents: Tensor,
        condition: Tensor,
        context: Tensor,
        mask: Tensor,
        control_latents: Tensor,
        time: Tensor,
        next_time: Tensor,
        guidance_scale: Tensor,
        image_keys: Tensor,
        image_values: Tensor,
        image_strength: Tensor,
    ) -> Tensor:
        """Return the latents (B, 96, F) at ``next_time``.

        The conditions have 2B rows, conditional ones first; ``time``, ``next_time`` and
        ``guidance_scale`` have one element.
        """
        both = torch.cat([latents, latents], 0)
        times = time.expand(both.shape[0])
        velocity = self.denoiser(
            both, times, condition, context, mask, control_latents,
            image_keys, image_values, image_strength,
        )  # fmt: skip
        clips = latents.shape[0]
        conditional, unconditional = velocity[:clips], velocity[clips:]
        guided = unconditional + guidance_scale * (conditional - unconditional)
        return latents + (next_time - time) * guided


def local_band(x: Tensor) -> Tensor:
    """Return the (1, 1, F, F) bias that keeps attention within ``REACH`` frames of (B, F, D)."""
    positions = torch.arange(x.shape[1], device=x.device)
    far = (positions[:, None] - positions[None]).abs() > REACH
    return (far.to(x.dtype) * -1e4)[None, None]


def time_features(time: Tensor) -> Tensor:
    """(B,) in 0 … 1 -> (B, 256) sines and cosines."""
    rates = torch.exp(torch.arange(128, device=time.device) * (-math.log(10000.0) / 128))
    angles = time[:, None] * 1000.0 * rates[None]
    return torch.cat([angles.cos(), angles.sin()], 1)


def flow_loss(prediction: Tensor, data: Tensor, noise: Tensor) -> Tensor:
    """Conditional flow matching (MusFlow, eq. 3; Lipman et al. 2022): velocity noise - data."""
    return functional.mse_loss(prediction, noise - data)
