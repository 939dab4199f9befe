"""HiFi-GAN's generator (Kong et al. 2020, § 2.2), the vocoder of AudioLDM and MG2.

Parameter names are the official ones with weight norm already folded, so a checkpoint's
``first_stage_model.vocoder.`` part fits as it is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import HifiGanConfig
from descant.models.nets.ldm.shapes import check_shape

SLOPE = 0.1
"""Of the leaky ReLUs."""
LAST_SLOPE = 0.01
"""Of the one before the last convolution, where the official code leaves the default."""


def _conv(in_channels: int, out_channels: int, kernel: int, dilation: int = 1) -> nn.Conv1d:
    """Return a convolution that keeps the length."""
    padding = dilation * (kernel - 1) // 2
    return nn.Conv1d(in_channels, out_channels, kernel, padding=padding, dilation=dilation)


class ResBlock(nn.Module):
    """Pairs of a dilated and a plain convolution, each pair added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(_conv(channels, channels, kernel, d) for d in dilations)
        self.convs2 = nn.ModuleList(_conv(channels, channels, kernel) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, N) -> (B, C, N)."""
        for first, second in zip(self.convs1, self.convs2, strict=True):
            hidden = first(functional.leaky_relu(x, SLOPE))
            x = x + second(functional.leaky_relu(hidden, SLOPE))
        return x


class HifiGan(nn.Module):
    """Transposed convolutions up to the sample rate, after each the mean of parallel blocks."""

    def __init__(self, config: HifiGanConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or HifiGanConfig()
        width = config.upsample_initial_channel
        self.conv_pre = _conv(config.num_mels, width, 7)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            padding = (kernel - rate) // 2
            self.ups.append(nn.ConvTranspose1d(width, width // 2, kernel, rate, padding))
            width //= 2
            for size, dilations in zip(
                config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
            ):
                self.resblocks.append(ResBlock(width, size, dilations))
        self.conv_post = _conv(width, 1, 7)

    def forward(self, mel: Tensor) -> Tensor:
        """Return samples in -1 … 1, (B, 160T + 32) with the published sizes.

        Args:
            mel: (B, M, T) natural-log mel.

        Raises:
            ShapeError: ``mel`` has another shape.
        """
        check_shape("mel", mel, "B", self.config.num_mels, "T")
        parallel = len(self.config.resblock_kernel_sizes)
        x = self.conv_pre(mel)
        for index, up in enumerate(self.ups):
            x = up(functional.leaky_relu(x, SLOPE))
            first, *others = self.resblocks[index * parallel : (index + 1) * parallel]
            total = first(x)
            for block in others:
                total = total + block(x)
            x = total / parallel
        return torch.tanh(self.conv_post(functional.leaky_relu(x, LAST_SLOPE)))[:, 0]
