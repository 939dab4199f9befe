"""How a soundtrack is made: by whom, to which end, and what stops it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from descant.runtime import Engine, Progress, Soundtrack
from descant.runtime.errors import DescantError, GenerationCancelled, RequestError
from tests.runtime.test_soundtrack import soundtrack


@pytest.fixture(scope="module")
def made(tiny_engine: Engine) -> Soundtrack:
    """Return one that was made at once."""
    return soundtrack(tiny_engine).render()


def test_closing_stops_the_work(tiny_engine: Engine) -> None:
    music, begun = soundtrack(tiny_engine), threading.Event()
    music.start(lambda progress: begun.set())
    assert begun.wait(30)
    music.close()
    if not music.done:
        with pytest.raises(GenerationCancelled):
            music.wait()


def test_beside_the_thread_nothing_else_makes_it(tiny_engine: Engine, made: Soundtrack) -> None:
    music, seen, go_on = soundtrack(tiny_engine), set(), threading.Event()

    def hold(_: Progress) -> None:
        seen.add(threading.current_thread().name)
        go_on.wait(30)

    music.start(hold)
    assert not any(music.advance(1000.0) for _ in range(3))
    go_on.set()
    assert music.render() is music
    assert music.advance(0.0)
    assert seen == {"descant-soundtrack"}
    for name, clip in made.clips.items():
        assert music.clips[name].samples.tobytes() == clip.samples.tobytes()


def test_a_half_made_one_is_finished_in_another_way(tiny_engine: Engine, made: Soundtrack) -> None:
    for finish in (Soundtrack.render, Soundtrack.start):
        music = soundtrack(tiny_engine)
        for _ in range(40):
            music.advance(0.0)
        finish(music)
        assert music.wait(60)
        for name, clip in made.clips.items():
            assert music.clips[name].samples.tobytes() == clip.samples.tobytes()


@pytest.mark.parametrize("error", [RequestError("no"), ValueError("no")], ids=["ours", "theirs"])
def test_what_went_wrong_stays_wrong(tiny_engine: Engine, error: Exception) -> None:
    def fail(progress: Progress) -> None:
        if progress.clip == 2:
            raise error

    ways = [lambda m: m.render(fail), lambda m: (m.start(fail), m.wait())]
    for begin in ways:
        music = soundtrack(tiny_engine)
        for again in (begin, Soundtrack.render, Soundtrack.wait, lambda m: m.advance(5.0)):
            with pytest.raises(type(error), match="no"):
                again(music)
            assert not music.done
        music.close()


@pytest.mark.parametrize("begin", [Soundtrack.start, Soundtrack.render], ids=["start", "render"])
@pytest.mark.parametrize("whose", ["music", "engine"])
def test_closing_in_a_callback(tiny_pack: Path, begin: Any, whose: str) -> None:
    with Engine.open(tiny_pack, threads=1) as engine:
        music = soundtrack(engine)
        stop = (music if whose == "music" else engine).close

        def run() -> None:
            begin(music, lambda _: stop())
            music.wait(60)

        with pytest.raises(DescantError):
            run()
        assert not music.done


def test_the_engine_stops_it(tiny_pack: Path) -> None:
    engine, begun = Engine.open(tiny_pack, threads=1), threading.Event()
    music = soundtrack(engine, bars=16)
    music.start(lambda progress: begun.set())
    assert begun.wait(30)
    engine.close()
    with pytest.raises(GenerationCancelled):
        music.wait()
