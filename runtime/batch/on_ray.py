"""Rows on the machines of a Ray cluster; Ray is an extra and is imported here only."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from descant.runtime.batch.job import Job, Outcome, Settings, failed
from descant.runtime.errors import BackendError, OutputError
from descant.runtime.files import write_atomically

LOCAL = "local"
"""In place of an address: a cluster on this machine, that begins and ends with the batch."""
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
"""Else Ray reports its use to its maker."""
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_worker_niceness": "0"}
"""A cluster of one machine listens on the loopback only, on Linux too, and its workers are as
important as any process: Ray's own niceness of 15 lets them wait for everything else."""
PATIENCE_S = 20.0
"""After so long without an answer it is said that the cluster is full."""
Say = Callable[[str], None]


def run_on_ray(
    jobs: Sequence[Job], settings: Settings, workers: int, address: str, say: Say
) -> Generator[Outcome, None, None]:
    """Yield what becomes of each row, in the order in which they are done.

    The clips' bytes come back and are written here, whole. Files that rows name, and packs that
    do not ship with descant, must be at the same place on every machine.

    Args:
        jobs: To be made.
        settings: ``folder`` is on this machine.
        workers: Actors; each asks for ``threads`` processors.
        address: Of the cluster, such as ``auto``, ``ray://host:10001`` or ``host:6379``; or
            ``local``.
        say: Hears, in words, of what the user should know: fewer actors than were asked for.

    Raises:
        BackendError: Ray is not installed, there is no cluster at the address, or it has no machine
            that is large enough.
    """
    ray = load_ray(address)
    own = not ray.is_initialized()
    if own:
        connect(ray, address, workers * settings.threads)
    try:
        held = places(ray, settings.threads)
        if held < workers:
            say(f"the cluster holds {held} workers of {settings.threads} processors, not {workers}")
        yield from _run(ray, jobs, settings, min(workers, len(jobs), held), say)
    finally:
        if own:
            ray.shutdown()


class RowMaker:
    """An actor with an open engine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: Any = None

    def here(self) -> None:
        """Say that it has got its place in the cluster."""

    def make(self, job: Job) -> tuple[Outcome, list[bytes]]:
        """Return what became of a row, and the content of its files."""
        from descant.runtime.batch.make import make_content
        from descant.runtime.engine import Engine

        settings = self._settings
        if self._engine is None:
            self._engine = Engine.open(settings.pack, settings.device, settings.threads)
        return make_content(self._engine, job, settings)


def load_ray(address: str) -> Any:
    """Return Ray's module; what it does at such an address has to be said before it is imported.

    Raises:
        BackendError: It is not installed.
    """
    os.environ |= QUIET
    if address == LOCAL:
        for name, value in ALONE.items():
            os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise BackendError("Ray is not installed", hint="pip install 'descant[ray]'") from error
    return ray


def connect(ray: Any, address: str, cpus: int) -> None:
    """Begin a cluster on this machine, or join one.

    Raises:
        BackendError: There is none.
    """
    try:
        if address == LOCAL:
            ray.init(
                address=LOCAL, num_cpus=cpus, include_dashboard=False, log_to_driver=False,
                logging_level=logging.ERROR,
            )  # fmt: skip
        else:
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise BackendError(
            f"there is no Ray cluster at {address!r:.100}: {' '.join(str(error).split())[:200]}",
            hint="start one by `ray start --head`, or give --ray local",
        ) from error


def places(ray: Any, threads: int) -> int:
    """Return how many actors of so many processors the cluster's machines hold at a time.

    Raises:
        BackendError: Not one; an actor would wait for ever.
    """
    alive = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    cores = [float(machine.get("CPU", 0.0)) for machine in alive]
    count = sum(int(free // threads) for free in cores)
    if count < 1:
        raise BackendError(
            f"a worker takes {threads} processors, and the largest machine of the cluster has "
            f"{max(cores, default=0.0):g}",
            hint="give fewer --threads",
        )
    return count


def _run(
    ray: Any, jobs: Sequence[Job], settings: Settings, workers: int, say: Say
) -> Generator[Outcome, None, None]:
    """Give rows to actors that have answered; one that is still waiting for a place gets none."""
    actor = ray.remote(RowMaker).options(num_cpus=settings.threads, max_restarts=-1)
    makers = [actor.remote(settings) for _ in range(workers)]
    asked: dict[Any, tuple[Any, Job | None]] = {
        maker.here.remote(): (maker, None) for maker in makers
    }
    waiting, lost = list(reversed(jobs)), ""
    try:
        while asked and (waiting or any(job for _, job in asked.values())):
            answer = _next_answer(ray, asked, say)
            maker, job = asked.pop(answer)
            try:
                if job is not None:
                    yield _outcome(ray, answer, job, Path(settings.folder))
                else:
                    ray.get(answer)
            except ray.exceptions.RayError as error:  # it could not even begin
                lost = _last_line(error)
                continue
            if waiting:
                job = waiting.pop()
                asked[maker.make.remote(job)] = (maker, job)
            else:
                ray.kill(maker)
        for job in reversed(waiting):
            yield failed(job, f"no actor could begin: {lost}", "see to descant on the machines")
    finally:
        for maker, _ in asked.values():
            ray.kill(maker)


def _next_answer(ray: Any, asked: Mapping[Any, tuple[Any, Job | None]], say: Say) -> Any:
    done, _ = ray.wait(list(asked), num_returns=1, timeout=PATIENCE_S)
    if not done:
        if not any(job for _, job in asked.values()):
            say("the cluster has no free processors yet: the batch waits for them")
        done, _ = ray.wait(list(asked), num_returns=1)
    return done[0]


def _outcome(ray: Any, done: Any, job: Job, folder: Path) -> Outcome:
    """Fetch a row's files and write them."""
    try:
        answer: tuple[Outcome, list[bytes]] = ray.get(done)
        for made, content in zip(answer[0].files, answer[1], strict=True):
            write_atomically(folder / made.file, content)
        return answer[0]
    except ray.exceptions.RayError as error:
        reason = f"the row's actor failed: {_last_line(error)}"
        return failed(job, reason, "run the batch again to retry it")
    except OutputError as error:
        return failed(job, str(error), error.hint)


def _last_line(error: Exception) -> str:
    return str(error).strip().split("\n")[-1][:300]
