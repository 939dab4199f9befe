"""From a transcriber's probabilities to notes: onset peaks, held as long as their notes sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NoteRule:
    """Thresholds of the note creation, chosen on SynthSet's train split."""

    onset: float = 0.4
    """An onset's peak is at least this probable."""
    note: float = 0.35
    """A note goes on while it is at least this probable."""
    bridge: int = 5
    """Frames that a note may be less probable without ending."""
    shortest: int = 5
    """Frames; shorter notes are dropped."""
    unstruck: int = 14
    """Frames of a note that needs no onset, as after a smooth slide."""
    unstruck_note: float = 0.65
    """Mean probability of such a note."""


@dataclass(frozen=True, slots=True, order=True)
class NoteEvent:
    """A note in frames."""

    begin: int
    end: int
    """First frame in which it is silent."""
    row: int
    """0 … 87, from A0."""
    strength: float
    """Mean probability, 0 … 1."""


def note_events(onset: FloatArray, note: FloatArray, rule: NoteRule) -> list[NoteEvent]:
    """Read notes from probabilities, ordered by time.

    Args:
        onset: (88, T) probability that a note of this pitch begins in this frame.
        note: (88, T) probability that it sounds.
        rule: Thresholds.
    """
    peaks = _peaks(onset, rule.onset)
    rows = np.flatnonzero(peaks.any(1) | (note >= rule.note).any(1))
    found = [e for row in rows for e in _row_events(int(row), peaks[row], note[row], rule)]
    return sorted(found)


def _peaks(onset: FloatArray, threshold: float) -> NDArray[np.bool_]:
    """(88, T) bool: the greatest frames of their neighbourhood of two frames to either side."""
    padded = np.pad(onset, ((0, 0), (2, 2)))
    frames = onset.shape[1]
    before = np.maximum(padded[:, :frames], padded[:, 1 : frames + 1])
    after = np.maximum(padded[:, 3 : frames + 3], padded[:, 4 : frames + 4])
    peaks: NDArray[np.bool_] = (onset >= threshold) & (onset > before) & (onset >= after)
    return peaks


def _row_events(
    row: int, peaks: NDArray[np.bool_], note: FloatArray, rule: NoteRule
) -> list[NoteEvent]:
    begins = np.flatnonzero(peaks).tolist()
    taken = np.zeros(len(note), bool)
    events = []
    for i, begin in enumerate(begins):
        limit = begins[i + 1] if i + 1 < len(begins) else len(note)
        end = _held_until(note, begin, limit, rule)
        taken[begin:end] = True
        if end - begin >= rule.shortest:
            events.append(NoteEvent(begin, end, row, float(note[begin:end].mean())))
    return events + _unstruck(row, note, taken, rule)


def _held_until(note: FloatArray, begin: int, limit: int, rule: NoteRule) -> int:
    """Return the frame after the last probable one before a gap or the next onset."""
    sounding = np.flatnonzero(note[begin:limit] >= rule.note)
    if not len(sounding) or sounding[0] > rule.bridge:
        return begin
    gaps = np.flatnonzero(np.diff(sounding) > rule.bridge + 1)
    last = sounding[gaps[0]] if len(gaps) else sounding[-1]
    return int(begin + last + 1)


def _unstruck(
    row: int, note: FloatArray, taken: NDArray[np.bool_], rule: NoteRule
) -> list[NoteEvent]:
    """Return long, probable stretches that no onset explains."""
    free = np.concatenate([[False], (note >= rule.note) & ~taken, [False]])
    edges = np.flatnonzero(free[1:] != free[:-1]).reshape(-1, 2)
    events = []
    for begin, end in edges:
        joined = begin > 0 and taken[begin - 1]  # the tail of a struck note
        strength = float(note[begin:end].mean())
        if not joined and end - begin >= rule.unstruck and strength >= rule.unstruck_note:
            events.append(NoteEvent(int(begin), int(end), row, strength))
    return events
