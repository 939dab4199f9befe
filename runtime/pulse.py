"""The beat under a row of onsets, and notes on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import Key, Note

FloatArray = NDArray[np.float64]

SLOWEST, FASTEST = 60.0, 180.0
"""Beats per minute that are tried."""
FINE, COARSE, TURN = 0.05, 0.5, 10.0
"""Steps between them: so many beats per minute over the seconds of the tune, within limits."""
USUAL_BPM, USUAL_OCTAVES = 108.0, 0.7
"""Tempos that people hum at: centre and width, in octaves, of a log-normal."""
LEVELS = ((1, 0.5), (2, 0.35), (4, 0.15))
"""Parts of a beat on which notes may begin, and their weight."""
FEWEST = 4
"""Onsets that a tempo can be told from."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Where the beats are."""

    tempo_bpm: float
    first_beat: float
    """Seconds; at or before the first note, less than a beat."""

    def beats(self, seconds: float) -> float:
        """Beats since the first."""
        return (seconds - self.first_beat) * self.tempo_bpm / 60.0


def find_pulse(
    starts: Sequence[float], weights: Sequence[float], tempo_bpm: float | None = None
) -> Pulse | None:
    """Find the tempo and phase that the onsets agree with best.

    Each onset is a vector on the circle of a beat and of its halves and quarters; the longer their
    sums, the better the notes lie on the grid (a Fourier tempogram, Grosche and Müller 2011).

    Args:
        starts: Seconds, at least one.
        weights: How much each matters, such as its length.
        tempo_bpm: When it is known.

    Returns:
        None when there are too few onsets to tell and no tempo is given.
    """
    times, mass = np.asarray(starts, np.float64), np.asarray(weights, np.float64)
    if tempo_bpm is None and len(times) < FEWEST:
        return None
    tempos = np.array([tempo_bpm or 0.0])
    if tempo_bpm is None:
        step = min(max(TURN / max(float(np.ptp(times)), 1e-3), FINE), COARSE)
        tempos = np.arange(SLOWEST, FASTEST + step, step)
    turns = (times - times[0])[None] * (tempos / 60.0)[:, None]
    score = np.zeros(len(tempos))
    for parts, share in LEVELS:
        vectors = np.exp(2j * np.pi * parts * turns) @ mass
        score += share * np.abs(vectors) / mass.sum()
    usual = np.exp(-0.5 * (np.log2(np.maximum(tempos, 1.0) / USUAL_BPM) / USUAL_OCTAVES) ** 2)
    best = int(np.argmax(score * (0.5 + 0.5 * usual)))
    return Pulse(float(tempos[best]), _first_beat(times, mass, turns[best], float(tempos[best])))


def _first_beat(times: FloatArray, mass: FloatArray, turns: FloatArray, tempo: float) -> float:
    """Return the last beat that is not after the first note by more than an eighth of a beat."""
    phase = float(np.angle(np.exp(2j * np.pi * turns) @ mass)) / (2 * np.pi)
    late = (-phase) % 1.0  # the first note after its beat, in beats
    if late > 0.875:
        late -= 1.0
    return float(times[0]) - late * 60.0 / tempo


def on_grid(notes: Sequence[Note], division: int, single: bool) -> list[Note]:
    """Move notes in beats to the nearest place of a grid.

    Args:
        notes: In order.
        division: Places per beat.
        single: One voice: of two notes in one place the longer stays, none rings into the next.
    """
    best: dict[tuple[int, int], Note] = {}
    for note in notes:
        place = max(round(note.start * division), 0)
        key = (place, 0 if single else note.pitch)
        if key not in best or note.duration > best[key].duration:
            best[key] = note
    moved = []
    for (place, _), note in sorted(best.items()):
        end = max(round(note.end * division), place + 1)
        moved.append(Note(place / division, (end - place) / division, note.pitch, note.velocity))
    return without_overlap(moved) if single else moved


def without_overlap(notes: Sequence[Note]) -> list[Note]:
    """End every note when the next begins."""
    return [
        Note(a.start, min(a.duration, b.start - a.start), a.pitch, a.velocity)
        for a, b in zip(notes, [*notes[1:], None], strict=True)
        if b is not None
    ] + list(notes[-1:])


def in_key(pitch: float, key: Key) -> int:
    """Return the nearest tone of a key's scale to a pitch in semitones; the lower of two."""
    scale = set(key.scale)
    middle = round(pitch)
    near = [p for p in range(middle - 2, middle + 3) if p % 12 in scale]
    return min(near, key=lambda p: (abs(p - pitch), p))
