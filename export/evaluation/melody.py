"""How well a melody is followed: the top line of what is heard against what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import mir_eval
import numpy as np

from descant.export.evaluation.transcribe import Heard
from descant.models.theory.notes import Note

ONSET_TOLERANCE = 0.1
TOGETHER = 0.05
"""Seconds between the onsets of one chord."""
CONFIDENCE = 0.3


class Score(NamedTuple):
    """Of notes found against notes asked."""

    precision: float
    recall: float
    f1: float


def in_seconds(notes: Sequence[Note], tempo_bpm: float) -> list[Heard]:
    """Convert notes in beats."""
    beat = 60.0 / tempo_bpm
    return [Heard(n.start * beat, n.end * beat, n.pitch, 1.0) for n in notes]


def top_line(
    heard: Sequence[Heard], lowest_pitch: int, confidence: float = CONFIDENCE
) -> list[Heard]:
    """Keep sure notes of the melody's register that have nothing above them when they begin."""
    sure = [n for n in heard if n.pitch >= lowest_pitch and n.confidence >= confidence]
    return [note for note in sure if not any(_covers(other, note) for other in sure)]


def note_score(asked: Sequence[Heard], found: Sequence[Heard]) -> Score:
    """Compare onsets (within 100 ms) and pitches by mir_eval; note ends don't count."""
    if not asked or not found:
        return Score(0.0, 0.0, 0.0)
    arguments = []
    for notes in (asked, found):
        arguments.append(np.array([(n.start, max(n.end, n.start + 0.01)) for n in notes]))
        arguments.append(mir_eval.util.midi_to_hz(np.array([n.pitch for n in notes], float)))
    precision, recall, f1, _ = mir_eval.transcription.precision_recall_f1_overlap(
        *arguments, onset_tolerance=ONSET_TOLERANCE, offset_ratio=None
    )
    return Score(float(precision), float(recall), float(f1))


def _covers(other: Heard, note: Heard) -> bool:
    higher = other.pitch > note.pitch
    return higher and other.start <= note.start + TOGETHER and other.end > note.start + TOGETHER
