"""Progress, cancelling, threads, and closing in the middle of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from descant.runtime import (
    DescantError,
    Engine,
    GenerationCancelled,
    Progress,
    Request,
    RequestError,
)
from tests.runtime.test_engine import make


def test_progress_rises_to_one(tiny_engine: Engine) -> None:
    seen: list[Progress] = []
    tiny_engine.generate_many(Request(prompt="x", seconds=1, seed=0, count=2), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert {progress.clip for progress in seen} == {1, 2}


def test_cancel_within_one_step(tiny_engine: Engine) -> None:
    seen: list[Progress] = []
    reached = threading.Event()
    allowed = threading.Event()

    def listen(progress: Progress) -> None:
        seen.append(progress)
        if len([p for p in seen if p.stage == "sample"]) == 3:
            reached.set()
            allowed.wait(20)

    job = tiny_engine.start(Request(prompt="calm piano", seconds=1, steps=50, seed=0), listen)
    assert reached.wait(20)
    job.cancel()
    allowed.set()
    with pytest.raises(GenerationCancelled):
        job.result(timeout=20)
    assert len([p for p in seen if p.stage == "sample"]) == 3
    # The engine is as good as before.
    assert make(tiny_engine).samples.size


def test_job(tiny_engine: Engine) -> None:
    request = Request(prompt="calm piano", seconds=1.5, seed=0, count=2)
    job = tiny_engine.start(request)
    clips = job.clips(timeout=60)
    assert job.done
    assert job.progress.fraction == 1.0
    assert job.result() is clips[0]
    assert clips[0].samples.tobytes() == make(tiny_engine).samples.tobytes()


def test_job_that_fails_and_job_that_lasts(tiny_engine: Engine) -> None:
    failing = tiny_engine.start(Request(prompt="x", melody="missing.mid"))
    with pytest.raises(RequestError, match=r"missing\.mid"):
        failing.result(timeout=20)
    go_on = threading.Event()

    def wait(_: Progress) -> None:
        go_on.wait(20)

    lasting = tiny_engine.start(Request(prompt="x", seconds=1), wait)
    with pytest.raises(TimeoutError):
        lasting.result(timeout=0.05)
    go_on.set()
    assert lasting.result(timeout=20).samples.size


def test_threads_share_an_engine(tiny_pack: Path) -> None:
    with Engine.open(tiny_pack, threads=1) as engine:
        jobs = [engine.start(Request(prompt="calm piano", seconds=1, seed=i % 2)) for i in range(6)]
        made = [job.result(timeout=60).samples.tobytes() for job in jobs]
    assert len(set(made)) == 2
    assert made[0] == made[2] == made[4]


def test_closing_the_engine_in_a_callback(tiny_pack: Path) -> None:
    engine = Engine.open(tiny_pack, threads=1)
    waited: list[bool] = []
    there = threading.Event()

    def close(_: Progress) -> None:
        there.wait(20)
        engine.close()
        waited.append(job.wait())

    job = engine.start(Request(prompt="x", seconds=1, seed=0), close)
    there.set()
    with pytest.raises(GenerationCancelled):
        job.result(timeout=60)
    assert waited == [False]


def test_closed_engine(tiny_pack: Path) -> None:
    engine = Engine.open(tiny_pack, threads=1)
    job = engine.start(Request(prompt="x", seconds=60, steps=100, seed=0))
    engine.close()
    engine.close()
    assert job.done
    with pytest.raises(DescantError, match="closed"):
        engine.generate(Request(prompt="x"))
