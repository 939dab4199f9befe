"""What a person wants to know of a pack before choosing it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from descant.models.spec import PackSpec
from descant.runtime.pack import Pack

Ability = Literal[
    "words", "story", "melody", "humming", "sound", "pictures", "edit", "notes", "melodies"
]
"""What a pack takes, and ``edit``: it starts from a recording; ``notes``: its clips come with those
that sound; ``melodies``: it has a library of lead sheets to search."""


@dataclass(frozen=True, slots=True)
class PackSummary:
    """The first lines of a pack's manifest."""

    id: str
    name: str
    version: str
    licence: str
    family: str
    path: Path
    size_bytes: int
    sample_rate: int
    channels: int
    sha256: str
    """Of the manifest, which names the whole content."""
    min_seconds: float
    max_seconds: float
    """In one piece; longer clips are made of several."""
    training_data: str
    abilities: tuple[Ability, ...]


def summarise(pack: Pack) -> PackSummary:
    """Return what an open pack's manifest says of it."""
    spec = pack.spec
    return PackSummary(
        id=spec.id,
        name=spec.name,
        version=spec.version,
        licence=spec.licence,
        family=spec.family,
        path=pack.path,
        size_bytes=pack.size_bytes,
        sample_rate=spec.pipeline.audio.sample_rate,
        channels=spec.pipeline.audio.channels,
        sha256=pack.sha256,
        min_seconds=spec.limits.min_seconds,
        max_seconds=spec.limits.max_seconds,
        training_data=spec.provenance.training_data,
        abilities=abilities(spec),
    )


def abilities(spec: PackSpec) -> tuple[Ability, ...]:
    """Return what a pack can do, judged by its family and its graphs."""
    has = set(spec.graphs)
    is_starter = spec.family == "starter"
    found: dict[Ability, bool] = {
        "words": True,
        "story": True,
        "melody": is_starter or spec.family == "mg2",
        "humming": "transcriber" in has,
        "sound": "audio_encoder" in has,
        "pictures": {"picture_encoder", "picture_adapter"} <= has,
        "edit": not is_starter or "vae_encoder" in has,
        "notes": is_starter,
        "melodies": is_starter,
    }
    return tuple(name for name, can in found.items() if can)
