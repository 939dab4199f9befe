"""Sizes of the networks in a checkpoint, read off its shapes, and the tensors that they need.

Where a width is a published one, the depth is the published one too: a checkpoint that lacks its
last layers must not pass for a shallower model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

import torch
from torch import Tensor, nn

from descant.export.checkpoints.names import Namer
from descant.models.clmp_spec import HTSAT_TINY, ClmpSpec, HtsatSpec, MelodyBagSpec, RobertaSpec
from descant.models.ldm_spec import UNETS, AutoencoderConfig, HifiGanConfig, UNetConfig
from descant.models.nets.clmp_official.clmp import OfficialClmp
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet

State = Mapping[str, Tensor]
Config = TypeVar("Config")
PartName = Literal["unet", "vae", "vocoder", "clmp_text", "clmp_audio", "clmp_melody"]
_TOWERS: dict[PartName, str] = {
    "clmp_text": "text_",
    "clmp_audio": "audio_",
    "clmp_melody": "melody_",
}
"""Each tower's parameters begin with its name; one network holds them all."""


@dataclass(frozen=True)
class Sizes:
    """What a checkpoint holds; a network that it lacks is ``None``.

    The number of RoBERTa's heads can't be seen in shapes: it is 12 at the published width and a
    guess of 64 channels per head at others.
    """

    unet: UNetConfig | None = None
    vae: AutoencoderConfig | None = None
    vocoder: HifiGanConfig | None = None
    clmp: ClmpSpec | None = None


class Shapes:
    """Shapes in a file, asked for by the official names of one network's parameters."""

    def __init__(self, tensors: State, namer: Namer) -> None:
        self._tensors, self._namer = tensors, namer

    def axis(self, name: str, axis: int, default: int) -> int:
        """Return a size, or the published one where the parameter is missing."""
        tensor = self._tensors.get(self._namer(name))
        return default if tensor is None or tensor.dim() <= axis else tensor.shape[axis]

    def count(self, pattern: str) -> int:
        """Return how many numbers the pattern's group takes in the names.

        Not the highest: one key of a file must not make a network of a billion layers.
        """
        prefix = re.escape(self._namer(""))
        found = (re.match(prefix + pattern, name) for name in self._tensors)
        return len({match[1] for match in found if match})


def unet_config(shapes: Shapes) -> UNetConfig:
    """Return the UNet's sizes."""
    published = UNETS["mg2"]
    width = shapes.axis("time_embed.0.weight", 1, published.model_channels)
    heads = {config.model_channels: config.num_head_channels for config in UNETS.values()}
    return UNetConfig(
        model_channels=width,
        condition_dim=shapes.axis("film_emb.weight", 1, published.condition_dim),
        num_head_channels=heads.get(width, published.num_head_channels),
        in_channels=shapes.axis("input_blocks.0.0.weight", 1, published.in_channels),
        out_channels=shapes.axis("out.2.weight", 0, published.out_channels),
    )


def vae_config(shapes: Shapes) -> AutoencoderConfig:
    """Return the VAE's sizes."""
    published = AutoencoderConfig()
    return AutoencoderConfig(
        ch=shapes.axis("encoder.conv_in.weight", 0, published.ch),
        z_channels=shapes.axis("decoder.conv_in.weight", 1, published.z_channels),
        embed_dim=shapes.axis("post_quant_conv.weight", 1, published.embed_dim),
        in_channels=shapes.axis("encoder.conv_in.weight", 1, published.in_channels),
        out_ch=shapes.axis("decoder.conv_out.weight", 0, published.out_ch),
    )


def vocoder_config(shapes: Shapes) -> HifiGanConfig:
    """Return the vocoder's sizes."""
    published = HifiGanConfig()
    mels = shapes.axis("conv_pre.weight", 1, published.num_mels)
    return HifiGanConfig(
        num_mels=shapes.axis("conv_pre.weight_v", 1, mels),
        upsample_initial_channel=shapes.axis(
            "conv_pre.bias", 0, published.upsample_initial_channel
        ),
    )


def clmp_spec(shapes: Shapes, audio: bool, melody: bool) -> ClmpSpec:
    """Return the sizes of the towers that a file should hold."""
    return ClmpSpec(
        text=_text(shapes),
        audio=_audio(shapes) if audio else None,
        melody=_melody(shapes) if melody else None,
        dim=shapes.axis("text_projection.2.weight", 0, ClmpSpec().dim),
    )


def _text(shapes: Shapes) -> RobertaSpec:
    base = RobertaSpec()
    words = "text_branch.embeddings.word_embeddings.weight"
    width = shapes.axis(words, 1, base.width)
    layers = shapes.count(r"text_branch\.encoder\.layer\.(\d+)\.")
    published = width == base.width
    return RobertaSpec(
        vocabulary=shapes.axis(words, 0, base.vocabulary),
        width=width,
        layers=base.layers if published else layers,
        heads=base.heads if published else _heads(width),
        mlp_width=shapes.axis(
            "text_branch.encoder.layer.0.intermediate.dense.weight", 0, base.mlp_width
        ),
        positions=shapes.axis(
            "text_branch.embeddings.position_embeddings.weight", 0, base.positions
        ),
    )


def _heads(width: int) -> int:
    """Guess the number of heads where no shape shows it."""
    return width // 64 if width % 64 == 0 else 1


def _audio(shapes: Shapes) -> HtsatSpec:
    width = shapes.axis("audio_branch.patch_embed.proj.weight", 0, HtsatSpec().embed_dim)
    for published in (HtsatSpec(), HTSAT_TINY):
        if width == published.embed_dim:
            return published
    stages = shapes.count(r"audio_branch\.layers\.(\d+)\.")
    table = "audio_branch.layers.{}.blocks.0.attn.relative_position_bias_table"
    return HtsatSpec(
        embed_dim=width,
        depths=tuple(
            shapes.count(rf"audio_branch\.layers\.{stage}\.blocks\.(\d+)\.")
            for stage in range(stages)
        ),
        heads=tuple(shapes.axis(table.format(stage), 1, 1) for stage in range(stages)),
    )


def _melody(shapes: Shapes) -> MelodyBagSpec:
    base = MelodyBagSpec()
    words = "melody_branch.melody_embbedding_weight.weight"
    return MelodyBagSpec(
        vocabulary=shapes.axis(words, 0, base.vocabulary),
        token_width=shapes.axis(words, 1, base.token_width),
        width=shapes.axis("melody_branch.fc1.weight", 0, base.width),
    )


def needed(sizes: Sizes) -> dict[PartName, State]:
    """Return each part's state dict without memory behind it: the shapes to be found.

    Args:
        sizes: Of the networks.

    Returns:
        Part -> official name -> tensor on the meta device.
    """
    parts: dict[PartName, State] = {}
    if sizes.unet is not None:
        parts["unet"] = _state(UNet, sizes.unet)
    if sizes.vae is not None:
        parts["vae"] = _state(AutoencoderKL, sizes.vae)
    if sizes.vocoder is not None:
        parts["vocoder"] = _state(HifiGan, sizes.vocoder)
    if sizes.clmp is not None:
        state = _state(OfficialClmp, sizes.clmp)
        for part, prefix in _TOWERS.items():
            own = {name: state[name] for name in state if name.startswith(prefix)}
            if own:
                parts[part] = own
    return parts


@lru_cache(maxsize=16)  # building a network takes a third of a second, even without memory
def _state(network: Callable[[Config], nn.Module], config: Config) -> State:
    with torch.device("meta"):
        return network(config).state_dict()
