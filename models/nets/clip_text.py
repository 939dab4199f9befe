"""CLIP's text tower (Radford et al. 2021, § 2.4): a causal transformer over tokens.

Parameter names are those of the ``transformers`` library without their common prefix, under which
Stable Diffusion is published.
"""

from __future__ import annotations

from torch import Tensor, nn

from descant.models.nets.clip_layer import ClipLayer, ClipLayerConfig
from descant.models.nets.ldm.blocks import LayerNorm
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


class ClipText(nn.Module):
    """Tokens -> the states that a picture's UNet attends to."""

    def __init__(self, config: ClipTextConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or ClipTextConfig()
        layer = ClipLayerConfig(
            config.width, config.heads, config.mlp_width, config.activation, causal=True
        )
        self.embeddings = _Embeddings(config)
        self.encoder = nn.ModuleDict(
            {"layers": nn.ModuleList(ClipLayer(layer) for _ in range(config.layers))}
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
