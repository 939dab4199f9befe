"""Estimates: learned from clips, kept in a file, never standing at zero."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.desktop.eta import Pace, PaceBook, measured, remaining_s

TIMINGS = {"prepare": 200.0, "condition": 100.0, "sample": 800.0, "decode": 100.0, "vocode": 300.0}


def test_a_clip_like_the_last_one_takes_as_long() -> None:
    pace = measured(TIMINGS, seconds=10.0, steps=8)
    assert pace.total_s(10.0, 8) == pytest.approx(1.5)
    assert pace.total_s(20.0, 8) == pytest.approx(2.7)
    assert pace.total_s(10.0, 16) == pytest.approx(2.3)


def test_paces_are_kept_and_a_slower_machine_is_learned(tmp_path: Path) -> None:
    book = PaceBook(tmp_path / "new" / "pace.json")
    assert book.get("starter", "cpu") is None
    book.learn("starter", "cpu", Pace(1.0, 0.01, 0.02))
    for _ in range(12):
        book.learn("starter", "cpu", Pace(2.0, 0.02, 0.04))
    again = PaceBook(tmp_path / "new" / "pace.json").get("starter", "cpu")
    assert again is not None
    assert again.prepare_s == pytest.approx(2.0, abs=0.01)
    assert PaceBook(tmp_path / "new" / "pace.json").get("starter", "cuda") is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": {"prepare_s": "x"}}'])
def test_a_spoiled_file_is_forgotten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pace.json"
    path.write_text(content)
    assert PaceBook(path).get("a", "cpu") is None


@given(
    predicted=st.none() | st.floats(0.0, 1e4),
    elapsed=st.floats(0.0, 1e4),
    fraction=st.floats(0.0, 1.0),
)
def test_what_is_left_is_sensible(predicted: float | None, elapsed: float, fraction: float) -> None:
    left = remaining_s(predicted, elapsed, fraction)
    assert left is None or 0.0 <= left < 1e6
    if fraction == 1.0:
        assert left == 0.0
    if predicted is None and fraction <= 0.08:
        assert left is None
