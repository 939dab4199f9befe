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


class Conv(nn.Conv1d):
    """Convolution over (B, C, N), or over (B, C, 1, N) as graphs have it."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, dilation: int = 1) -> None:
        padding = dilation * (kernel - 1) // 2  # keeps the length
        super().__init__(in_channels, out_channels, kernel, padding=padding, dilation=dilation)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, N) -> (B, C', N)."""
        if x.dim() == 3:
            return super().forward(x)
        weight, padding, dilation = self.weight[:, :, None], self.padding[0], self.dilation[0]
        return functional.conv2d(x, weight, self.bias, 1, (0, int(padding)), (1, dilation))


class Upsampling(nn.ConvTranspose1d):
    """Transposed convolution over (B, C, N), or over (B, C, 1, N) as graphs have it."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """(B, C, N) -> (B, C', rate * N), a little longer where kernel and rate don't match."""
        if x.dim() == 3:
            return super().forward(x, output_size)
        stride, padding = (1, self.stride[0]), (0, int(self.padding[0]))
        return functional.conv_transpose2d(x, self.weight[:, :, None], self.bias, stride, padding)


class ResBlock(nn.Module):
    """Pairs of a dilated and a plain convolution, each pair added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(Conv(channels, channels, kernel, d) for d in dilations)
        self.convs2 = nn.ModuleList(Conv(channels, channels, kernel) for _ in dilations)

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
        self.conv_pre = Conv(config.num_mels, width, 7)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            padding = (kernel - rate) // 2
            self.ups.append(Upsampling(width, width // 2, kernel, rate, padding))
            width //= 2
            for size, dilations in zip(
                config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
            ):
                self.resblocks.append(ResBlock(width, size, dilations))
        self.conv_post = Conv(width, 1, 7)

    def forward(self, mel: Tensor) -> Tensor:
        """Return samples in -1 … 1, (B, 160T + 32) with the published sizes.

        Args:
            mel: (B, M, T) natural-log mel.

        Raises:
            ShapeError: ``mel`` has another shape.
        """
        check_shape("mel", mel, "B", self.config.num_mels, "T")
        parallel = len(self.config.resblock_kernel_sizes)
        # ONNX Runtime's fast kernels for a CPU take two axes: 10 to 25 % less time.
        x = self.conv_pre(mel[:, :, None] if torch.compiler.is_exporting() else mel)
        for index, up in enumerate(self.ups):
            x = up(functional.leaky_relu(x, SLOPE))
            first, *others = self.resblocks[index * parallel : (index + 1) * parallel]
            total = first(x)
            for block in others:
                total = total + block(x)
            x = total / parallel
        return torch.tanh(self.conv_post(functional.leaky_relu(x, LAST_SLOPE))).flatten(1)
