"""What is known of a take."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from descant.runtime import Neighbour, Note

Sort = Literal["newest", "oldest", "title", "longest", "favourites"]


@dataclass(frozen=True)
class TakeRecord:
    """One take, as the database has it."""

    id: int
    """Above 0, never used again."""
    created: float
    """Seconds since 1970, UTC."""
    title: str
    path: Path
    """Of the audio file."""
    receipt: dict[str, Any]
    """Request, seed and pack as plain JSON values; inside the audio file too."""
    seconds: float
    """Length."""
    sample_rate: int
    """Hz."""
    seed: int
    device: str
    """That computed it."""
    favourite: bool = False
    tags: tuple[str, ...] = ()
    """In alphabetical order."""
    parent: int | None = None
    """The take that this one is a variation or a continuation of."""
    prompt: str = ""
    """What was asked for, in words."""
    channels: int = 1
    deleted: float | None = None
    """When it was deleted; None unless it can still be brought back."""
    missing: bool = False
    """Whether the audio file was gone when the library was opened."""
    loop: bool = False
    """Whether its end goes on to its beginning without a seam."""
    request_json: str = "{}"
    """The request with the paths of its files, which a receipt has not."""
    peaks: bytes = b""
    """The waveform's outline, a byte for each of ``COLUMNS`` columns; empty when not known yet."""

    @property
    def request(self) -> dict[str, Any]:
        """What was asked for, as ``request_from_json`` reads it."""
        found = json.loads(self.request_json)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class TakeNotes:
    """The notes of a take, in beats from its beginning."""

    notes: tuple[Note, ...]
    """Every note that sounds."""
    tempo_bpm: float
    beats_per_bar: int
    melody: tuple[Note, ...] = ()
    """Those of the melody that led the music."""


@dataclass(frozen=True)
class TakeDetails:
    """What only the page of one take shows."""

    notes: TakeNotes | None = None
    """None where no notes are known."""
    retrieved: tuple[Neighbour, ...] = ()
    """Melodies that were found for the prompt, the one used first."""
    warnings: tuple[str, ...] = ()
    seam_score: float | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
