"""Generation a few milliseconds at a time, without a thread."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from descant.runtime import (
    CooperativeJob,
    DescantError,
    Engine,
    GenerationCancelled,
    NotReadyError,
    Request,
    RequestError,
)

REQUEST = Request(prompt="calm piano", seconds=1.5, seed=0, count=2)


def finished(job: CooperativeJob, budget_ms: float = 0.0) -> int:
    """Advance a job to its end; return how many calls that took."""
    calls = 1
    while not job.advance(budget_ms):
        calls += 1
    return calls


def test_same_bytes_as_generate(tiny_engine: Engine) -> None:
    wanted = tiny_engine.generate_many(REQUEST)
    job = tiny_engine.begin(REQUEST)
    seen = [job.progress.fraction]
    while not job.advance(0.0):
        assert not job.done
        seen.append(job.progress.fraction)
    assert seen == sorted(seen)
    assert len(seen) > 40  # it did stop between calls
    assert job.done
    assert job.progress.fraction == 1.0
    assert [c.samples.tobytes() for c in job.clips()] == [c.samples.tobytes() for c in wanted]
    assert job.result() is job.clips()[0]
    assert job.result().receipt == wanted[0].receipt
    assert job.advance(0.0)  # and again


@pytest.mark.parametrize("budget", [0.0, 5.0, math.inf])
def test_other_packs_and_loops(budget: float, mg2: Engine, tiny_pack: Path) -> None:
    request = Request(prompt="calm piano", seconds=1.5, seed=3)
    with Engine.open(tiny_pack, threads=1, device_loop=True) as looped:
        for engine in (mg2, looped):
            job = engine.begin(request)
            calls = finished(job, budget)
            assert calls > 10 if budget == 0.0 else calls >= 1
            assert job.result().samples.tobytes() == engine.generate(request).samples.tobytes()


def test_every_kind_of_input_stops_too(tiny_engine: Engine, files: Path) -> None:
    wish = Request(
        prompt="calm piano",
        story="A ship in the fog. " * 40,
        images=(files / "a.png", files / "b.jpg"),
        audio=files / "sound.wav",
        hum=files / "hum.wav",
        seconds=1.0,
        seed=0,
    )
    job = tiny_engine.begin(wish)
    assert finished(job) > 60
    assert job.result().samples.tobytes() == tiny_engine.generate(wish).samples.tobytes()


def test_loops_and_long_clips(tiny_engine: Engine) -> None:
    for wish in (Request(prompt="x", bars=2, loop=True, seed=0), Request(prompt="x", seconds=61)):
        request = replace(wish, seed=0)
        job = tiny_engine.begin(request)
        assert finished(job, 1.0) > 10
        assert job.result().samples.tobytes() == tiny_engine.generate(request).samples.tobytes()


def test_jobs_of_two_engines_interleave(tiny_engine: Engine, tiny_pack: Path) -> None:
    with Engine.open(tiny_pack, threads=1) as other:
        jobs = [engine.begin(REQUEST) for engine in (tiny_engine, other, tiny_engine)]
        while not all([job.advance(1.0) for job in jobs]):
            pass
        made = {job.result().samples.tobytes() for job in jobs}
    assert made == {tiny_engine.generate_many(REQUEST)[0].samples.tobytes()}


def test_cancel(tiny_engine: Engine) -> None:
    unstarted, half = tiny_engine.begin(REQUEST), tiny_engine.begin(REQUEST)
    for _ in range(10):
        half.advance(0.0)
    for job in (unstarted, half):
        with pytest.raises(NotReadyError, match="not done"):
            job.result()
        job.cancel()
        job.cancel()
        assert job.done
        assert job.advance(1000.0)
        with pytest.raises(GenerationCancelled):
            job.result()
    done = tiny_engine.begin(REQUEST)
    finished(done, math.inf)
    done.cancel()
    assert len(done.clips()) == 2


def test_cancel_from_another_thread(tiny_engine: Engine) -> None:
    job = tiny_engine.begin(Request(prompt="x", seconds=60, steps=100, seed=0))
    timer = threading.Timer(0.05, job.cancel)
    timer.start()
    assert job.advance(math.inf)
    timer.join()
    with pytest.raises(GenerationCancelled):
        job.result()


def test_closing_the_engine_cancels(tiny_pack: Path) -> None:
    engine = Engine.open(tiny_pack, threads=1)
    job = engine.begin(REQUEST)
    job.advance(0.0)
    engine.close()
    assert job.done
    with pytest.raises(GenerationCancelled):
        job.result()
    with pytest.raises(DescantError, match="closed"):
        engine.begin(REQUEST)


def test_a_job_that_is_dropped_lets_the_engine_rest(tiny_pack: Path) -> None:
    with Engine.open(tiny_pack, threads=1, idle_seconds=0.01) as engine:
        job = engine.begin(REQUEST)
        for _ in range(10):
            job.advance(0.0)
        time.sleep(0.1)
        assert engine.sessions.loaded  # it is still wanted
        gc.disable()  # it is in no cycle
        try:
            del job
            assert engine._idle._users == 0
        finally:
            gc.enable()
        end = time.monotonic() + 20
        while engine.sessions.loaded and time.monotonic() < end:
            time.sleep(0.01)
        assert engine.sessions.loaded == ()


def test_what_goes_wrong_is_raised_by_the_result(tiny_engine: Engine) -> None:
    job = tiny_engine.begin(Request(prompt="x", melody="missing.mid"))
    finished(job, 10.0)
    with pytest.raises(RequestError, match=r"missing\.mid"):
        job.result()


@pytest.mark.parametrize("budget", [-1.0, math.nan, "4", None])
def test_budgets_that_are_none(budget: float, tiny_engine: Engine) -> None:
    job = tiny_engine.begin(REQUEST)
    with pytest.raises(RequestError, match="budget_ms"):
        job.advance(budget)
    job.cancel()


LEAVING = """
import sys
import time
from descant.runtime import Engine, Request, Soundtrack
engine = Engine.open(sys.argv[1], threads=1, idle_seconds=0.01)
long = Request(prompt="x", seconds=60, steps=100, seed=0)
half = engine.begin(long)
for _ in range(30):
    half.advance(0.0)
music = Soundtrack(engine, Request(prompt="x", seed=0, steps=100), (0.2, 0.5, 1.0), bars=64)
music.start()
while music.progress == 0.0:
    time.sleep(0.001)
running = engine.start(long)
while running.progress.stage != "sample":
    time.sleep(0.001)
print("leaving", half.done, running.done, music.done)
"""


def test_a_program_may_end_in_the_middle(tiny_pack: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", LEAVING, str(tiny_pack)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["leaving", "False", "False", "False"]
