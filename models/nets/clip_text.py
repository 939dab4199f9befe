"""CLIP's text tower (Radford et al. 2021, § 2.4): a causal transformer over tokens.

Parameter names are those of the ``transformers`` library without their common prefix, under which
Stable Diffusion is published.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.ldm.blocks import LayerNorm, split_heads
from descant.models.nets.ldm.shapes import check_shape
from descant.models.sd_spec import ClipTextConfig


class _Embeddings(nn.Module):
    """Sum of a token's and its place's vector."""

    def __init__(self, config: ClipTextConfig) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(config.vocabulary, config.width)
        self.position_embedding = nn.Embedding(config.positions, config.width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, L) -> (B, L, D)."""
        return self.token_embedding(tokens) + self.position_embedding.weight[: tokens.shape[1]]


class _Attention(nn.Module):
    """Self-attention in which a token sees itself and what is before it."""

    def __init__(self, config: ClipTextConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.k_proj = nn.Linear(config.width, config.width)
        self.v_proj = nn.Linear(config.width, config.width)
        self.q_proj = nn.Linear(config.width, config.width)
        self.out_proj = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, D) -> (B, L, D)."""
        layers = (self.q_proj, self.k_proj, self.v_proj)
        query, key, value = (split_heads(layer(x), self.heads) for layer in layers)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


class _Mlp(nn.Module):
    """Two layers; version 1 has the quick GELU, x sigmoid(1.702 x), version 2 the exact one."""

    def __init__(self, config: ClipTextConfig) -> None:
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


class _Layer(nn.Module):
    """Attention and the two layers, each on a normed input and added."""

    def __init__(self, config: ClipTextConfig) -> None:
        super().__init__()
        self.self_attn = _Attention(config)
        self.layer_norm1 = LayerNorm(config.width)
        self.mlp = _Mlp(config)
        self.layer_norm2 = LayerNorm(config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, D) -> (B, L, D)."""
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class ClipText(nn.Module):
    """Tokens -> the states that a picture's UNet attends to."""

    def __init__(self, config: ClipTextConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or ClipTextConfig()
        self.embeddings = _Embeddings(config)
        self.encoder = nn.ModuleDict(
            {"layers": nn.ModuleList(_Layer(config) for _ in range(config.layers))}
        )
        self.final_layer_norm = LayerNorm(config.width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return (B, L, D), the last layer's states after the last norm.

        Args:
            tokens: (B, L) ids, L as many as there are positions; what follows the end is not
                masked, as in the published pipelines.

        Raises:
            ShapeError: It has another shape.
        """
        check_shape("tokens", tokens, "B", self.config.positions)
        x = self.embeddings(tokens)
        for layer in self.encoder["layers"]:  # type: ignore[attr-defined]
            x = layer(x)
        return self.final_layer_norm(x)
