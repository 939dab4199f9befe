"""Which tensor of a file becomes which parameter, decided before anything is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor

from descant.export.checkpoints import names
from descant.export.checkpoints.errors import CheckpointError, CheckpointKeysError, Misshapen
from descant.export.checkpoints.layout import (
    PartName,
    Shapes,
    Sizes,
    clmp_spec,
    needed,
    unet_config,
    vae_config,
    vocoder_config,
)
from descant.export.checkpoints.names import Namer
from descant.export.checkpoints.recognise import LATENT_DIFFUSION, Kind
from descant.export.checkpoints.weight_norm import SPELLINGS

UNetWeights = Literal["ema", "raw"]
"""The moving average, which all published sampling uses, or the weights of the last step."""
Sources = tuple[str, ...]
"""One tensor of the file, or length and direction of a weight-normalised one."""


@dataclass(frozen=True)
class Plan:
    """A checkpoint whose keys and shapes fit."""

    kind: Kind
    sizes: Sizes
    parts: Mapping[PartName, Mapping[str, Sources]]
    """Part -> our name -> where the file has it."""
    scale_factor: float | None


@dataclass
class Findings:
    """What was matched so far and what did not fit."""

    tensors: Mapping[str, Tensor]
    known: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    misshapen: list[Misshapen] = field(default_factory=list)

    def match(self, wanted: Mapping[str, Tensor], namer: Namer) -> dict[str, Sources]:
        """Return the sources of a part's parameters, noting what is missing or misshapen."""
        return {name: self._source(namer(name), tensor) for name, tensor in wanted.items()}

    def _source(self, stored: str, wanted: Tensor) -> Sources:
        shape = tuple(wanted.shape)
        if stored not in self.tensors and stored.endswith(".weight"):
            for spelling in SPELLINGS:
                pair = tuple(stored.removesuffix("weight") + suffix for suffix in spelling)
                if any(name in self.tensors for name in pair):
                    self._check(pair[0], (shape[0],) + (1,) * (len(shape) - 1), wanted)
                    self._check(pair[1], shape, wanted)
                    return pair
        self._check(stored, shape, wanted)
        return (stored,)

    def _check(self, stored: str, shape: tuple[int, ...], wanted: Tensor) -> None:
        self.known.add(stored)
        if stored not in self.tensors:
            self.missing.append(stored)
            return
        found = self.tensors[stored]
        same_kind = found.is_floating_point() == wanted.is_floating_point()
        if tuple(found.shape) != shape or not same_kind or found.is_sparse or found.is_quantized:
            expected = f"{shape} {'real' if wanted.is_floating_point() else 'integer'}"
            fault = f"{tuple(found.shape)} {str(found.dtype).removeprefix('torch.')}"
            self.misshapen.append(Misshapen(stored, expected, fault))


def make_plan(
    kind: Kind,
    tensors: Mapping[str, Tensor],
    weights: UNetWeights = "ema",
    audio: bool = True,
    ignore: tuple[str, ...] = (),
) -> Plan:
    """Match every parameter of the kind's networks with a tensor.

    Args:
        kind: From ``recognise``.
        tensors: By name without wrappers; only shapes and ``scale_factor`` are looked at.
        weights: Which of the UNet's two sets to take.
        audio: Whether the audio tower should be there.
        ignore: Beginnings of names that may be there though nothing needs them.

    Raises:
        CheckpointKeysError: Names every missing, unexpected and misshapen tensor.
        CheckpointError: The shapes are of no network that can be built.
    """
    namers = _namers(kind, tensors, weights)
    try:
        sizes = _sizes(kind, tensors, namers, audio)
        wanted = needed(sizes)
    except (ValueError, RuntimeError, OverflowError) as exc:  # PyTorch's, of sizes beyond int64
        raise CheckpointError(f"its sizes make no {kind} model: {exc}") from exc
    findings = Findings(tensors)
    parts = {part: findings.match(state, namers[part]) for part, state in wanted.items()}
    scale_factor = None
    if kind in LATENT_DIFFUSION:
        scale_factor = _scale_factor(findings)
        # The set that was not chosen may be there, but no other name.
        findings.known.update(names.averaged(name) for name in wanted["unet"])
        findings.known.update(names.UNET + name for name in wanted["unet"])
    _refuse(kind, findings, weights, ignore)
    return Plan(kind, sizes, parts, scale_factor)


