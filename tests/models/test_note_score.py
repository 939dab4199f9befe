"""Note F1 is that of mir_eval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.note_score import TimedPitch, note_f1

times = st.floats(0.0, 2.0).map(lambda t: round(t, 3))
lengths = st.floats(0.02, 1.0).map(lambda t: round(t, 3))
notes = st.lists(st.tuples(times, lengths, st.integers(60, 63)), min_size=1, max_size=12)


def _notes(drawn: list[tuple[float, float, int]]) -> list[TimedPitch]:
    return [(start, start + length, float(pitch)) for start, length, pitch in drawn]


@settings(max_examples=60, deadline=None)
@given(notes, notes, st.booleans())
def test_the_measure_is_mir_evals(
    first: list[tuple[float, float, int]], second: list[tuple[float, float, int]], ends: bool
) -> None:
    from mir_eval.transcription import precision_recall_f1_overlap

    truth, found = _notes(first), _notes(second)
    spans = [np.array([n[:2] for n in part]) for part in (truth, found)]
    hertz = [440.0 * 2.0 ** ((np.array([n[2] for n in p]) - 69) / 12) for p in (truth, found)]
    wanted = precision_recall_f1_overlap(
        spans[0], hertz[0], spans[1], hertz[1], offset_ratio=0.2 if ends else None
    )[2]
    assert note_f1(truth, found, ends) == pytest.approx(wanted)


def test_nothing_to_find() -> None:
    assert note_f1([], []) == 1.0
    assert note_f1([(0.0, 1.0, 60.0)], []) == 0.0
