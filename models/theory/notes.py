"""Notes and keys: the smallest words of the music vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

LOWEST_PITCH = 21
"""MIDI number of the lowest roll row (A0)."""
ROLL_PITCHES = 88
"""Rows of every piano roll: A0 … C8."""

Mode = Literal["major", "minor"]

PITCH_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
MINOR_SCALE = (0, 2, 3, 5, 7, 8, 10)

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_KEY = re.compile(
    r"^\s*([A-G])\s*(#|♯|-?sharp|b|♭|-?flat)?\s*[- ]?\s*(major|minor|maj|min|m|M)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note in musical time."""

    start: float
    """Beats from the beginning."""
    duration: float
    """Beats, above 0."""
    pitch: int
    """MIDI number."""
    velocity: int = 90
    """1 … 127."""

    @property
    def end(self) -> float:
        """Beat at which the note stops."""
        return self.start + self.duration

    def transposed(self, semitones: int) -> Note:
        """Return the note moved by ``semitones``."""
        return replace(self, pitch=self.pitch + semitones)


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode."""

    tonic: int
    """Pitch class, 0 = C … 11 = B."""
    mode: Mode = "major"

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of the (natural) scale, from the tonic up."""
        steps = MAJOR_SCALE if self.mode == "major" else MINOR_SCALE
        return tuple((self.tonic + step) % 12 for step in steps)

    def __str__(self) -> str:
        return f"{PITCH_NAMES[self.tonic]} {self.mode}"

    @staticmethod
    def parse(text: str) -> Key:
        """Read a key such as ``"F# minor"``, ``"Bb"``, ``"am"`` or ``"C sharp major"``.

        Raises:
            ValueError: The text is not a key.
        """
        match = _KEY.match(text)
        if match is None:
            raise ValueError(f"not a key: {text!r}")
        letter, accidental, mode = match.groups()
        tonic = _LETTERS[letter.upper()]
        if accidental:
            tonic += 1 if accidental.lower().lstrip("-") in ("#", "♯", "sharp") else -1
        is_minor = bool(mode) and (mode == "m" or mode.lower() in ("minor", "min"))
        return Key(tonic % 12, "minor" if is_minor else "major")

    def interval_to(self, other: Key) -> int:
        """Semitones of the shortest transposition to ``other``'s tonic, in [-6, 5]."""
        return (other.tonic - self.tonic + 6) % 12 - 6
