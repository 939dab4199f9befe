"""The same batch on a Ray cluster of two workers on this machine."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from descant.runtime.batch import on_ray
from descant.runtime.batch.job import Job, Outcome, Settings
from descant.runtime.batch.manifest import FILE_NAME
from descant.runtime.batch.on_ray import ALONE, LOCAL, QUIET, connect, load_ray
from descant.runtime.batch.session import run_batch
from descant.runtime.errors import BackendError


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Start a cluster of two processors on this machine, and shut it down afterwards."""
    if find_spec("ray") is None:  # not imported yet: what it does has to be said before
        pytest.skip("ray is not installed; it is an extra")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**QUIET, **ALONE}.items():
            patch.setenv(name, value)
        module = load_ray(LOCAL)
        connect(module, LOCAL, 2)
        yield module
        module.shutdown()


@pytest.mark.slow
def test_a_batch_on_two_workers(ray: Any, tiny_pack: Path, tmp_path: Path) -> None:
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    (tmp_path / "bad.mid").write_bytes(b"no music")
    csv = tmp_path / "prompts.csv"
    csv.write_text(
        "name,prompt,seconds,steps,melody\na,calm,1,1,\nb,calm,1,1,bad.mid\nc,loud,1,1,\n"
    )
    given: dict[str, Any] = {"pack": tiny_pack, "device": "cpu", "threads": 1}
    there = run_batch(csv, tmp_path / "there", workers=2, ray=LOCAL, **given)
    here = run_batch(csv, tmp_path / "here", workers=1, **given)
    assert (there.made, here.made) == (2, 2)
    assert [failure.name for failure in there.failures] == ["b"]
    assert there.failures[0].error == here.failures[0].error
    for name in ("a.wav", "c.wav"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    told = [json.loads(line) for line in (there.manifest).read_text().splitlines()]
    assert sorted(entry["name"] for entry in told) == ["a", "b", "c"]
    assert sorted(p.name for p in (tmp_path / "there").iterdir()) == ["a.wav", "c.wav", FILE_NAME]
    again = run_batch(csv, tmp_path / "there", workers=2, ray=LOCAL, **given)
    assert (again.made, again.skipped) == (0, 2)
    assert ray.is_initialized()


def test_without_ray(tiny_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.csv").write_text("prompt\ncalm\n")
    with pytest.raises(BackendError, match="Ray is not") as refused:
        run_batch(tmp_path / "a.csv", tmp_path / "out", pack=tiny_pack, ray="local")
    assert "pip install" in refused.value.hint


class FakeRay:
    """As much of Ray as the batch uses: actors answer at once, once they have a place."""

    class exceptions:
        """Ray's errors."""

        class RayError(Exception):
            """Any of them."""

    def __init__(self, *processors: int, busy: int = 0, broken: str = "") -> None:
        """Be a cluster of machines, on which another program has so many places for ever."""
        self.processors, self.busy, self.broken = processors, busy, broken
        self.taken, self.placed = 0, 0
        self.rows: list[str] = []
        self.killed: list[Actor] = []

    def is_initialized(self) -> bool:
        """Whether there is a cluster."""
        return True

    def nodes(self) -> list[dict[str, Any]]:
        """Return the machines, and one that has gone."""
        alive = [{"Alive": True, "Resources": {"CPU": float(n)}} for n in self.processors]
        return [
            *alive,
            {"Alive": False, "Resources": {"CPU": 99.0}},
            {"Alive": True, "Resources": {}},
        ]

    def remote(self, _: type) -> FakeRay:
        """Return what makes actors."""
        return self

    def options(self, num_cpus: int, max_restarts: int) -> Any:
        """Return the same, with more words."""
        assert max_restarts == -1
        self.places = sum(n // num_cpus for n in self.processors) - self.busy
        return SimpleNamespace(remote=lambda settings: Actor(self))

    def wait(
        self, asked: list[Call], num_returns: int, timeout: float | None = None
    ) -> tuple[list[Call], list[Call]]:
        """Return a call of an actor that has a place."""
        ready = [call for call in asked if call.actor.placed()]
        assert ready or timeout is not None, "it would hang"
        return ready[:num_returns], ready[num_returns:]

    def get(self, call: Call) -> Any:
        """Return what a call has come to."""
        if self.broken:
            raise self.exceptions.RayError(f"lines\n{self.broken}")
        return call.answer

    def kill(self, actor: Actor) -> None:
        """End an actor."""
        self.killed.append(actor)


@dataclasses.dataclass(eq=False)
class Call:
    """A call on its way."""

    actor: Actor
    answer: Any


class Actor:
    """Makes rows, of no files."""

    def __init__(self, ray: FakeRay) -> None:
        self.ray, self.has_place = ray, False
        self.here = SimpleNamespace(remote=lambda: Call(self, None))
        self.make = SimpleNamespace(remote=self.made)

    def placed(self) -> bool:
        """Whether the cluster has room for it."""
        if not self.has_place and self.ray.placed < self.ray.places:
            self.has_place, self.ray.placed = True, self.ray.placed + 1
        return self.has_place

    def made(self, job: Job) -> Call:
        """Make a row; only one with a place is ever asked."""
        assert self.has_place
        self.ray.rows.append(job.name)
        return Call(self, (Outcome(job.name, job.line, job.fingerprint, "done"), []))


def on_fake(ray: FakeRay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int,
            threads: int = 2) -> tuple[list[Outcome], list[str]]:  # fmt: skip
    """Run five rows; return what became of them, and what was said."""
    monkeypatch.setattr(on_ray, "load_ray", lambda address: ray)
    settings = Settings("starter", "cpu", threads, ".wav", 16, str(tmp_path))
    jobs = [Job(name, line, {"prompt": name}, "") for line, name in enumerate("abcde", 2)]
    said: list[str] = []
    return list(on_ray.run_on_ray(jobs, settings, workers, "auto", said.append)), said


def test_no_more_actors_than_the_machines_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = FakeRay(3, 5, 1)
    outcomes, said = on_fake(ray, tmp_path, monkeypatch, workers=4)
    assert sorted(outcome.name for outcome in outcomes) == list("abcde")
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert said == ["the cluster holds 3 workers of 2 processors, not 4"]
    assert len(ray.killed) == 3  # each as soon as no row is left


def test_actors_without_a_place_get_no_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = FakeRay(8, busy=3)
    outcomes, said = on_fake(ray, tmp_path, monkeypatch, workers=4)
    assert [outcome.name for outcome in outcomes] == list("abcde")
    assert said == []
    assert len(ray.killed) == 4


def test_a_machine_that_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BackendError, match=r"takes 4 processors, and the largest .* has 2") as no:
        on_fake(FakeRay(2, 2), tmp_path, monkeypatch, workers=1, threads=4)
    assert "threads" in no.value.hint


def test_actors_that_can_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(8, broken="No module named 'descant'")
    outcomes, _ = on_fake(ray, tmp_path, monkeypatch, workers=2)
    assert [outcome.name for outcome in outcomes] == list("abcde")
    assert {outcome.status for outcome in outcomes} == {"failed"}
    assert all("No module named 'descant'" in outcome.error for outcome in outcomes)
