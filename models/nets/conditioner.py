"""What the denoiser is told about a request, computed once before the solver's steps."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from descant.models.nets.blocks import ConvBlock
from descant.models.nets.clmp import CLMP_DIM, GROUPS, NAMED_GROUPS, Attributes
from descant.models.nets.denoiser import TIME_STRIDE, DenoiserConfig
from descant.models.theory.control import CONTROL_CHANNELS


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


def _present(value: Tensor, present: Tensor, absent: Tensor) -> Tensor:
    """Choose between (B, D) values and the learned (D,) vector for none; unlike lerp, any dtype."""
    return value * present + absent * (1.0 - present)
