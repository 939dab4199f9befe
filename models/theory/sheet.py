"""The lead sheet: a melody with its chords, bass and intensity in musical time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from descant.models.theory.notes import Key, Note

CHORD_QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "dom7": (0, 4, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "add9": (0, 2, 4, 7),
    "min9": (0, 2, 3, 7, 10),
    "power": (0, 7),
}
"""Semitones above the root, by the quality's name. The order is part of the pack format."""

Event = TypeVar("Event", Note, "Chord")


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that sounds for a while."""

    start: float
    """Beats from the beginning."""
    duration: float
    """Beats, above 0."""
    root: int
    """Pitch class, 0 … 11."""
    quality: str = "maj"
    """A key of ``CHORD_QUALITIES``."""

    @property
    def end(self) -> float:
        """Beat at which the chord stops."""
        return self.start + self.duration

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Sounding pitch classes, root first."""
        return tuple((self.root + step) % 12 for step in CHORD_QUALITIES[self.quality])


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """Everything the control track needs, free of absolute time."""

    key: Key
    tempo_bpm: float
    beats_per_bar: int
    notes: tuple[Note, ...]
    """The melody, by start; normally monophonic."""
    chords: tuple[Chord, ...]
    bass: tuple[Note, ...]
    intensity: tuple[float, ...]
    """One value per bar, 0 (still) … 1 (full force). Its length is the sheet's length in bars."""

    @property
    def bars(self) -> int:
        """Length in bars."""
        return len(self.intensity)

    @property
    def beats(self) -> int:
        """Length in beats."""
        return self.bars * self.beats_per_bar

    @property
    def seconds(self) -> float:
        """Length at the sheet's own tempo."""
        return self.beats * 60.0 / self.tempo_bpm

    def transposed(self, semitones: int) -> LeadSheet:
        """Return the sheet moved by ``semitones`` (melody and bass stay inside MIDI's range)."""
        return replace(
            self,
            key=Key((self.key.tonic + semitones) % 12, self.key.mode),
            notes=tuple(note.transposed(semitones) for note in self.notes),
            chords=tuple(replace(c, root=(c.root + semitones) % 12) for c in self.chords),
            bass=tuple(note.transposed(semitones) for note in self.bass),
        )

    def at_tempo(self, tempo_bpm: float) -> LeadSheet:
        """Return the same music at another tempo."""
        return replace(self, tempo_bpm=tempo_bpm)

    def window(self, first_bar: int, bars: int) -> LeadSheet:
        """Return ``bars`` bars from ``first_bar`` on, repeating the sheet when it is too short."""
        span = float(self.beats)
        begin = float(first_bar * self.beats_per_bar)
        end = begin + bars * self.beats_per_bar
        rounds = range(int(begin // span), int(-(-end // span)))
        return replace(
            self,
            notes=tuple(_cut(self.notes, rounds, span, begin, end)),
            chords=tuple(_cut(self.chords, rounds, span, begin, end)),
            bass=tuple(_cut(self.bass, rounds, span, begin, end)),
            intensity=tuple(self.intensity[(first_bar + i) % self.bars] for i in range(bars)),
        )


def _cut(
    events: tuple[Event, ...], rounds: range, span: float, begin: float, end: float
) -> list[Event]:
    """Return the events of the repeated sheet inside [begin, end), clipped, from beat 0."""
    cut: list[Event] = []
    for turn in rounds:
        for event in events:
            start, stop = event.start + turn * span, event.end + turn * span
            low, high = max(start, begin), min(stop, end)
            if high - low > 1e-6 and (start >= begin - 1e-6 or high - low > 0.25):
                cut.append(replace(event, start=low - begin, duration=high - low))
    return cut
