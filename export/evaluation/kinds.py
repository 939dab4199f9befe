"""What a pack is asked for: held-out pieces as requests, one kind of input or mix at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from descant.export.evaluation.cases import Case
from descant.models.spec import PackSpec
from descant.models.synthset.gallery import scene_of, story

PICTURE_GRAPHS = ("picture_encoder", "picture_adapter")
RISING, FALLING = (0.15, 0.4, 0.7, 1.0), (1.0, 0.7, 0.4, 0.15)
"""Courses of intensity that are asked for, in turn."""

Ear = Literal["tempo", "notes", "course"]
"""What is listened for beside what the judge hears: tempo and key, notes, the course of level."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request."""

    name: str
    title: str
    ask: Callable[[Case, Path], dict[str, Any]]
    """Fields of the request, without seed and length, given the file that it brings along."""
    graphs: tuple[str, ...] = ()
    """What it needs beyond a pack that takes words."""
    names: tuple[str, ...] = ()
    """Heads of the judge whose right answer the request says or lets hear."""
    scene: bool = False
    """Whether the mood asked for is the scene's; it is the music's otherwise."""
    ears: Ear | None = None
    brings: Literal["picture", "sound"] | None = None
    """Which of the piece's views comes along as a file."""


def _prompt(case: Case, file: Path) -> dict[str, Any]:
    truth = case.piece.truth
    return {"prompt": case.prompt, "tempo_bpm": truth.tempo_bpm, "key": truth.key}


def _story(case: Case, file: Path) -> dict[str, Any]:
    return {"story": story(case.piece)}


def _picture(case: Case, file: Path) -> dict[str, Any]:
    return {"images": (file,)}


def _prompt_picture(case: Case, file: Path) -> dict[str, Any]:
    return {**_prompt(case, file), **_picture(case, file)}


def _sound(case: Case, file: Path) -> dict[str, Any]:
    return {"audio": file}


def _melody(case: Case, file: Path) -> dict[str, Any]:
    return {
        "prompt": case.short_prompt,
        "melody": case.melody,
        "tempo_bpm": case.piece.truth.tempo_bpm,
    }


def _intensity(case: Case, file: Path) -> dict[str, Any]:
    return {**_prompt(case, file), "intensity": course_of(case)}


def course_of(case: Case) -> tuple[float, ...]:
    """Return the course of intensity that is asked for with a piece."""
    return RISING if case.seed % 2 else FALLING


KINDS = (
    Kind("prompt", "prompt", _prompt, (), ("genre", "lead"), ears="tempo"),
    Kind("story", "story", _story, scene=True),
    Kind("picture", "picture", _picture, PICTURE_GRAPHS, scene=True, brings="picture"),
    Kind(
        "prompt_picture", "prompt + picture", _prompt_picture, PICTURE_GRAPHS,
        ("genre", "lead"), ears="tempo", brings="picture",
    ),
    Kind("sound", "sound", _sound, ("audio_encoder",), ("genre", "lead"), brings="sound"),
    Kind("melody", "melody + prompt", _melody, (), ("lead",), ears="notes"),
    Kind("intensity", "intensity + prompt", _intensity, (), ("genre", "lead"), ears="course"),
)  # fmt: skip


def asked_mood(kind: Kind, case: Case) -> str:
    """Return the mood that a request of this kind asks for."""
    return scene_of(case.piece).mood if kind.scene else case.piece.truth.mood


def missing_graphs(kind: Kind, spec: PackSpec) -> tuple[str, ...]:
    """Return the graphs that a pack lacks for this kind of request."""
    return tuple(name for name in kind.graphs if name not in spec.graphs)
