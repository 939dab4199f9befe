"""Deadlines: fewer steps, or a preview, by what stages have cost; said in words and the receipt."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import Clip, Engine, Request, RequestError
from descant.runtime import starter_making as making
from descant.runtime.cli import main
from descant.runtime.costs import Costs
from descant.runtime.deadline import Deadline, Needed, TooLateError, check_time, in_time, needed
from descant.runtime.pieces import Piece, drain
from descant.runtime.plan import Plan
from descant.runtime.starter import StarterPipeline

WISH = Request(prompt="calm piano", seconds=2.0, seed=5, steps=8)


class Known(Costs):
    """Costs that are what they are."""

    def __init__(self, fixed: float, step: float) -> None:
        super().__init__()
        self.fixed, self.step = fixed, step

    def cautious(self, piece: Piece) -> float | None:
        """Return seconds of a stage; a quarter of ``fixed`` for each but the steps."""
        return self.step if "sample" in piece.name else self.fixed / 4


@pytest.fixture
def engine(tiny_pack: Path) -> Iterator[Engine]:
    """Return an engine of this test's own."""
    with Engine.open(tiny_pack, threads=1) as opened:
        yield opened


@pytest.fixture
def plan(engine: Engine) -> Plan:
    """Return a plan of eight steps."""

    def work(pipeline: Any) -> Plan:
        assert isinstance(pipeline, StarterPipeline)
        return drain(pipeline._planner.plan(WISH))

    return engine.on_device(work)


def by(engine: Engine, milliseconds: float, fixed: float, step: float, **more: Any) -> Clip:
    """Make a clip by an engine that knows what stages cost, in seconds."""
    engine.sessions.costs = Known(fixed, step)
    return engine.generate(dataclasses.replace(WISH, deadline_ms=milliseconds, **more))


def test_as_many_steps_as_fit(engine: Engine) -> None:
    clip = by(engine, 100_000, fixed=10.0, step=20.0)  # 100 / 1.1 - 10 = 80 s for steps of 20
    assert clip.receipt["request"]["steps"] == 4
    assert clip.gave_up == ("4 of 8 steps",)
    assert clip.receipt["gave_up"] == ["4 of 8 steps"]
    assert clip.warnings[-1] == "for the deadline of 100000 ms it gave up 4 of 8 steps"
    assert not clip.preview
    wanted = engine.generate(dataclasses.replace(WISH, steps=4))
    assert clip.samples.tobytes() == wanted.samples.tobytes()
    assert wanted.gave_up == ()


def test_enough_time_costs_nothing(engine: Engine) -> None:
    clip = by(engine, 1_000_000, fixed=1.0, step=1.0)
    assert (clip.gave_up, clip.warnings, clip.preview) == ((), (), False)
    assert clip.samples.tobytes() == engine.generate(WISH).samples.tobytes()
    assert clip.receipt == engine.generate(WISH).receipt


@pytest.mark.parametrize("milliseconds", [0.0, 100_000.0])
def test_too_little_time_leaves_a_preview(milliseconds: float, engine: Engine) -> None:
    clip = by(engine, milliseconds, fixed=100.0, step=1.0)
    assert clip.preview
    assert clip.gave_up == ("the music: there was no time for one of 8 steps",)
    assert clip.samples.shape == (1, 88_200)
    assert clip.notes
    assert clip.sheet is not None
    assert clip.retrieved
    assert clip.receipt["request"]["deadline_ms"] == 0.0  # makes the same preview again
    again = engine.generate(dataclasses.replace(WISH, deadline_ms=0.0))
    assert again.samples.tobytes() == clip.samples.tobytes()


def test_a_preview_of_a_loop(engine: Engine) -> None:
    clip = by(engine, 0.0, 1.0, 1.0, bars=2, seconds=None, loop=True, tempo_bpm=120)
    assert clip.preview
    assert clip.loop
    assert clip.samples.shape == (1, 4 * 44_100)


def test_clips_share_the_time(engine: Engine) -> None:
    engine.sessions.costs = Known(10.0, 10.0)
    clips = engine.generate_many(dataclasses.replace(WISH, deadline_ms=120_000, count=3))
    assert clips[0].receipt["request"]["steps"] == 2  # of the first third
    assert [clip.seed for clip in clips] == [5, 6, 7]


def test_late_after_the_steps(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TooLateError("the music: it took too long")

    monkeypatch.setattr(making, "check_time", late)
    clip = by(engine, 1_000_000, fixed=1.0, step=1.0)
    assert clip.preview
    assert clip.gave_up == ("the music: it took too long",)


def test_the_first_deadline_measures(engine: Engine) -> None:
    assert engine.costs.typical(Piece("text_encoder")) is None
    clip = engine.generate(dataclasses.replace(WISH, deadline_ms=60_000.0))
    assert clip.gave_up == ()
    assert clip.samples.tobytes() == engine.generate(WISH).samples.tobytes()


def test_time_between_calls_does_not_count(engine: Engine) -> None:
    engine.sessions.costs = Known(0.1, 0.1)
    job = engine.begin(dataclasses.replace(WISH, deadline_ms=20_000.0))
    job.advance(1.0)
    time.sleep(0.05)
    while not job.advance(5.0):
        pass
    assert job.result().gave_up == ()


def test_the_clock_decides(plan: Plan) -> None:
    now = [100.0]
    deadline = Deadline(1000.0, lambda: now[0])
    assert deadline.left == pytest.approx(1.0)
    now[0] += 0.4
    assert deadline.left == pytest.approx(0.6)
    assert deadline.share(3).left == pytest.approx(0.2)
    costs = Known(fixed=0.4, step=0.1)
    need = needed(costs, plan)
    assert need is not None
    assert (need.before, need.step, need.after) == pytest.approx((0.1, 0.1, 0.3))
    check_time(costs, plan, deadline)
    check_time(costs, plan, None)
    now[0] += 0.4  # 0.2 s are left for 0.3
    with pytest.raises(TooLateError, match="8 steps took longer"):
        check_time(costs, plan, deadline)


def test_steps_by_time(plan: Plan) -> None:
    need = Needed(before=0.05, step=0.1, after=0.15)
    steps = []
    for seconds in (0.1, 0.3, 0.4, 0.7, 5.0):
        shorter, gave_up = in_time(plan, seconds, need)
        steps.append(shorter.settled.steps if shorter else 0)
        assert bool(gave_up) == (seconds < 5.0)
    assert steps == [0, 0, 1, 4, 8]
    assert needed(Costs(), plan) is None
    assert in_time(plan, 1.0, None) == (plan, ())


@pytest.mark.parametrize("value", [-1, float("nan"), 1e9, "soon"])
def test_deadlines_that_are_none(value: float) -> None:
    with pytest.raises(RequestError, match="deadline_ms"):
        Request(prompt="x", deadline_ms=value)


def test_deadlines_that_can_not_be_kept(mg2: Engine) -> None:
    with pytest.raises(RequestError, match="recording to start from"):
        Request(init="a.wav", deadline_ms=100)
    with pytest.raises(RequestError, match="can't promise a time"):
        mg2.generate(Request(prompt="x", deadline_ms=100))


def test_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--deadline-ms", "0", "--json"]) == 0
    assert '"preview": true' in capsys.readouterr().out
    assert main([*words, "--deadline-ms", "0"]) == 0
    assert "gave up the music" in capsys.readouterr().err
