"""Which published model a checkpoint holds, told by its keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from torch import Tensor

from descant.export.checkpoints.errors import UnknownCheckpointError
from descant.export.checkpoints.names import CONDITIONERS, UNET, averaged

Kind = Literal[
    "mg2", "audioldm-s", "audioldm-m", "audioldm-l", "audioldm", "clmp", "vae", "hifigan"
]
"""Whole models, ``audioldm`` being one of no published width, and files of one network."""

LATENT_DIFFUSION: tuple[Kind, ...] = ("mg2", "audioldm-s", "audioldm-m", "audioldm-l", "audioldm")
_AUDIOLDM: dict[int, Kind] = {128: "audioldm-s", 192: "audioldm-m", 256: "audioldm-l"}
_MG2_CONDITION = 1024
"""Query and retrieved melody beside each other; AudioLDM's query alone has 512 numbers."""


def recognise(tensors: Mapping[str, Tensor]) -> Kind:
    """Return the kind of checkpoint.

    Args:
        tensors: By name without wrappers.

    Raises:
        UnknownCheckpointError: It is of no known model.
    """
    tops = Counter(name.partition(".")[0] for name in tensors)
    if tops["model"] or tops["model_ema"]:
        return _latent_diffusion(tensors)
    if tops["text_branch"] and tops["audio_branch"]:
        if tops["melody_branch"] or tops["melody_projection"]:
            return "clmp"
        raise _unknown(tops, "This is a CLAP without a melody tower.")
    if tops["conv_pre"] and tops["ups"] and tops["resblocks"]:
        return "hifigan"
    if tops["encoder"] and tops["decoder"] and tops["quant_conv"]:
        return "vae"
    raise _unknown(tops, "")


def _latent_diffusion(tensors: Mapping[str, Tensor]) -> Kind:
    """Tell MG2 and the AudioLDM sizes from each other by the layer that takes the condition."""
    condition = _axis(tensors, "film_emb.weight", 1)
    if condition is None:  # that one may be what is missing
        towers = [
            any(name.startswith(p + "text_branch.") for name in tensors) for p in CONDITIONERS
        ]
        if not any(towers):
            tops = Counter(name.partition(".")[0] for name in tensors)
            raise _unknown(tops, "A latent diffusion model, but none for sound.")
        condition = _MG2_CONDITION if towers[0] else 0
    if condition == _MG2_CONDITION:
        return "mg2"
    return _AUDIOLDM.get(_axis(tensors, "time_embed.0.weight", 1) or 0, "audioldm")


def _axis(tensors: Mapping[str, Tensor], name: str, axis: int) -> int | None:
    """Return a size of a UNet parameter, from the moving average or the raw weights."""
    for stored in (averaged(name), UNET + name):
        if stored in tensors and tensors[stored].dim() > axis:
            return tensors[stored].shape[axis]
    return None


def _unknown(tops: Counter[str], remark: str) -> UnknownCheckpointError:
    found = ", ".join(f"{top} ({count})" for top, count in tops.most_common(8))
    return UnknownCheckpointError(
        f"none of the known models; its keys begin with {found}. {remark}".strip(),
        hint="descant imports MG2 and AudioLDM checkpoints, their VAE, HiFi-GAN and CLMP files, "
        "and AudioLDM folders of diffusers.",
    )
