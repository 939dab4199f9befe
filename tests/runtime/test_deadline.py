"""Deadlines: fewer steps, or a preview, by what stages have cost; said in words and the receipt."""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import Clip, CooperativeJob, Engine, Request, RequestError
from descant.runtime import starter_making as making
from descant.runtime.cli import main
from descant.runtime.costs import Costs
from descant.runtime.deadline import Deadline, Needed, TooLateError, check_time, in_time, needed
from descant.runtime.graph import Graph
from descant.runtime.pieces import Piece, drain
from descant.runtime.plan import Plan
from descant.runtime.progress import WorkClock, ignore_progress
from descant.runtime.sessions import Sessions
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


class Clock:
    """Stands still but for what it is told, and a little at every look."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 1e-5
        return self.now


def test_what_is_learned_has_no_pauses_in_it(engine: Engine, plan: Plan) -> None:
    clock = Clock()
    wish = dataclasses.replace(WISH, deadline_ms=20_000.0)
    job = CooperativeJob(lambda *heard: engine.pieces(wish, *heard), engine.costs, clock)
    while not job.advance(0.0):
        clock.now += 10.0
    need = needed(engine.costs, plan)
    assert need is not None
    assert 0.0 < need.before + need.step + need.after < 1.0
    assert (job.result().gave_up, job.result().warnings) == ((), ())


def test_graphs_are_loaded_before_time_counts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    clock, load = Clock(), Sessions._load

    def slowly(*given: Any) -> Graph:
        clock.now += 10.0
        return load(*given)

    monkeypatch.setattr(Sessions, "_load", slowly)
    more: dict[str, Any] = {
        "images": (files / "a.png",),
        "audio": files / "sound.wav",
        "story": "A ship.",
    }
    wish = dataclasses.replace(WISH, deadline_ms=5_000.0, **more)
    for _ in range(2):
        (clip,) = drain(engine.pieces(wish, ignore_progress, WorkClock(clock)))
        assert (clip.gave_up, clip.warnings) == ((), ())
        engine.free()


def test_a_trial_that_fails_leaves_the_clip_its_other_ways(tiny_pack: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed; it breaks the tiny pack's graphs")
    from tests.runtime.broken_graphs import times_when_guided

    pack = Path(shutil.copytree(tiny_pack, tmp_path / "broken"))
    times_when_guided(pack, "denoiser_step", "next_latents", float("nan"))
    with Engine.open(pack, threads=1) as engine:
        clip = engine.generate(dataclasses.replace(WISH, deadline_ms=600_000.0))
        assert "made again with 8 steps and guidance 1" in clip.warnings[0]
        assert not clip.preview


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