def _refuse(kind: Kind, findings: Findings, weights: UNetWeights, ignore: tuple[str, ...]) -> None:
    """Raise what the findings are, if they are any."""
    spare = [name for name in findings.tensors if name not in findings.known]
    unexpected = [
        name for name in spare if not names.ignorable(name) and not name.startswith(ignore)
    ]
    if findings.missing or unexpected or findings.misshapen:
        hint = ""
        averaged = any(name.startswith(names.AVERAGE) for name in findings.tensors)
        if kind in LATENT_DIFFUSION and weights == "ema" and not averaged:
            hint = 'Without a moving average, `weights="raw"` takes the UNet\'s last weights.'
        raise CheckpointKeysError(kind, findings.missing, unexpected, findings.misshapen, hint)


def _namers(
    kind: Kind, tensors: Mapping[str, Tensor], weights: UNetWeights
) -> dict[PartName, Namer]:
    """Return where a kind of file has each part."""
    if kind not in LATENT_DIFFUSION:
        vocoder = names.prefixed("vocoder." if kind == "vae" else "")
        return _every_part(names.prefixed(""), names.prefixed(""), vocoder, names.prefixed(""))
    mg2, audioldm = names.CONDITIONERS
    default = mg2 if kind == "mg2" else audioldm
    present = [p for p in names.CONDITIONERS if any(name.startswith(p) for name in tensors)]
    towers = names.prefixed(default if default in present or not present else present[0])
    return _every_part(
        names.averaged if weights == "ema" else names.prefixed(names.UNET),
        names.prefixed(names.FIRST_STAGE),
        names.prefixed(names.VOCODER),
        towers,
    )


def _every_part(unet: Namer, vae: Namer, vocoder: Namer, towers: Namer) -> dict[PartName, Namer]:
    return {
        "unet": unet,
        "vae": vae,
        "vocoder": vocoder,
        "clmp_text": towers,
        "clmp_audio": towers,
        "clmp_melody": towers,
    }


def _sizes(
    kind: Kind, tensors: Mapping[str, Tensor], namers: Mapping[PartName, Namer], audio: bool
) -> Sizes:
    """Return the sizes of the networks that a kind of file should hold."""
    whole = kind in LATENT_DIFFUSION
    unet, vae, vocoder, towers = (
        Shapes(tensors, namers[part]) for part in ("unet", "vae", "vocoder", "clmp_text")
    )
    has_vocoder = whole or kind == "hifigan"
    if kind == "vae":
        has_vocoder = any(name.startswith(namers["vocoder"]("")) for name in tensors)
    has_towers, has_melody = whole or kind == "clmp", kind in ("mg2", "clmp")
    return Sizes(
        unet=unet_config(unet) if whole else None,
        vae=vae_config(vae) if whole or kind == "vae" else None,
        vocoder=vocoder_config(vocoder) if has_vocoder else None,
        clmp=clmp_spec(towers, audio, has_melody) if has_towers else None,
    )


def _scale_factor(findings: Findings) -> float | None:
    """Read the number that latents are multiplied by for the diffusion."""
    stored = findings.tensors.get("scale_factor")
    findings.known.add("scale_factor")
    if stored is None:
        findings.missing.append("scale_factor")
        return None
    if stored.numel() != 1:
        shape = f"{tuple(stored.shape)}"
        findings.misshapen.append(Misshapen("scale_factor", "one number", shape))
        return None
    value = float(stored)
    if not (math.isfinite(value) and value > 0):
        raise CheckpointError(f"scale_factor must be positive and finite, it is {value}")
    return value
