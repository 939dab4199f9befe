"""Estimates: learned from clips, kept in a file, never standing at zero."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.desktop.eta import Pace, PaceBook, measured, remaining_s
from descant.desktop.queue_item import QueueItem
from descant.desktop.take_maker import TakeMaker
from descant.runtime import Engine, Request

TIMINGS = {"prepare": 200.0, "condition": 100.0, "sample": 800.0, "decode": 100.0, "vocode": 300.0}


def test_a_clip_like_the_last_one_takes_as_long() -> None:
    pace = measured(TIMINGS, seconds=10.0, steps=8)
    assert pace.total_s(10.0, 8) == pytest.approx(1.5)
    assert pace.total_s(20.0, 8) == pytest.approx(2.7)
    assert pace.total_s(10.0, 16) == pytest.approx(2.3)


def test_more_candidates_take_longer() -> None:
    pace = measured(TIMINGS, seconds=10.0, steps=8)
    assert pace.total_s(10.0, 8, 3) == pytest.approx(0.3 + 3 * 1.2)


def predicted(engine: Engine, request: Request) -> float | None:
    """Return how long a queue's item is thought to take before it begins."""
    paces = PaceBook(None)
    paces.learn(engine.pack.spec.id, engine.device, Pace(0.0, 0.0, 1.0))
    maker = TakeMaker(QueueItem(1, request, "x"), Mock(), None, paces)
    maker._engine = engine
    return maker._predicted_s()


def test_only_a_length_that_is_known_is_counted_on(tiny_engine: Engine, tmp_path: Path) -> None:
    usual = tiny_engine.pack.spec.defaults.seconds
    assert predicted(tiny_engine, Request(prompt="x")) == pytest.approx(usual)
    assert predicted(tiny_engine, Request(prompt="x", seconds=3.0)) == pytest.approx(3.0)
    film = tmp_path / "a.mp4"
    assert predicted(tiny_engine, Request(video=film)) is None
    assert predicted(tiny_engine, Request(video=film, seconds=4.0)) == pytest.approx(4.0)
    assert predicted(tiny_engine, Request(prompt="x", bars=8)) is None
    assert predicted(tiny_engine, Request(prompt="x", loop=True)) is None
    several = Request(prompt="x", seconds=3.0, count=2, candidates=5)
    assert predicted(tiny_engine, several) == pytest.approx(15.0)


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
