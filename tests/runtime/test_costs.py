"""What pieces cost: learned, interpolated, bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.runtime.costs import MOST_SIZES, Costs, measured
from descant.runtime.pieces import Piece, Pieces, drain


def test_the_latest_times_count() -> None:
    costs, piece = Costs(), Piece("step", 100)
    assert costs.typical(piece) is costs.cautious(piece) is None
    costs.add(piece, 5.0)
    assert costs.typical(piece) == costs.cautious(piece) == 5.0
    for seconds in range(1, 10):  # as many as are remembered: the first is forgotten
        costs.add(piece, float(seconds))
    assert costs.typical(piece) == 5.0
    assert costs.cautious(piece) == 7.0
    assert costs.typical(Piece("other", 100)) is None


def test_between_and_beyond_sizes() -> None:
    costs = Costs()
    costs.add(Piece("step", 100), 1.0)
    assert costs.typical(Piece("step", 50)) == pytest.approx(0.5)
    costs.add(Piece("step", 200), 3.0)
    assert costs.typical(Piece("step", 150)) == pytest.approx(2.0)
    assert costs.typical(Piece("step", 400)) == pytest.approx(6.0)
    costs.add(Piece("still"), 1.0)
    assert costs.typical(Piece("still", 10)) == 1.0


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.0, 10.0)), min_size=1, max_size=200))
def test_estimates_stay_within_what_was_met(met: list[tuple[int, float]]) -> None:
    costs = Costs()
    for size, seconds in met:
        costs.add(Piece("step", size), seconds)
    sizes = list(dict.fromkeys(size for size, _ in reversed(met)))[:MOST_SIZES]
    for size in range(min(sizes), max(sizes) + 1, 17):
        estimate = costs.cautious(Piece("step", size))
        assert estimate is not None
        assert 0.0 <= estimate <= max(seconds for _, seconds in met)


def test_pieces_are_timed_the_last_and_the_failing_one_too() -> None:
    times = iter(range(100))
    costs = Costs()

    def two() -> Pieces[str]:
        yield Piece("first")
        yield Piece("second")
        return "done"

    def failing() -> Pieces[str]:
        yield Piece("third")
        raise ValueError("third")

    assert drain(measured(two(), costs, lambda: float(next(times)))) == "done"
    with pytest.raises(ValueError, match="third"):
        drain(measured(failing(), costs, lambda: float(next(times))))
    for name in ("first", "second", "third"):
        assert costs.typical(Piece(name)) == 1.0
