"""How ``advance`` keeps to its budget, by a clock that passes when told to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from descant.runtime import CooperativeJob, DescantError
from descant.runtime.costs import Costs, measured
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.pipeline import Clips
from descant.runtime.progress import OnProgress, Progress, WorkClock


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def job_of(
    milliseconds: list[float], clock: Clock, costs: Costs, before: Callable[[int], None]
) -> CooperativeJob:
    """Return a job whose pieces take so long; ``before`` is called in each."""

    def pieces(listener: OnProgress) -> Pieces[Clips]:
        for i, cost in enumerate(milliseconds):
            yield Piece("work", round(cost))
            before(i)
            listener(Progress("sample", i / len(milliseconds), 1, 1))
            clock.now += cost / 1000.0
        return ()

    def work(listener: OnProgress, _: WorkClock) -> Pieces[Clips]:
        return measured(pieces(listener), costs, clock)

    return CooperativeJob(work, costs, clock)


def test_pieces_that_fit_are_taken() -> None:
    clock, costs, seen = Clock(), Costs(), list[int]()
    for size in (1, 3, 9):
        costs.add(Piece("work", size), size / 1000.0)
    job = job_of([1, 1, 1, 3, 1, 9, 1, 1], clock, costs, seen.append)
    per_call = []
    while not job.done:
        before = len(seen)
        job.advance(4.0)
        per_call.append(seen[before:])
    # 3 + 1 ms fit exactly; what takes nine gets a call of its own.
    assert per_call == [[0, 1, 2], [3, 4], [5], [6, 7]]
    assert job.worked_ms == pytest.approx(18.0)


def test_what_was_never_met_gets_a_call_of_its_own() -> None:
    clock, seen = Clock(), list[int]()
    job = job_of([1, 1, 1, 1], clock, Costs(), seen.append)
    job.advance(100.0)
    assert seen == []  # the first call finds out what comes first
    job.advance(100.0)
    assert seen == [0, 1, 2, 3]  # and then it is known


def test_work_stands_still_between_calls() -> None:
    clock, costs = Clock(), Costs()
    job = job_of([2, 2, 2], clock, costs, lambda i: None)
    while not job.advance(0.0):
        clock.now += 10.0
    assert job.worked_ms == pytest.approx(6.0)
    assert costs.typical(Piece("work", 2)) == pytest.approx(0.002)


def test_it_is_advanced_by_one_at_a_time() -> None:
    errors: list[DescantError] = []

    def again(_: int) -> None:
        with pytest.raises(DescantError, match="already") as raised:
            job.advance(1.0)
        errors.append(raised.value)

    job = job_of([1], Clock(), Costs(), again)
    while not job.advance(0.0):
        pass
    assert len(errors) == 1


def test_ctrl_c_is_not_swallowed() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    job = job_of([1], Clock(), Costs(), interrupt)
    job.advance(0.0)  # finds out what comes first
    with pytest.raises(KeyboardInterrupt):
        job.advance(0.0)
    assert job.done
