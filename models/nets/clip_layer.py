"""The transformer layer that both of CLIP's towers are made of (Radford et al. 2021).

Parameter names are those of the ``transformers`` library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.ldm.blocks import LayerNorm, split_heads

Activation = Literal["quick_gelu", "gelu"]


@dataclass(frozen=True, slots=True)
class ClipLayerConfig:
    """Sizes of a layer."""

    width: int
    heads: int
    mlp_width: int
    activation: Activation
    causal: bool
    """Whether a place sees only itself and what is before it, as in the text tower."""


class _Attention(nn.Module):
    """Self-attention."""

    def __init__(self, config: ClipLayerConfig) -> None:
        super().__init__()
        self.heads, self.causal = config.heads, config.causal
        self.k_proj = nn.Linear(config.width, config.width)
        self.v_proj = nn.Linear(config.width, config.width)
        self.q_proj = nn.Linear(config.width, config.width)
        self.out_proj = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, D) -> (B, L, D)."""
        layers = (self.q_proj, self.k_proj, self.v_proj)
        query, key, value = (split_heads(layer(x), self.heads) for layer in layers)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


class _Mlp(nn.Module):
    """Two layers; OpenAI's weights take the quick GELU, x sigmoid(1.702 x), others the exact."""

    def __init__(self, config: ClipLayerConfig) -> None:
        super().__init__()
        self.quick = config.activation == "quick_gelu"
        self.fc1 = nn.Linear(config.width, config.mlp_width)
        self.fc2 = nn.Linear(config.mlp_width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, D) -> (B, L, D)."""
        hidden = self.fc1(x)
        if self.quick:
            return self.fc2(hidden * torch.sigmoid(1.702 * hidden))
        return self.fc2(functional.gelu(hidden))


class ClipLayer(nn.Module):
    """Attention and the two layers, each on a normed input and added."""

    def __init__(self, config: ClipLayerConfig) -> None:
        super().__init__()
        self.self_attn = _Attention(config)
        self.layer_norm1 = LayerNorm(config.width)
        self.mlp = _Mlp(config)
        self.layer_norm2 = LayerNorm(config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, D) -> (B, L, D)."""
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))
