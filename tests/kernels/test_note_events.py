"""Notes are read from probabilities."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels.note_events import NoteRule, note_events

RULE = NoteRule()
Planes = tuple[np.ndarray, np.ndarray]


def planes(notes: list[tuple[int, int, int]], frames: int = 200) -> Planes:
    """Onset and note probabilities of (row, begin, end)."""
    onset, note = np.zeros((88, frames), np.float32), np.zeros((88, frames), np.float32)
    for row, begin, end in notes:
        onset[row, begin] = 0.9
        onset[row, begin + 1] = 0.5
        note[row, begin:end] = 0.8
    return onset, note


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.integers(0, 87), st.tuples(st.integers(0, 150), st.integers(6, 40))))
def test_what_was_drawn_is_found(drawn: dict[int, tuple[int, int]]) -> None:
    notes = [(row, begin, begin + length) for row, (begin, length) in drawn.items()]
    found = note_events(*planes(notes), RULE)
    assert sorted((e.row, e.begin, e.end) for e in found) == sorted(notes)
    assert [e.begin for e in found] == sorted(e.begin for e in found)


def test_a_note_struck_again_is_two() -> None:
    found = note_events(*planes([(40, 10, 50), (40, 50, 90)]), RULE)
    assert [(e.begin, e.end) for e in found] == [(10, 50), (50, 90)]


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    onset, note = planes([(40, 10, 60)])
    note[40, 30 : 30 + RULE.bridge] = 0.0
    assert [(e.begin, e.end) for e in note_events(onset, note, RULE)] == [(10, 60)]
    note[40, 30 : 30 + RULE.bridge + 1] = 0.0
    assert note_events(onset, note, RULE)[0].end == 30


def test_a_long_stretch_needs_no_onset_and_a_short_one_does() -> None:
    onset, note = planes([(40, 10, 40), (50, 60, 60 + RULE.unstruck - 1)])
    onset[:] = 0.0
    assert [(e.row, e.begin, e.end) for e in note_events(onset, note, RULE)] == [(40, 10, 40)]


def test_an_onset_without_a_note_is_nothing() -> None:
    onset, note = planes([(40, 10, 40)])
    note[:] = 0.1
    assert note_events(onset, note, RULE) == []
