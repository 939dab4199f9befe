"""The lead sheet of a recording, as well as it can be heard."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.note_events import NoteRule
from descant.models.theory.harmonise import estimate_key
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, LeadSheet
from descant.runtime.hearing import HeardNote, Hearing, heard_notes
from descant.runtime.lead import Lead
from descant.runtime.midi import skyline
from descant.runtime.pulse import Pulse, find_pulse

BEATS_PER_BAR = 4
"""Of a recording whose metre nobody told."""
LOW_PITCH = 52
"""Notes up to this one, E3, count as bass."""
INTENSITY = 0.6
"""Of every bar of what was heard: the music is as strong as it was already."""
TRIADS = ("maj", "min")
FOREIGN = 0.6
"""What a tone outside of a chord takes away from what a tone inside gives."""


def heard_lead(heard: Hearing, start_seconds: float, told: Mapping[str, Any]) -> Lead | None:
    """Write down the music of a recording.

    Args:
        heard: Of the transcriber.
        start_seconds: Of the recording, where it began to be heard.
        told: ``music`` of a receipt, whose clip begins on a downbeat; empty where there is none.

    Returns:
        None where no tempo or no note can be heard.
    """
    events = heard_notes(heard, NoteRule(), monophonic=False)
    tempo, key = told.get("tempo_bpm"), told.get("key")
    known = tempo is not None
    starts = [start_seconds + n.start for n in events]
    pulse = find_pulse(starts, [_weight(n) for n in events], tempo) if events else None
    if pulse is None:
        return None
    if known:
        pulse = Pulse(pulse.tempo_bpm, 0.0)
    per_bar = int(told.get("beats_per_bar") or BEATS_PER_BAR)
    notes = [_note(n, start_seconds, pulse) for n in events]
    downbeat = 0 if known else _downbeat(notes, per_bar)
    # Beat 0 of the sheet: the last downbeat that is not after what was heard first.
    begin = pulse.beats(start_seconds)
    origin = downbeat + math.floor((begin - downbeat) / per_bar + 1e-9) * per_bar
    moved = [replace(n, start=max(n.start - origin, 0.0)) for n in notes]
    sheet = write_sheet(moved, pulse.tempo_bpm, per_bar, Key.parse(key) if key else None)
    return Lead(sheet, -(pulse.first_beat + origin * 60.0 / pulse.tempo_bpm))


def write_sheet(
    notes: Sequence[Note], tempo_bpm: float, beats_per_bar: int, key: Key | None = None
) -> LeadSheet:
    """Make a lead sheet of all notes that sound: the highest lead, the lowest carry.

    Args:
        notes: In beats from a downbeat, at least one.
        tempo_bpm: Of them.
        beats_per_bar: Of them.
        key: None for the one that fits best.
    """
    bars = max(math.ceil(max(n.end for n in notes) / beats_per_bar - 1e-6), 1)
    chords = _chords(notes, bars, beats_per_bar)
    return LeadSheet(
        key=key or estimate_key(notes, beats_per_bar),
        tempo_bpm=tempo_bpm,
        beats_per_bar=beats_per_bar,
        notes=skyline(notes),
        chords=chords,
        bass=_bass(notes, chords),
        intensity=(INTENSITY,) * bars,
    )


def _weight(note: HeardNote) -> float:
    return note.confidence * min(note.end - note.start, 0.5)


def _note(note: HeardNote, start_seconds: float, pulse: Pulse) -> Note:
    start, end = (pulse.beats(start_seconds + t) for t in (note.start, note.end))
    return Note(start, max(end - start, 0.05), note.pitch, note.velocity)


def _downbeat(notes: Sequence[Note], per_bar: int) -> int:
    """Return the beat of a bar on which low and long notes begin most."""
    weights = np.zeros(per_bar)
    for note in notes:
        nearest = round(note.start)
        if abs(note.start - nearest) < 0.2:
            weights[nearest % per_bar] += min(note.duration, 2.0) * (
                2.0 if note.pitch <= LOW_PITCH else 1.0
            )
    return int(np.argmax(weights))


def _chords(notes: Sequence[Note], bars: int, per_bar: int) -> tuple[Chord, ...]:
    """Return the best triad of every half bar, or of every bar where that has no halves."""
    halves = 2 if per_bar % 2 == 0 else 1
    span = per_bar / halves
    sounding = np.zeros((bars * halves, 12))
    for note in notes:
        for i in range(
            max(int(note.start // span), 0), min(math.ceil(note.end / span), len(sounding))
        ):
            shared = min(note.end, (i + 1) * span) - max(note.start, i * span)
            sounding[i, note.pitch % 12] += shared * (1.5 if note.pitch <= LOW_PITCH else 1.0)
    found: list[Chord] = []
    for i, row in enumerate(sounding):
        if row.any():
            root, quality = _triad(row)
        elif found:
            root, quality = found[-1].root, found[-1].quality
        else:
            continue
        found.append(Chord(i * span, span, root, quality))
    return tuple(found)


def _triad(row: NDArray[np.float64]) -> tuple[int, str]:
    def worth(chord: tuple[int, str]) -> float:
        inside = sum(row[(chord[0] + step) % 12] for step in CHORD_QUALITIES[chord[1]])
        return float(inside - FOREIGN * (row.sum() - inside) + 0.1 * row[chord[0]])

    return max(((root, quality) for root in range(12) for quality in TRIADS), key=worth)


def _bass(notes: Sequence[Note], chords: Sequence[Chord]) -> tuple[Note, ...]:
    """Return the low notes as one line; the chords' roots where there are none."""
    low = sorted(n for n in notes if n.pitch <= LOW_PITCH)
    line: list[Note] = []
    for note in low:
        if line and note.start - line[-1].start < 0.2:
            if note.pitch < line[-1].pitch:
                line[-1] = note
            continue
        line.append(note)
    if line:
        ends = [*(n.start for n in line[1:]), math.inf]
        return tuple(
            replace(n, duration=min(n.duration, e - n.start))
            for n, e in zip(line, ends, strict=True)
        )
    return tuple(Note(c.start, c.duration, 36 + c.root) for c in chords)
