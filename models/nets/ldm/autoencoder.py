"""AutoencoderKL: the VAE between log-mel spectrograms and latents (Rombach et al. 2022, § 3.1).

Parameter names are the official ones, so a checkpoint's ``first_stage_model.`` part fits as it is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.ldm_spec import AutoencoderConfig
from descant.models.nets.ldm.blocks import (
    GroupNorm,
    Upsample,
    conv1,
    conv3,
    to_tokens,
)
from descant.models.nets.ldm.shapes import check_shape

EPS = 1e-6
"""Of every group norm of the VAE."""


class Posterior(NamedTuple):
    """A diagonal Gaussian over latents; both are (B, C, F, W)."""

    mean: Tensor
    log_variance: Tensor

    @classmethod
    def of(cls, moments: Tensor) -> Posterior:
        """Split (B, 2C, F, W) moments; the log-variance is clamped to -30 … 20."""
        mean, log_variance = moments.chunk(2, 1)
        return cls(mean, log_variance.clamp(-30.0, 20.0))

    @property
    def std(self) -> Tensor:
        """(B, C, F, W) standard deviation."""
        return torch.exp(0.5 * self.log_variance)

    def sample(self, noise: Tensor) -> Tensor:
        """Return the latents for (B, C, F, W) standard normal noise."""
        return self.mean + self.std * noise

    def kl(self) -> Tensor:
        """(B,) divergence from the standard normal in nats, a mean over latents and no sum."""
        terms = self.mean.square() + self.log_variance.exp() - 1.0 - self.log_variance
        return 0.5 * terms.flatten(1).mean(1)


class ResnetBlock(nn.Module):
    """Norm, swish, convolution, twice, beside a shortcut."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.norm1 = GroupNorm(in_channels, EPS)
        self.conv1 = conv3(in_channels, out_channels)
        self.norm2 = GroupNorm(out_channels, EPS)
        self.conv2 = conv3(out_channels, out_channels)
        same = in_channels == out_channels
        self.nin_shortcut = nn.Identity() if same else conv1(in_channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, W) -> (B, C', T, W)."""
        hidden = self.conv1(functional.silu(self.norm1(x)))
        hidden = self.conv2(functional.silu(self.norm2(hidden)))
        return self.nin_shortcut(x) + hidden


class AttnBlock(nn.Module):
    """Self-attention of one head over all positions.

    It runs by frequency bin: each asks all positions in turn. A runtime that keeps whole matrices
    of scores then holds F * (F * W) of them and not (F * W)^2, for a minute of audio 0.15 GB
    instead of 2.4.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = GroupNorm(channels, EPS)
        self.q = conv1(channels, channels)
        self.k = conv1(channels, channels)
        self.v = conv1(channels, channels)
        self.proj_out = conv1(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, F, W) -> (B, C, F, W)."""
        hidden = self.norm(x)
        key, value = (to_tokens(layer(hidden))[:, None] for layer in (self.k, self.v))
        bins = torch.split(self.q(hidden).permute(0, 3, 2, 1), 1, 1)  # W times (B, 1, F, C)
        mixed = [functional.scaled_dot_product_attention(query, key, value) for query in bins]
        return x + self.proj_out(torch.cat(mixed, 1).permute(0, 3, 2, 1))


class Middle(nn.Module):
    """Block, attention, block at the lowest resolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block_1 = ResnetBlock(channels, channels)
        self.attn_1 = AttnBlock(channels)
        self.block_2 = ResnetBlock(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, W) -> (B, C, T, W)."""
        return self.block_2(self.attn_1(self.block_1(x)))


class Downsample(nn.Module):
    """Halve both axes; the official padding is one row at the end and none at the beginning."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = conv3(channels, channels, stride=2, padding=0)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, 2T, 2W) -> (B, C, T, W)."""
        return self.conv(functional.pad(x, (0, 1, 0, 1)))


class Level(nn.Module):
    """The residual blocks of one resolution and the way to the next."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        blocks: int,
        downsample: Downsample | None = None,
        upsample: Upsample | None = None,
    ) -> None:
        super().__init__()
        widths = [in_channels] + [out_channels] * blocks
        self.block = nn.ModuleList(ResnetBlock(*pair) for pair in pairwise(widths))
        self.downsample = downsample
        self.upsample = upsample

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, W) -> (B, C', T', W')."""
        for block in self.block:
            x = block(x)
        if self.downsample is not None:
            return self.downsample(x)
        return x if self.upsample is None else self.upsample(x)


class Encoder(nn.Module):
    """Log-mel (B, 1, T, M) -> twice the latent channels (B, 2C, T / 4, M / 4)."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.ch * m for m in config.ch_mult]
        self.conv_in = conv3(config.in_channels, config.ch)
        self.down = nn.ModuleList()
        for before, after in pairwise([config.ch, *widths]):
            last = len(self.down) + 1 == len(widths)
            way = None if last else Downsample(after)
            self.down.append(Level(before, after, config.num_res_blocks, downsample=way))
        self.mid = Middle(widths[-1])
        self.norm_out = GroupNorm(widths[-1], EPS)
        self.conv_out = conv3(widths[-1], 2 * config.z_channels)

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        x = self.conv_in(mel)
        for level in self.down:
            x = level(x)
        return self.conv_out(functional.silu(self.norm_out(self.mid(x))))


class Decoder(nn.Module):
    """Latents (B, C, F, W) -> log-mel (B, 1, 4F, 4W); ``up.0`` is the highest resolution."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.ch * m for m in config.ch_mult]
        self.conv_in = conv3(config.z_channels, widths[-1])
        self.mid = Middle(widths[-1])
        self.up = nn.ModuleList()
        for index, width in enumerate(widths):
            before = widths[min(index + 1, len(widths) - 1)]
            way = Upsample(width) if index else None
            self.up.append(Level(before, width, config.num_res_blocks + 1, upsample=way))
        self.norm_out = GroupNorm(widths[0], EPS)
        self.conv_out = conv3(widths[0], config.out_ch)

    def forward(self, latents: Tensor) -> Tensor:
        """See the class."""
        x = self.mid(self.conv_in(latents))
        for level in reversed(self.up):
            x = level(x)
        return self.conv_out(functional.silu(self.norm_out(x)))


class AutoencoderKL(nn.Module):
    """Encoder and decoder with the pointwise layers between them and the latents."""

    def __init__(self, config: AutoencoderConfig | None = None) -> None:
        super().__init__()
        self.config = config or AutoencoderConfig()
        z, embed = self.config.z_channels, self.config.embed_dim
        self.encoder = Encoder(self.config)
        self.decoder = Decoder(self.config)
        self.quant_conv = conv1(2 * z, 2 * embed)
        self.post_quant_conv = conv1(embed, z)

    def encode_moments(self, mel: Tensor) -> Tensor:
        """Return (B, 16, T / 4, M / 4) moments for ``Posterior.of``; no scale factor is applied.

        Args:
            mel: (B, 1, T, M) natural-log mel, time first; T and M are multiples of 4.

        Raises:
            ShapeError: ``mel`` has another shape.
        """
        stride = self.config.stride
        check_shape(
            "mel", mel, "B", self.config.in_channels, f"{stride}*F", f"{stride}*W",
            hint=f"Fill the mel up to a multiple of {stride} frames.",
        )  # fmt: skip
        return self.quant_conv(self.encoder(mel))

    def decode(self, latents: Tensor) -> Tensor:
        """Return the natural-log mel (B, 1, 4F, 4W).

        Args:
            latents: (B, 8, F, W), already divided by the checkpoint's scale factor.

        Raises:
            ShapeError: ``latents`` has another shape.
        """
        check_shape("latents", latents, "B", self.config.embed_dim, "F", "W")
        return self.decoder(self.post_quant_conv(latents))
