"""The lead of a recording: kept in receipts, or heard."""

from __future__ import annotations

import json

import pytest

from descant.models.theory.harmonise import harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.lead import Lead, followed_by, lead_of, lead_rows, write_sheet

TUNE = tuple(Note(i / 2, 0.5, 60 + (0, 4, 7, 5)[i % 4]) for i in range(16))


def sheet(tempo: float = 120.0) -> LeadSheet:
    return harmonise(TUNE, tempo, 4, Key(0))


def test_a_receipt_gives_the_same_lead_back() -> None:
    lead = Lead(sheet(), 3.25)
    kept = json.loads(json.dumps({"lead": lead_rows(lead)}))
    assert lead_of(kept) == lead


@pytest.mark.parametrize(
    "change",
    [
        {"begin_seconds": -1.0}, {"begin_seconds": "now"}, {"melody": [[0, 1, 60]]},
        {"tempo_bpm": None}, {"chords": 5}, {"key": "H double flat"},
        {"intensity": []}, {"intensity": [None]},
    ],
)  # fmt: skip
def test_a_damaged_lead_is_none(change: dict[str, object]) -> None:
    assert lead_of({"lead": {**lead_rows(Lead(sheet(), 0.0)), **change}}) is None


def test_a_lead_knows_its_bars() -> None:
    lead = Lead(sheet(), 1.0)  # a bar lasts two seconds
    assert [lead.bar_after(s) for s in (0.0, 1.0, 1.1, 3.0)] == [1, 1, 2, 2]
    faster = lead.at_tempo(sheet(240.0))
    assert faster.begin_seconds == 0.5


def test_another_sheet_follows_after_some_bars() -> None:
    both = followed_by(sheet(), 3, sheet(90.0).transposed(2))
    assert both.tempo_bpm == 120.0
    assert both.bars == 3 + sheet().bars
    assert min(n.start for n in both.notes if n.pitch == 62) == 12.0
    assert followed_by(sheet(), 0, sheet()).notes == sheet().notes


def test_a_sheet_is_written_of_all_that_sounds() -> None:
    chords = [Note(4.0 * bar, 4.0, pitch + root) for bar, root in enumerate((0, 5, 7, 0))
              for pitch in (48, 64, 67, 60)]  # fmt: skip
    low = [Note(n.start, n.duration, n.pitch - 12) for n in chords if n.pitch < 57]
    made = write_sheet([*chords, *low], 100.0, 4)
    assert [c.root for c in made.chords[::2]] == [0, 5, 7, 0]
    assert {c.quality for c in made.chords} == {"maj"}
    assert made.key == Key(0)
    assert [n.pitch % 12 for n in made.bass] == [0, 5, 7, 0]
    assert made.bars == 4
