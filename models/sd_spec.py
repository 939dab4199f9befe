"""Sizes of Stable Diffusion 1.x and 2.x, and the manifest of an image branch made of one.

Standard library only. Defaults are those of version 1.5. An image branch gives what the visual
synapse (MeLFusion, Chowdhury et al. 2024) blends into the music's attention: keys and values of the
picture UNet's self-attention, from the noise that the picture inverts to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from descant.models.ldm_spec import UNetConfig
from descant.models.spec import FileSpec, GraphSpec

BRANCH_FORMAT = 1
INVERSION_STEPS = 50
BRANCH_FAMILY: Literal["image_branch"] = "image_branch"


@dataclass(frozen=True, slots=True)
class PictureUNetConfig(UNetConfig):
    """The predictor over a picture's latents (B, C, H, W); transformers attend to a text."""

    model_channels: int = 320
    condition_dim: int = 768
    """Width of the text's states."""
    num_head_channels: int = 64
    """Where ``num_heads`` is None."""
    channel_mult: tuple[int, ...] = (1, 2, 4, 4)
    attention_resolutions: tuple[int, ...] = (4, 2, 1)
    in_channels: int = 4
    out_channels: int = 4
    num_heads: int | None = 8
    """At every width, as version 1 has; None in version 2."""

    def __post_init__(self) -> None:
        UNetConfig.__post_init__(self)  # a dataclass with slots has no super() before Python 3.14
        for multiplier in self.channel_mult:
            width = multiplier * self.model_channels
            if self.heads(width) < 1 or width % self.heads(width):
                raise ValueError(f"{width} channels can't be split into {self.heads(width)} heads")

    def heads(self, channels: int) -> int:
        """Attention heads at a width."""
        return self.num_heads or UNetConfig.heads(self, channels)

    @property
    def tapped(self) -> tuple[tuple[int, int, int], ...]:
        """(resolution factor, heads, width of a head) of each self-attention on the way up."""
        found = []
        for level, multiplier in reversed(list(enumerate(self.channel_mult))):
            if 2**level in self.attention_resolutions:
                heads = self.heads(multiplier * self.model_channels)
                shape = (2**level, heads, multiplier * self.model_channels // heads)
                found += [shape] * ((self.num_res_blocks + 1) * self.transformer_depth)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ClipTextConfig:
    """CLIP's text tower up to its last norm (Radford et al. 2021); 2.x takes OpenCLIP's."""

    vocabulary: int = 49408
    width: int = 768
    layers: int = 12
    """Version 2's folder holds 23 of 24: its states are those before the last layer."""
    heads: int = 12
    mlp_width: int = 3072
    positions: int = 77
    activation: Literal["quick_gelu", "gelu"] = "quick_gelu"

    def __post_init__(self) -> None:
        for name in ("vocabulary", "width", "layers", "heads", "mlp_width", "positions"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} can't be split into {self.heads} heads")


@dataclass(frozen=True, slots=True)
class InversionSpec:
    """How a picture's latents are turned into noise: DDIM backwards, without guidance."""

    prediction_type: Literal["epsilon", "v"]
    beta_schedule: Literal["scaled_linear", "linear"]
    beta_start: float
    beta_end: float
    training_steps: int
    steps_offset: int
    """Added to every timestep, where they are counted from the low end."""
    set_alpha_to_one: bool
    """Whether clean latents have no noise at all; else that of the training's first step."""
    timestep_spacing: Literal["leading", "trailing"]
    steps: int = INVERSION_STEPS
    evaluations: int = INVERSION_STEPS
    """How many of the steps are taken; keys and values are those of the last one taken."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What the graphs agree on."""

    side: int
    """Pixels of the square picture that the VAE takes."""
    latent_channels: int
    latent_side: int
    text_tokens: int
    text_width: int
    pad_token: int
    """After the end of a text."""
    layers: int
    """Self-attentions on the UNet's way up, which tell keys and values."""


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """What connects the branch's attention to a denoiser's."""

    pack: str
    """Id and version of the pack for which it was fitted."""
    layers: tuple[int, ...]
    """Of each of the denoiser's layers, the branch's layer that it listens to."""
    heads: int
    head_dim: int
    pictures: int
    """Number that it was fitted to."""
    explained: tuple[float, ...]
    """Per layer, share of the variance on pictures that were kept apart; at most 1."""


@dataclass(frozen=True, slots=True)
class ImageBranchSpec:
    """The content of an image branch's ``pack.json``."""

    format: int
    id: str
    name: str
    version: str
    licence: str
    family: Literal["image_branch"]
    picture: PictureSpec
    inversion: InversionSpec
    graphs: dict[str, GraphSpec]
    files: dict[str, FileSpec]
    adapter: AdapterSpec | None = None


def tap_names(layers: int) -> list[tuple[str, str]]:
    """Return the outputs of ``unet_step`` that hold each layer's keys and values."""
    return [(f"keys_{layer}", f"values_{layer}") for layer in range(layers)]
