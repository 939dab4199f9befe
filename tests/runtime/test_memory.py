"""Memory is given back: by a budget, after a while without work, and when an engine is closed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from descant.runtime import DeviceMemoryError, Engine, Request, RequestError
from descant.runtime.idle import IdleTimer
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from descant.runtime.tuning import Tuning

REQUEST = Request(prompt="calm piano", seconds=1.5, seed=0)


def wait_until(what: Callable[[], bool]) -> bool:
    """Give something five seconds to become true."""
    end = time.monotonic() + 5.0
    while not what() and time.monotonic() < end:
        time.sleep(0.005)
    return what()


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tiny pack's graphs of a few kB count as some MB each."""
    monkeypatch.setattr("descant.runtime.graph_source.MEMORY_FACTOR", 1000.0)


def test_the_sum_stays_within_the_budget(heavy: None, tiny_engine: Engine) -> None:
    pack = tiny_engine.pack
    free = Sessions(pack, choose_provider("cpu"), 1)
    sizes: dict[str, float] = {}
    for name in pack.spec.graphs:
        _ = free[name]
        sizes[name] = free.loaded_mb - sum(sizes.values())
    budget = int(max(sizes.values())) + 1
    assert sum(sizes.values()) > budget
    sessions = Sessions(pack, choose_provider("cpu"), tuning=Tuning(1, memory_budget_mb=budget))
    for name in (*pack.spec.graphs, *pack.spec.graphs):
        assert sessions[name].name == name
        assert sessions.loaded_mb <= budget
        assert sessions.loaded[-1] == name


def test_what_was_used_longest_ago_goes_first(heavy: None, tiny_engine: Engine) -> None:
    pack = tiny_engine.pack
    sizes = Sessions(pack, choose_provider("cpu"), 1)
    names = ("text_encoder", "vae_decoder", "vocoder")
    for name in names:
        _ = sizes[name]
    budget = int(sizes.loaded_mb)  # all three just don't fit
    sessions = Sessions(pack, choose_provider("cpu"), tuning=Tuning(1, memory_budget_mb=budget))
    for name in (names[0], names[1], names[0]):
        _ = sessions[name]
    kept = sessions[names[0]]
    _ = sessions[names[2]]
    assert names[1] not in sessions.loaded
    assert sessions[names[0]] is kept


@pytest.mark.parametrize("family", ["tiny_pack", "tiny_mg2"])
def test_a_budget_changes_no_sample(
    family: str, heavy: None, request: pytest.FixtureRequest
) -> None:
    pack = request.getfixturevalue(family)
    with Engine.open(pack, threads=1) as engine:
        wanted = engine.generate(REQUEST).samples.tobytes()
        needed = engine.sessions.loaded_mb
        largest = max(size for _, size in engine.sessions._loaded.values())
    budget = int(largest) + 1
    assert needed > budget
    for loop in (False, True):
        with Engine.open(pack, threads=1, memory_budget_mb=budget, device_loop=loop) as engine:
            for _ in range(2):
                assert engine.generate(REQUEST).samples.tobytes() == wanted
            assert engine.sessions.loaded_mb <= budget


def test_a_graph_above_the_budget(heavy: None, tiny_pack: Path) -> None:
    with open_pack(tiny_pack) as pack:
        sessions = Sessions(pack, choose_provider("cpu"), tuning=Tuning(1, memory_budget_mb=1))
        with pytest.raises(DeviceMemoryError, match=r"needs \d+ MB, and the budget is 1 MB") as no:
            _ = sessions["vocoder"]
        assert "MB or more" in no.value.hint
        assert sessions.loaded == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", 0), ("threads", -1), ("threads", 1.5), ("threads", "2"), ("threads", True),
        ("memory_budget_mb", 0), ("memory_budget_mb", "1"), ("memory_budget_mb", 1.5),
        ("idle_seconds", 0), ("idle_seconds", -1), ("idle_seconds", "1"),
        ("idle_seconds", float("nan")),
    ],
)  # fmt: skip
def test_numbers_that_make_no_sense(tiny_pack: Path, name: str, value: object) -> None:
    with pytest.raises(RequestError, match=name) as refused:
        Engine.open(tiny_pack, **{name: value})  # type: ignore[arg-type]
    assert refused.value.hint


def test_idle_engines_free_their_graphs(tiny_engine: Engine) -> None:
    with Engine.open(tiny_engine.pack.path, threads=1, idle_seconds=0.05) as engine:
        first = engine.generate(REQUEST)
        assert wait_until(lambda: not engine.sessions.loaded)
        assert engine.generate(REQUEST).samples.tobytes() == first.samples.tobytes()
        assert engine.sessions.loaded


def test_free_and_close(tiny_pack: Path) -> None:
    engine = Engine.open(tiny_pack, threads=1)
    engine.generate(REQUEST)
    assert "vocoder" in engine.sessions.loaded
    engine.free()
    assert engine.sessions.loaded == ()
    engine.generate(REQUEST)
    engine.close()
    assert engine.sessions.loaded == ()


def test_a_job_is_not_idle() -> None:
    fired = threading.Event()
    timer = IdleTimer(0.03, fired.set)
    with timer.busy(), timer.busy():
        assert not fired.wait(0.15)
    assert fired.wait(5.0)
    fired.clear()
    assert not fired.wait(0.1)  # once per pause
    with timer.busy():
        pass
    timer.close()
    assert not fired.wait(0.15)


def test_no_timer_without_a_time() -> None:
    before = threading.active_count()
    with IdleTimer(None, lambda: None).busy():
        pass
    assert threading.active_count() == before


def test_a_waiting_timer_lets_the_program_end() -> None:
    code = (
        "from descant.runtime.idle import IdleTimer\n"
        "with IdleTimer(600.0, print).busy():\n"
        "    pass\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
