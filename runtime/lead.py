"""The lead sheet of a recording: kept in receipts, followed by another, or by itself again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.sheet import Event, LeadSheet
from descant.runtime.checks import check_number
from descant.runtime.errors import RequestError
from descant.runtime.sheet_rows import accompaniment_rows, note_rows, sheet_of_rows

FloatArray = NDArray[np.float32]

REPEATED_BARS = (4, 2, 1)
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
