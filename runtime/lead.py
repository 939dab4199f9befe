"""The lead sheet of a recording: exactly, from its receipt, or as well as it can be heard."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.note_events import NoteRule
from descant.kernels.pitch_spectrum import SAMPLE_RATE
from descant.kernels.resample import resample
from descant.models.theory.harmonise import estimate_key
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, Event, LeadSheet
from descant.runtime.checks import check_number
from descant.runtime.errors import RequestError
from descant.runtime.hearing import HeardNote, hear
from descant.runtime.midi import skyline
from descant.runtime.pieces import Pieces
from descant.runtime.pulse import Pulse, find_pulse
from descant.runtime.sessions import Sessions
from descant.runtime.sheet_rows import accompaniment_rows, note_rows, sheet_of_rows

FloatArray = NDArray[np.float32]

BEATS_PER_BAR = 4
"""Of a recording whose metre nobody told."""
LOW_PITCH = 52
"""Notes up to this one, E3, count as bass."""
INTENSITY = 0.6
"""Of every bar of what was heard: the music is as strong as it was already."""
TRIADS = ("maj", "min")
REPEATED_BARS = (4, 2, 1)
FOREIGN = 0.6
"""What a tone outside of a chord takes away from what a tone inside gives."""
LONGEST_SECONDS = 3600.0
SHORTEST_REST = 0.25
"""Beats that must be left of a note that is entered in its middle."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead sheet, and where in it a recording begins."""

    sheet: LeadSheet
    begin_seconds: float
    """Music time of the recording's first sample; below 0 when the sheet begins later."""

    def at_tempo(self, sheet: LeadSheet) -> Lead:
        """Return the same place of the same music at the tempo of another sheet."""
        ratio = self.sheet.tempo_bpm / sheet.tempo_bpm
        return Lead(sheet, self.begin_seconds * ratio)

    def bar_after(self, seconds: float) -> int:
        """Return the first bar of the sheet that begins at or after a time of the recording."""
        bar = self.sheet.beats_per_bar * 60.0 / self.sheet.tempo_bpm
        return max(math.ceil((self.begin_seconds + seconds) / bar - 1e-6), 0)


def lead_rows(lead: Lead) -> dict[str, Any]:
    """Return a lead as JSON values for a receipt."""
    return {
        "melody": note_rows(lead.sheet.notes),
        **accompaniment_rows(lead.sheet),
        "begin_seconds": lead.begin_seconds,
    }


def lead_of(receipt: Mapping[str, Any]) -> Lead | None:
    """Return the lead that a receipt holds; None where it holds none, or a damaged one."""
    rows = receipt.get("lead")
    if not isinstance(rows, dict):
        return None
    begin = rows.get("begin_seconds")
    try:
        check_number("begin_seconds", begin, 0.0, LONGEST_SECONDS)
        return Lead(sheet_of_rows(rows.get("melody"), rows), float(begin or 0.0))
    except RequestError:
        return None


def repeated(lead: Lead, end_seconds: float, until_seconds: float) -> Lead:
    """Let music that was heard go on: its last bars come again, four if there are so many.

    Args:
        lead: Of a recording.
        end_seconds: Of the recording, where the sheet knows nothing more.
        until_seconds: Of the recording's time, up to which there is to be music.
    """
    sheet, beat = lead.sheet, 60.0 / lead.sheet.tempo_bpm
    end = (lead.begin_seconds + end_seconds) / beat
    whole = min(int(end / sheet.beats_per_bar + 1e-6), sheet.bars)
    if whole == 0:
        return lead
    count = next(n for n in REPEATED_BARS if n <= whole)
    bars = math.ceil((lead.begin_seconds + until_seconds) / beat / sheet.beats_per_bar) + 1
    again = sheet.window(whole - count, count).window(0, max(bars - whole, 1))
    begin = float(whole * sheet.beats_per_bar)
    longer = replace(
        sheet,
        notes=(*_before(sheet.notes, end), *_after(again.notes, begin, end)),
        chords=(*_before(sheet.chords, end), *_after(again.chords, begin, end)),
        bass=(*_before(sheet.bass, end), *_after(again.bass, begin, end)),
        intensity=(*sheet.intensity[:whole], *again.intensity),
    )
    return Lead(longer, lead.begin_seconds)


def followed_by(first: LeadSheet, bars: int, second: LeadSheet) -> LeadSheet:
    """Return the first bars of one sheet, then another one at the tempo and metre of the first."""
    head = (
        first.window(0, bars)
        if bars
        else replace(first, notes=(), chords=(), bass=(), intensity=())
    )
    shift = float(bars * first.beats_per_bar)
    whole = math.ceil(second.beats / first.beats_per_bar)
    levels = (*second.intensity, *second.intensity[-1:] * whole)[:whole]
    return replace(
        head,
        notes=head.notes + tuple(replace(n, start=n.start + shift) for n in second.notes),
        chords=head.chords + tuple(replace(c, start=c.start + shift) for c in second.chords),
        bass=head.bass + tuple(replace(n, start=n.start + shift) for n in second.bass),
        intensity=head.intensity + levels,
    )


def hear_lead(
    sessions: Sessions,
    samples: FloatArray,
    sample_rate: int,
    start_seconds: float,
    told: Mapping[str, Any],
) -> Pieces[Lead | None]:
    """Write down the music of a recording.

    Args:
        sessions: Of a pack with a transcriber.
        samples: (N,) mono.
        sample_rate: Hz.
        start_seconds: Of the recording, where the samples begin.
        told: ``music`` of a receipt, whose clip begins on a downbeat; empty where there is none.

    Returns:
        None where no tempo or no note can be heard.
    """
    heard = yield from hear(
        sessions, resample(samples, sample_rate, SAMPLE_RATE), NoteRule(), False
    )
    tempo, key = told.get("tempo_bpm"), told.get("key")
    known = tempo is not None
    starts = [start_seconds + n.start for n in heard]
    pulse = find_pulse(starts, [_weight(n) for n in heard], tempo) if heard else None
    if pulse is None:
        return None
    if known:
        pulse = Pulse(pulse.tempo_bpm, 0.0)
    per_bar = int(told.get("beats_per_bar") or BEATS_PER_BAR)
    notes = [_note(n, start_seconds, pulse) for n in heard]
    downbeat = 0 if known else _downbeat(notes, per_bar)
    # Beat 0 of the sheet: the last downbeat that is not after the samples' beginning.
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


def _before(events: tuple[Event, ...], end: float) -> list[Event]:
    """Return what sounds before a beat, cut there."""
    return [replace(e, duration=min(e.duration, end - e.start)) for e in events if e.start < end]


def _after(events: tuple[Event, ...], shift: float, end: float) -> list[Event]:
    """Return what sounds after a beat when all of it comes later, cut there."""
    kept = []
    for event in events:
        start, stop = event.start + shift, event.end + shift
        begin = max(start, end)
        if stop - begin > (0.0 if start >= end else SHORTEST_REST):
            kept.append(replace(event, start=begin, duration=stop - begin))
    return kept


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
