"""The lead of a recording: kept in receipts, or heard."""

from __future__ import annotations

import json

import pytest

from descant.models.theory.harmonise import harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.heard_lead import write_sheet
from descant.runtime.lead import Lead, followed_by, lead_of, lead_rows, repeated

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


@pytest.mark.parametrize("end", [0.5, 2.0, 7.9, 9.3, 12.5])
def test_heard_music_comes_again_from_where_it_ends(end: float) -> None:
    tune = tuple(Note(float(i), 1.0, 60 + i % 11) for i in range(24))  # six bars, 12 s
    lead = Lead(harmonise(tune, 120.0, 4, Key(0)), 0.0)
    longer = repeated(lead, end, 20.0).sheet
    assert longer.seconds >= 20.0 or end == 0.5
    before = [n for n in longer.notes if n.start < 2 * end - 1]
    assert before == [n for n in tune if n.start < 2 * end - 1]
    if end == 9.3:  # bars 1 to 4 of 0 to 3 come again: four bars later is the same tone
        pitches = {n.start: n.pitch for n in longer.notes if n.start == round(n.start)}
        assert all(pitches[b] == pitches[b - 16] for b in (*range(19, 32), *range(35, 44)))
    starts = [n.start for n in longer.notes]
    assert starts == sorted(starts)


def test_a_sheet_without_a_whole_bar_stays() -> None:
    lead = Lead(sheet(), 0.0)
    assert repeated(lead, 1.0, 9.0) is lead
