"""Sizes of the published latent diffusion models (AudioLDM, MG2): networks and mel front end.

Standard library only, so that an importer can recognise a checkpoint and a runtime can read a pack
without the networks. Field names are those of the LDM code base (Rombach et al. 2022) where it has
one; defaults are MG2's, which are AudioLDM-M's but for the width of the condition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

NORM_GROUPS = 32
"""Of every group norm; each width must be a multiple of it."""


@dataclass(frozen=True, slots=True)
class AutoencoderConfig:
    """The VAE between log-mel (B, 1, T, M) and latents (B, C, F, W)."""

    ch: int = 128
    """Width at full resolution."""
    ch_mult: tuple[int, ...] = (1, 2, 4)
    """Width of each resolution over ``ch``; between two of them both axes are halved."""
    num_res_blocks: int = 2
    """Per resolution of the encoder; the decoder has one more."""
    z_channels: int = 8
    embed_dim: int = 8
    """Latent channels that the diffusion sees."""
    in_channels: int = 1
    out_ch: int = 1

    def __post_init__(self) -> None:
        _check_widths("ch", self.ch, self.ch_mult)
        _check_positive(
            num_res_blocks=self.num_res_blocks, z_channels=self.z_channels,
            embed_dim=self.embed_dim, in_channels=self.in_channels, out_ch=self.out_ch,
        )  # fmt: skip

    @property
    def stride(self) -> int:
        """Mel frames per latent frame, and mel bins per latent bin."""
        return int(2 ** (len(self.ch_mult) - 1))

    @property
    def decoder_reach(self) -> int:
        """Latent frames to either side that the decoder's convolutions see."""
        mel_frames = 1 + 5 * self.stride  # conv_out; conv_in and the middle's four
        per_level = 2 * (self.num_res_blocks + 1)
        for level in range(len(self.ch_mult)):
            upsampling = 1 if level else 0  # convolves at the resolution below
            mel_frames += per_level * 2**level + upsampling * 2 ** max(level - 1, 0)
        return math.ceil(mel_frames / self.stride)


@dataclass(frozen=True, slots=True)
class UNetConfig:
    """The noise predictor over latents (B, C, F, W)."""

    model_channels: int = 192
    """Width at full resolution, and of the time's sinusoid."""
    condition_dim: int = 1024
    """Of y: 512 for AudioLDM's text or audio embedding, 1024 with MG2's melody beside it."""
    num_head_channels: int = 32
    """Width of an attention head."""
    channel_mult: tuple[int, ...] = (1, 2, 3, 5)
    num_res_blocks: int = 2
    attention_resolutions: tuple[int, ...] = (8, 4, 2)
    """Downsampling factors at which a transformer follows each residual block."""
    transformer_depth: int = 1
    in_channels: int = 8
    out_channels: int = 8

    def __post_init__(self) -> None:
        _check_widths("model_channels", self.model_channels, self.channel_mult)
        _check_positive(
            condition_dim=self.condition_dim, num_head_channels=self.num_head_channels,
            num_res_blocks=self.num_res_blocks, transformer_depth=self.transformer_depth,
            in_channels=self.in_channels, out_channels=self.out_channels,
        )  # fmt: skip

    @property
    def time_dim(self) -> int:
        """Width of the time embedding, and of the projected condition beside it."""
        return 4 * self.model_channels

    @property
    def stride(self) -> int:
        """Both axes of the latents must be multiples of this."""
        return int(2 ** (len(self.channel_mult) - 1))

    def heads(self, channels: int) -> int:
        """Attention heads at a width; one where it is narrower than a head."""
        return max(1, channels // self.num_head_channels)


@dataclass(frozen=True, slots=True)
class HifiGanConfig:
    """The vocoder from log-mel (B, M, T) to samples (HiFi-GAN, Kong et al. 2020)."""

    num_mels: int = 64
    upsample_initial_channel: int = 1024
    """Halved by each upsampling."""
    upsample_rates: tuple[int, ...] = (5, 4, 2, 2, 2)
    upsample_kernel_sizes: tuple[int, ...] = (16, 16, 8, 4, 4)
    resblock_kernel_sizes: tuple[int, ...] = (3, 7, 11)
    resblock_dilation_sizes: tuple[tuple[int, ...], ...] = ((1, 3, 5), (1, 3, 5), (1, 3, 5))
    sampling_rate: int = 16000

    def __post_init__(self) -> None:
        for rates, kernels in (
            (self.upsample_rates, self.upsample_kernel_sizes),
            (self.resblock_kernel_sizes, self.resblock_dilation_sizes),
        ):
            if not rates or len(rates) != len(kernels):
                raise ValueError(f"{rates} and {kernels} must be of one length above 0")
        if any(kernel < rate for rate, kernel in self._upsamplings):
            raise ValueError(
                f"an upsampling kernel must be at least as long as its rate, got "
                f"{self.upsample_kernel_sizes} for {self.upsample_rates}"
            )
        if self.upsample_initial_channel % 2 ** len(self.upsample_rates):
            raise ValueError(
                f"upsample_initial_channel {self.upsample_initial_channel} can't be halved "
                f"{len(self.upsample_rates)} times"
            )

    @property
    def _upsamplings(self) -> tuple[tuple[int, int], ...]:
        return tuple(zip(self.upsample_rates, self.upsample_kernel_sizes, strict=True))

    @property
    def hop_length(self) -> int:
        """Samples per mel frame."""
        return math.prod(self.upsample_rates)

    def samples(self, frames: int) -> int:
        """Length of the output; the published sizes give 160 per frame and 32 more."""
        length = frames
        for rate, kernel in self._upsamplings:
            length = (length - 1) * rate + kernel - 2 * ((kernel - rate) // 2)
        return length


@dataclass(frozen=True, slots=True)
class LdmMelConfig:
    """The mel front end of VAE and vocoder: natural logarithm of Slaney-scaled magnitude."""

    framing: Literal["mg2", "audioldm"] = "mg2"
    """``mg2``: frame t covers hop t, as in HiFi-GAN; ``audioldm``: centred on its first sample."""
    sample_rate: int = 16000
    n_fft: int = 1024
    hop_length: int = 160
    n_mels: int = 64
    fmin: float = 0.0
    fmax: float = 8000.0
    mel_floor: float = 1e-5
    """Mel magnitudes are clipped to this before the logarithm."""

    @property
    def padding(self) -> int:
        """Samples mirrored at either end before framing."""
        if self.framing == "mg2":
            return (self.n_fft - self.hop_length) // 2
        return self.n_fft // 2


def _check_widths(name: str, width: int, multipliers: tuple[int, ...]) -> None:
    if not multipliers or any(m < 1 or width < 1 or width * m % NORM_GROUPS for m in multipliers):
        raise ValueError(
            f"{name} {width} times {multipliers}: each must be a positive multiple of {NORM_GROUPS}"
        )


def _check_positive(**sizes: int) -> None:
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, got {size}")


UNETS: dict[str, UNetConfig] = {
    "audioldm-s": UNetConfig(model_channels=128, condition_dim=512),
    "audioldm-m": UNetConfig(model_channels=192, condition_dim=512),
    "audioldm-l": UNetConfig(model_channels=256, condition_dim=512, num_head_channels=64),
    "mg2": UNetConfig(),
}
"""Published models by name; all share one size of VAE and vocoder, the defaults."""
