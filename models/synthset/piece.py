"""A composed piece: its truth, its lead sheet and the parts that are played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet

Split = Literal["train", "test"]


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's part."""

    role: str
    """lead, bass, comp, arp, pad or drums."""
    program: int
    """General MIDI program, or the number of the drum kit."""
    is_drum: bool
    gain: float
    """Amplitude, 0 … 1."""
    pan: float
    """-1 left … 1 right."""
    notes: tuple[Note, ...]
    """In beats, timing humanised."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a caption may say of the piece."""

    genre: str
    mood: str
    place: str
    time_of_day: str
    lead: str
    """A name of ``words.LEADS``."""
    instruments: tuple[str, ...]
    """The others that play, by name."""
    tempo_bpm: float
    key: Key
    beats_per_bar: int
    has_drums: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole piece: its truth, its lead sheet and the parts that are rendered."""

    seed: int
    split: Split
    truth: Truth
    sheet: LeadSheet
    tracks: tuple[Track, ...]
