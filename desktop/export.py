"""Take a take out of the library: as audio, as notes, or in the sound track of a film."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from descant.desktop.library import Library, TakeRecord
from descant.desktop.library.request_json import request_from_json
from descant.runtime import (
    Clip,
    Laying,
    OutputError,
    Request,
    lay_music,
    read_film,
    whole_file,
    write_midi,
)

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg")
MIDI_SUFFIXES = (".mid", ".midi")
FILM_SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
_KEPT_BIT_DEPTH = 24

Stage = Literal["read", "look", "write"]
OnStage = Callable[[Stage, float], None]
"""Called with what is done now and the share (0 … 1) that is done."""


@dataclass(frozen=True)
class Export:
    """What to write."""

    take: int
    target: Path
    """Its suffix says what it becomes; an existing file is replaced in one step."""
    bit_depth: int = 24
    """16 or 24, of WAV and FLAC."""
    film: Path | None = None
    """Whose pictures are written with the take's music."""
    laying: Laying = field(default_factory=Laying)
    """Of the music in the film."""


@dataclass(frozen=True)
class Exported:
    """A file that has been written."""

    path: Path
    warnings: tuple[str, ...] = ()


def export_take(library: Library, wanted: Export, on_stage: OnStage | None = None) -> Exported:
    """Write a file, whole or not at all.

    Raises:
        DescantError: The take is gone, the target can't be written, it has no notes, or the film
            can't be read; with a hint.
    """
    tell = on_stage or _quiet
    suffix = wanted.target.suffix.lower()
    take = library.get(wanted.take)
    tell("read", 0.0)
    if wanted.film is not None or suffix in FILM_SUFFIXES:
        return _film(library, take, wanted, tell)
    if suffix in MIDI_SUFFIXES:
        return _midi(library, take, wanted.target)
    return _audio(library, take, wanted, tell)


def _audio(library: Library, take: TakeRecord, wanted: Export, tell: OnStage) -> Exported:
    target = wanted.target
    same = target.suffix.lower() == take.path.suffix == ".wav"
    if same and wanted.bit_depth == _KEPT_BIT_DEPTH and take.path.is_file():
        _refuse_itself(take, target)
        with whole_file(target) as part:
            shutil.copyfile(take.path, part)
        return Exported(target)
    clip = _clip(library, take)
    tell("write", 0.3)
    _refuse_itself(take, target)
    return Exported(clip.save(target, wanted.bit_depth))


def _clip(library: Library, take: TakeRecord) -> Clip:
    """Return a take as a clip again, with its receipt and, of a loop, its loop points."""
    samples, rate = library.load_samples(take.id)
    request = request_from_json(take.request) or Request(prompt=take.prompt or take.title)
    clip = Clip(samples, rate, take.seed, request, take.device, take.receipt)
    return dataclasses.replace(clip, loop=take.loop)


def _midi(library: Library, take: TakeRecord, target: Path) -> Exported:
    notes = library.load_notes(take.id)
    if notes is None:
        raise OutputError(
            f"can't write {target.name!r:.200}: it is not known which notes sound in "
            f"{take.title!r:.100}",
            hint="export it as audio, or make it with a pack that knows notes, such as starter",
        )
    voices = {"clip": notes.notes, **({"melody": notes.melody} if notes.melody else {})}
    write_midi(target, voices, notes.tempo_bpm, notes.beats_per_bar)
    return Exported(target)


def _film(library: Library, take: TakeRecord, wanted: Export, tell: OnStage) -> Exported:
    if wanted.film is None:
        raise OutputError(
            f"can't write {wanted.target.name!r:.200} without a film",
            hint="choose the film that the music is for",
        )
    samples, rate = library.load_samples(take.id)
    tell("look", 0.1)
    film = read_film(wanted.film)
    tell("write", 0.4)
    warnings = lay_music(
        film,
        samples,
        rate,
        wanted.target,
        wanted.laying,
        receipt=take.receipt,
        repeat=take.loop,
    )
    return Exported(wanted.target, warnings)


def _refuse_itself(take: TakeRecord, target: Path) -> None:
    if target.exists() and take.path.exists() and target.samefile(take.path):
        raise OutputError(
            f"can't write {target.name!r:.200}: it is the take's own file in the library",
            hint="choose another name or folder",
        )


def _quiet(stage: Stage, share: float) -> None:
    """Tell nobody."""
