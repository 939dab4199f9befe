"""Sizes of the published CLMP and CLAP towers (MG2, AudioLDM), without PyTorch."""

from __future__ import annotations

from dataclasses import dataclass

UNUSED_CLMP_KEYS = (
    r"^audio_branch\.(tscam_conv|head)\."  # tags sounds; the embedding does not pass it
    r"|^(text|audio|melody)_transform\."  # heads of a loss that was switched off
    r"|^logit_scale_[at]$"  # temperature of the training loss
    r"|^text_branch\.embeddings\.position_ids$"
    r"|(^|\.)mel_transform\."
)
"""Pattern of checkpoint keys that no embedding depends on."""
DERIVED_CLMP_KEYS = (
    r"\.(attn_mask|relative_position_index)$"
    r"|\.spectrogram_extractor\.stft\.conv_(real|imag)\.weight$"
    r"|\.logmel_extractor\.melW$"
)
"""Pattern of checkpoint keys whose values follow from the spec; the networks compute them."""


@dataclass(frozen=True, slots=True)
class RobertaSpec:
    """Text tower (Liu et al. 2019, arXiv 1907.11692)."""

    vocabulary: int = 50265
    width: int = 768
    layers: int = 12
    heads: int = 12
    mlp_width: int = 3072
    positions: int = 514
    pad_id: int = 1
    norm_epsilon: float = 1e-5

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of heads {self.heads}")

    @property
    def max_tokens(self) -> int:
        """Longest text; the first position after padding's is ``pad_id + 1``."""
        return self.positions - self.pad_id - 1


@dataclass(frozen=True, slots=True)
class HtsatSpec:
    """Audio tower: HTS-AT (Chen et al. 2022, arXiv 2202.00874), a Swin transformer over a mel."""

    embed_dim: int = 128
    depths: tuple[int, ...] = (2, 2, 12, 2)
    heads: tuple[int, ...] = (4, 8, 16, 32)
    patch: int = 4
    window: int = 8
    mlp_ratio: int = 4
    image: int = 256
    """Side of the square that the mel is folded into."""
    sample_rate: int = 48000
    samples: int = 480000
    n_fft: int = 1024
    hop_length: int = 480
    n_mels: int = 64
    fmin: float = 50.0
    fmax: float = 14000.0

    def __post_init__(self) -> None:
        if len(self.depths) != len(self.heads):
            raise ValueError(f"{len(self.depths)} depths, {len(self.heads)} numbers of heads")
        if self.image % self.n_mels or self.frames > self.image_frames:
            raise ValueError(f"{self.frames} frames of {self.n_mels} bands, image {self.image}")
        if any(side % self.window for side in self.sides):
            raise ValueError(f"sides {self.sides} are no multiples of the window {self.window}")
        if any(self.stage_width(i) % heads for i, heads in enumerate(self.heads)):
            raise ValueError(f"widths from {self.embed_dim} on don't divide into {self.heads}")

    def stage_width(self, stage: int) -> int:
        """Channels of a stage's tokens; each stage has twice those of the one before."""
        return self.embed_dim << stage

    @property
    def width(self) -> int:
        """Channels of the last stage."""
        return self.stage_width(len(self.depths) - 1)

    @property
    def sides(self) -> tuple[int, ...]:
        """Tokens along one side of the square, by stage."""
        return tuple((self.image // self.patch) >> stage for stage in range(len(self.depths)))

    @property
    def frames(self) -> int:
        """Mel frames of the sound; the transform is centred on its samples."""
        return self.samples // self.hop_length + 1

    @property
    def image_frames(self) -> int:
        """Mel frames that the square holds; the sound's are stretched to them."""
        return self.image * (self.image // self.n_mels)


@dataclass(frozen=True, slots=True)
class MelodyBagSpec:
    """Melody tower of MG2 (arXiv 2409.20196, section 3.1): the mean of token vectors."""

    vocabulary: int = 655
    token_width: int = 1024
    positions: int = 1000
    """Tokens that are heard; the mean is over this many, however short the melody."""
    width: int = 768
    norm_epsilon: float = 1e-5


@dataclass(frozen=True, slots=True)
class ClmpSpec:
    """Towers of one model; a tower that it lacks is ``None``."""

    text: RobertaSpec | None = RobertaSpec()
    audio: HtsatSpec | None = HtsatSpec()
    melody: MelodyBagSpec | None = MelodyBagSpec()
    dim: int = 512


HTSAT_TINY = HtsatSpec(embed_dim=96, depths=(2, 2, 6, 2))
MG2_CLMP = ClmpSpec()
AUDIOLDM_CLAP = ClmpSpec(audio=HTSAT_TINY, melody=None)
"""AudioLDM S and L."""
AUDIOLDM_M_CLAP = ClmpSpec(melody=None)
