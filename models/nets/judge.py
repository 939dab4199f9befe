"""The judge: a small convolutional classifier of log-mel spectrograms."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.judge_spec import EMBEDDING_DIM, HEADS

WIDTHS = (32, 64, 96, 128)
FRAME_WIDTH = 192
"""Channels of a frame, when the frequency axis has been folded into them."""
DILATIONS = (1, 2, 4, 8)
"""Of the frames' convolutions: the last sees 9 s, enough for a slow tempo and a cadence."""
BANDS = 128
MEL_CENTRE, MEL_SPREAD = -0.5, 2.2


class _Residual(nn.Module):
    """Two 3x3 convolutions beside the identity (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H, W)."""
        return functional.relu(x + self.body(x))


class _FrameBlock(nn.Module):
    """Depthwise dilated convolution over time and two pointwise ones, beside the identity."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(
                channels, channels, 7, padding=3 * dilation, dilation=dilation,
                groups=channels, bias=False,
            ),
            nn.BatchNorm1d(channels),
            nn.Conv1d(channels, channels * 3 // 2, 1),
            nn.ReLU(),
            nn.Conv1d(channels * 3 // 2, channels, 1),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T) -> (B, C, T)."""
        return x + self.body(x)


class Judge(nn.Module):
    """Convolutions over time and frequency, then over time, then statistics of the frames."""

    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = [_down(1, WIDTHS[0], (2, 2))]
        for i, wide in enumerate(WIDTHS[1:]):
            stride = (2, 1) if i == len(WIDTHS) - 2 else (2, 2)
            stages += [_down(WIDTHS[i], wide, stride), _Residual(wide)]
        self.picture = nn.Sequential(*stages)
        rows = BANDS >> len(WIDTHS)
        self.fold = nn.Conv1d(WIDTHS[-1] * rows, FRAME_WIDTH, 1)
        self.frames = nn.Sequential(*[_FrameBlock(FRAME_WIDTH, d) for d in DILATIONS])
        self.weight = nn.Conv1d(FRAME_WIDTH, 1, 1)
        self.embed = nn.Sequential(
            nn.Linear(FRAME_WIDTH * 3, EMBEDDING_DIM), nn.LayerNorm(EMBEDDING_DIM), nn.GELU()
        )
        self.heads = nn.ModuleDict(
            {name: nn.Linear(EMBEDDING_DIM, len(classes)) for name, classes in HEADS.items()}
        )
        self.dropout = nn.Dropout(0.25)

    def features(self, mel: Tensor) -> Tensor:
        """(B, 128, T) natural-log mel, T at least 16 -> (B, 128), before the heads."""
        x = self.picture((mel.unsqueeze(1) - MEL_CENTRE) / MEL_SPREAD)
        x = self.frames(self.fold(x.flatten(1, 2)))
        share = self.weight(x).softmax(-1)
        mean = x.mean(-1)
        deviation = ((x - mean.unsqueeze(-1)).square().mean(-1) + 1e-5).sqrt()
        return self.embed(torch.cat([mean, deviation, (x * share).sum(-1)], 1))

    def forward(self, mel: Tensor) -> tuple[Tensor, ...]:
        """Return the (B, 128) features and the (B, classes) logits of each of ``HEADS``."""
        features = self.features(mel)
        seen = self.dropout(features)
        return features, *(self.heads[name](seen) for name in HEADS)


def _down(narrow: int, wide: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(narrow, wide, 3, stride, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU()
    )
