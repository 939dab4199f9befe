"""The numbers that sum up many runs, and how they are written."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.runtime.bench import words
from descant.runtime.bench.stats import by_stage, seconds_per_second, summarise
from descant.runtime.bench.svg import ticks

TIMES = st.lists(st.floats(0.01, 1e6, allow_nan=False), min_size=1, max_size=80)


@given(TIMES)
def test_percentiles_are_in_order_and_inside(times: list[float]) -> None:
    found = summarise(times)
    points = [found.min, found.p25, found.p50, found.p75, found.p95, found.p99, found.max]
    assert points == sorted(points)
    assert found.min <= found.mean <= found.max
    assert found.min == pytest.approx(min(times), abs=1e-4)
    assert found.max == pytest.approx(max(times), abs=1e-4)
    assert found.std >= 0


@given(TIMES)
def test_agrees_with_the_standard_library(times: list[float]) -> None:
    found = summarise(times)
    assert found.mean == pytest.approx(statistics.fmean(times), rel=1e-9, abs=1e-4)
    assert found.p50 == pytest.approx(statistics.median(times), rel=1e-9, abs=1e-4)
    if len(times) > 1:
        assert found.std == pytest.approx(statistics.stdev(times), rel=1e-6, abs=1e-3)


@given(TIMES)
def test_order_of_runs_does_not_matter(times: list[float]) -> None:
    one, other = summarise(times), summarise(sorted(times))
    assert (one.p25, one.p50, one.p99, one.max) == (other.p25, other.p50, other.p99, other.max)
    assert one.mean == pytest.approx(other.mean, rel=1e-9, abs=1e-4)


def test_known_percentiles() -> None:
    found = summarise([float(i) for i in range(101)])
    assert (found.p25, found.p50, found.p75, found.p95, found.p99) == (25, 50, 75, 95, 99)


def test_a_stage_that_a_run_lacks_took_no_time() -> None:
    stages = by_stage([{"sample": 10.0}, {"sample": 20.0, "rank": 4.0}])
    assert stages["sample"].mean == 15.0
    assert stages["rank"].min == 0.0
    assert stages["rank"].mean == 2.0


def test_rtf_is_seconds_of_audio_per_second() -> None:
    assert seconds_per_second(10.0, 500.0) == 20.0
    assert seconds_per_second(1.0, 4000.0) == 0.25


@given(st.floats(1e-6, 1e9))
def test_ticks_are_round_and_reach_the_largest(largest: float) -> None:
    found = ticks(largest)
    assert found[0] == 0.0
    assert 2 <= len(found) <= 8
    assert found[-1] >= largest * 0.99
    assert found[-1] <= largest * 2.1


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.8249, "3.82 ms"), (412.4, "412 ms"), (2411.0, "2.41 s"), (61_000.0, "61.0 s"), (None, "-")],
)
def test_times_are_written_for_people(value: float | None, text: str) -> None:
    assert words.milliseconds(value) == text
