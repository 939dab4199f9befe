"""Basic Pitch's own note creation, with the thresholds that its package has by default.

After version 0.4.0: onset 0.5, note 0.3, more than 11 frames; what no onset explains is followed
from its strongest frames to both sides ("melodia trick").
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.export.evaluation.transcribe import (
    GAP_FRAMES,
    HOP,
    SAMPLE_RATE,
    activations,
    last_frame,
    rises,
)
from descant.models.note_score import TimedPitch
from descant.models.theory.notes import LOWEST_PITCH

ONSET, NOTE, SHORTEST = 0.5, 0.3, 11
FloatArray = NDArray[np.float32]
Span = tuple[int, int, int]
"""First frame, end, row."""


def published(samples: FloatArray, sample_rate: int) -> list[TimedPitch]:
    """Transcribe (N,) samples as the package does."""
    notes, onsets = activations(samples, sample_rate)
    seconds = HOP / SAMPLE_RATE
    return [(a * seconds, b * seconds, float(r + LOWEST_PITCH)) for a, b, r in spans(notes, onsets)]


def spans(notes: FloatArray, onsets: FloatArray) -> list[Span]:
    """Read notes from (T, 88) activations, those with an onset first."""
    strength = np.maximum(onsets, rises(notes, onsets))
    inner = strength[1:-1]
    peaks = (inner > strength[:-2]) & (inner > strength[2:]) & (inner >= ONSET)
    energy = notes.copy()
    found: list[Span] = []
    for place, row in np.argwhere(peaks)[::-1].tolist():
        begin = place + 1  # peaks leave the first frame out
        if begin >= len(notes) - 1:
            continue
        end = last_frame(energy[:, row], begin, NOTE)
        if end - begin > SHORTEST:
            energy[begin:end, max(row - 1, 0) : row + 2] = 0.0
            found.append((begin, end, row))
    return found + _unexplained(energy)


def _unexplained(energy: FloatArray) -> list[Span]:
    """Follow what is left from its strongest frames; ``energy`` is used up."""
    found: list[Span] = []
    while energy.max(initial=0.0) > NOTE:
        middle, row = (int(i) for i in np.unravel_index(energy.argmax(), energy.shape))
        energy[middle, row] = 0.0
        end = _walk(energy, row, middle, 1) - 1
        begin = _walk(energy, row, middle, -1) + 1
        if end - begin > SHORTEST:
            found.append((begin, end, row))
    return found


def _walk(energy: FloatArray, row: int, middle: int, step: int) -> int:
    """Clear a note and its neighbours to one side; return the place after its last loud frame."""
    last = len(energy) - 1
    at, quiet = middle + step, 0
    while 0 < at < last + (step < 0) and quiet < GAP_FRAMES:
        quiet = quiet + 1 if energy[at, row] < NOTE else 0
        energy[at, max(row - 1, 0) : row + 2] = 0.0
        at += step
    return at - step * quiet
