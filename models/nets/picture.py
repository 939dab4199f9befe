"""The picture tower: what is seen, as a unit vector.

A ConvNeXt (Liu et al. 2022) of four stages, small enough for one CPU core, with the norm of the
other networks. It looks at one size of picture; nothing in it depends on the other rows.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import ChannelNorm

PICTURE_SIDE = 128
FEATURE_DIM = 512
DROP_PATH = 0.15
"""Share of residual branches left out per row in training, at the last block; none at the first."""


class PictureBlock(nn.Module):
    """ConvNeXt block for pictures: depthwise convolution, norm, two pointwise layers, residual."""

    def __init__(self, channels: int, drop: float, expansion: int = 3) -> None:
        super().__init__()
        self.drop = drop
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = ChannelNorm(channels, axes=2)
        self.expand = nn.Conv2d(channels, channels * expansion, 1)
        self.project = nn.Conv2d(channels * expansion, channels, 1)
        nn.init.normal_(self.project.weight, std=0.02)
        nn.init.zeros_(self.project.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H, W)."""
        hidden = self.expand(self.norm(self.depthwise(x)))
        branch = self.project(functional.gelu(hidden, approximate="tanh"))
        if self.training and self.drop > 0.0:
            kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.drop
            branch = branch * kept.to(branch.dtype) / (1.0 - self.drop)
        return x + branch


class PictureEncoder(nn.Module):
    """Convolutions over a picture, pooled over its places."""

    def __init__(
        self,
        dims: tuple[int, ...] = (64, 128, 256, 384),
        depths: tuple[int, ...] = (2, 3, 4, 2),
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, dims[0] // 2, 3, stride=2, padding=1),
            nn.GELU(approximate="tanh"),
            nn.Conv2d(dims[0] // 2, dims[0], 3, stride=2, padding=1),
        )
        drops = iter(torch.linspace(0.0, DROP_PATH, sum(depths)).tolist())
        stages: list[nn.Module] = []
        for i, (dim, depth) in enumerate(zip(dims, depths, strict=True)):
            if i:
                stages += [
                    ChannelNorm(dims[i - 1], axes=2),
                    nn.Conv2d(dims[i - 1], dim, 2, stride=2),
                ]
            stages += [PictureBlock(dim, next(drops)) for _ in range(depth)]
        self.stages = nn.Sequential(*stages)
        self.norm = ChannelNorm(dims[-1], axes=2)
        self.score = nn.Conv2d(dims[-1], 1, 1)
        self.project = nn.Linear(dims[-1] * 2, FEATURE_DIM)

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, 128, 128) sRGB in 0 ... 1 -> (B, 512) unit feature."""
        x = self.norm(self.stages(self.stem((picture - 0.5) * 4.0)))
        weight = self.score(x).flatten(2).softmax(-1)  # (B, 1, places)
        places = x.flatten(2)
        pooled = torch.cat([(places * weight).sum(-1), places.amax(-1)], 1)
        return functional.normalize(self.project(pooled), dim=-1)
