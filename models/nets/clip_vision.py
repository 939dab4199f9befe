"""CLIP's vision transformer with its projection (Radford et al. 2021, § 2.4).

Parameter names are those of the ``transformers`` library, its spelling of "pre-layer-norm"
included.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.clip_layer import Activation, ClipLayer, ClipLayerConfig
from descant.models.nets.ldm.blocks import LayerNorm
from descant.models.nets.ldm.shapes import check_shape


@dataclass(frozen=True, slots=True)
class ClipVisionConfig:
    """Sizes of the tower; defaults are those of ViT-B/32."""

    side: int = 224
    """Pixels of the square picture."""
    patch: int = 32
    width: int = 768
    layers: int = 12
    heads: int = 12
    mlp_width: int = 3072
    feature_width: int = 512
    activation: Activation = "quick_gelu"

    def __post_init__(self) -> None:
        for name in ("side", "patch", "width", "layers", "heads", "mlp_width", "feature_width"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} can't be split into {self.heads} heads")
        if self.side < self.patch:
            raise ValueError(f"a picture of {self.side} pixels has no patch of {self.patch}")

    @property
    def places(self) -> int:
        """Patches and the one place that stands for the whole."""
        return (self.side // self.patch) ** 2 + 1


class _Embeddings(nn.Module):
    """The whole's vector, then the patches', each with its place's."""

    def __init__(self, config: ClipVisionConfig) -> None:
        super().__init__()
        self.class_embedding = nn.Parameter(torch.zeros(config.width))
        self.patch_embedding = nn.Conv2d(
            3, config.width, config.patch, stride=config.patch, bias=False
        )
        self.position_embedding = nn.Embedding(config.places, config.width)

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, places, D)."""
        patches = self.patch_embedding(picture).flatten(2).transpose(1, 2)
        whole = self.class_embedding.expand(len(picture), 1, -1)
        return torch.cat([whole, patches], 1) + self.position_embedding.weight


class _Transformer(nn.Module):
    """Everything before the projection."""

    def __init__(self, config: ClipVisionConfig) -> None:
        super().__init__()
        layer = ClipLayerConfig(
            config.width, config.heads, config.mlp_width, config.activation, causal=False
        )
        self.embeddings = _Embeddings(config)
        self.pre_layrnorm = LayerNorm(config.width)
        self.encoder = nn.ModuleDict(
            {"layers": nn.ModuleList(ClipLayer(layer) for _ in range(config.layers))}
        )
        self.post_layernorm = LayerNorm(config.width)

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, D) of the place that stands for the whole."""
        x = self.pre_layrnorm(self.embeddings(picture))
        for layer in self.encoder["layers"]:  # type: ignore[attr-defined]
            x = layer(x)
        return self.post_layernorm(x[:, 0])


class ClipVision(nn.Module):
    """Picture -> feature; mean and spread of the pixels are weights like others."""

    def __init__(self, config: ClipVisionConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or ClipVisionConfig()
        self.vision_model = _Transformer(config)
        self.visual_projection = nn.Linear(config.width, config.feature_width, bias=False)
        self.mean = nn.Buffer(torch.zeros(3))
        self.std = nn.Buffer(torch.ones(3))

    def forward(self, picture: Tensor) -> Tensor:
        """Return the (B, W) unit feature.

        Args:
            picture: (B, 3, side, side) sRGB in 0 … 1.

        Raises:
            ShapeError: It has another shape.
        """
        check_shape("picture", picture, "B", 3, self.config.side, self.config.side)
        pixels = (picture - self.mean[:, None, None]) / self.std[:, None, None]
        feature = self.visual_projection(self.vision_model(pixels))
        return functional.normalize(feature, dim=-1)
