"""The flow-matching denoiser and its conditioner.

A transformer over latent frames with rotary positions. Attention reaches 48 frames (4.5 s) to
either side, so a clip may be longer than those of training without meeting an unknown distance.
The first half of its layers is joined to the second by long skips; the second half also attends
to the text. Time and c, which is MLP([q, r]) plus the names read from q, modulate every layer
through one shared projection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import (
    ConvBlock,
    CrossAttention,
    SelfAttention,
    additive_mask,
    rotary,
)
from descant.models.nets.clmp import CLMP_DIM, GROUPS, NAMED_GROUPS, Attributes
from descant.models.nets.vae import LATENT_CHANNELS
from descant.models.theory.control import CONTROL_CHANNELS

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


class Conditioner(nn.Module):
    """Everything about the request that stays the same over the solver's steps.

    Beside the query itself, the genre, mood and lead that CLMP's classifier reads from it are
    given by name: a network learns 41 timbres from 41 vectors sooner than from directions in 512
    dimensions. The classifier is CLMP's and is not trained here.
    """

    def __init__(self, config: DenoiserConfig | None = None) -> None:
        super().__init__()
        config = config or DenoiserConfig()
        dim = config.dim
        self.no_query = nn.Parameter(torch.zeros(CLMP_DIM))
        self.no_reference = nn.Parameter(torch.zeros(CLMP_DIM))
        self.mix = nn.Sequential(
            nn.Linear(CLMP_DIM * 2, dim * 2), nn.SiLU(), nn.Linear(dim * 2, dim)
        )
        self.attributes = Attributes().requires_grad_(False)
        self.names = nn.Linear(sum(GROUPS[:NAMED_GROUPS]), dim, bias=False)
        nn.init.normal_(self.names.weight, std=0.3)
        self.context = nn.Linear(config.text_dim, dim)
        self.control = nn.Conv1d(CONTROL_CHANNELS, dim, TIME_STRIDE, stride=TIME_STRIDE)
        self.control_body = nn.Sequential(ConvBlock(dim), ConvBlock(dim))

    def forward(
        self,
        query: Tensor,
        query_present: Tensor,
        reference: Tensor,
        reference_present: Tensor,
        hidden: Tensor,
        mask: Tensor,
        control: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return condition (B, D), context (B, S, D) and control latents (B, D, F).

        Args:
            query: (B, 512) what is asked, in CLMP space, unit length.
            query_present: (B, 1) 1 or 0.
            reference: (B, 512) embedding of the melody.
            reference_present: (B, 1) 1 or 0.
            hidden: (B, S, 256) token features.
            mask: (B, S) 1 for real tokens.
            control: (B, 126, 8F) control track.
        """
        named = self.names(self.attributes.named(query)) * query_present
        scale = math.sqrt(CLMP_DIM)  # unit vectors have tiny components
        query = _present(query * scale, query_present, self.no_query)
        reference = _present(reference * scale, reference_present, self.no_reference)
        condition = self.mix(torch.cat([query, reference], 1)) + named
        context = self.context(hidden * mask.unsqueeze(-1))
        return condition, context, self.control_body(self.control(control))


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
        self.text = CrossAttention(dim, config.heads) if second_half else None

    def forward(
        self,
        x: Tensor,
        skip: Tensor | None,
        shared: Tensor,
        table: tuple[Tensor, Tensor],
        context: Tensor,
        mask: Tensor,
        band: Tensor,
    ) -> Tensor:
        """(B, F, D) -> (B, F, D); ``shared`` (B, 6, D) is the modulation of all layers."""
        scales = (shared + self.modulation).unsqueeze(2).unbind(1)  # six times (B, 1, D)
        if self.skip is not None and skip is not None:
            x = self.skip(torch.cat([x, skip], -1))
        hidden = self.attention_norm(x) * (1 + scales[0]) + scales[1]
        x = x + (1 + scales[2]) * self.attention(hidden, table, band)
        if self.text is not None and self.text_norm is not None:
            x = x + self.text(self.text_norm(x), context, mask)
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
    ) -> Tensor:
        """Return the velocity (B, 96, F).

        Args:
            latents: (B, 96, F) ``(1 - time) * data + time * noise``.
            time: (B,) 1 = noise … 0 = data.
            condition: (B, D) from the conditioner.
            context: (B, S, D) text features.
            mask: (B, S) 1 for real tokens.
            control_latents: (B, D, F) the control track.
        """
        x = (self.entry(latents) + control_latents).transpose(1, 2)  # (B, F, D)
        table = rotary(x.shape[1], self.head_dim, x)
        shared = self.modulate(self.time(time_features(time)) + condition)
        shared = shared.reshape(x.shape[0], 6, -1)
        bias = additive_mask(mask, x.shape[1])
        band = local_band(x)
        skips: list[Tensor] = []
        for layer in self.first:
            x = layer(x, None, shared, table, context, bias, band)
            skips.append(x)
        for layer in self.second:
            x = layer(x, skips.pop(), shared, table, context, bias, band)
        return self.out(self.norm(x)).transpose(1, 2)


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
    ) -> Tensor:
        """Return the latents (B, 96, F) at ``next_time``.

        The conditions have 2B rows, conditional ones first; ``time``, ``next_time`` and
        ``guidance_scale`` have one element.
        """
        both = torch.cat([latents, latents], 0)
        times = time.expand(both.shape[0])
        velocity = self.denoiser(both, times, condition, context, mask, control_latents)
        clips = latents.shape[0]
        conditional, unconditional = velocity[:clips], velocity[clips:]
        guided = unconditional + guidance_scale * (conditional - unconditional)
        return latents + (next_time - time) * guided


def local_band(x: Tensor) -> Tensor:
    """Return the (1, 1, F, F) bias that keeps attention within ``REACH`` frames of (B, F, D)."""
    positions = torch.arange(x.shape[1], device=x.device)
    far = (positions[:, None] - positions[None]).abs() > REACH
    return (far.to(x.dtype) * -1e4)[None, None]


def _present(value: Tensor, present: Tensor, absent: Tensor) -> Tensor:
    """Choose between (B, D) values and the learned (D,) vector for none; unlike lerp, any dtype."""
    return value * present + absent * (1.0 - present)


def time_features(time: Tensor) -> Tensor:
    """(B,) in 0 … 1 -> (B, 256) sines and cosines."""
    rates = torch.exp(torch.arange(128, device=time.device) * (-math.log(10000.0) / 128))
    angles = time[:, None] * 1000.0 * rates[None]
    return torch.cat([angles.cos(), angles.sin()], 1)


def flow_loss(prediction: Tensor, data: Tensor, noise: Tensor) -> Tensor:
    """Conditional flow matching (MusFlow, eq. 3; Lipman et al. 2022): velocity noise - data."""
    return functional.mse_loss(prediction, noise - data)
