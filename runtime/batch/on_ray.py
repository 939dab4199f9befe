"""Rows on the machines of a Ray cluster; Ray is an extra and is imported here only."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Sequence
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


def run_on_ray(
    jobs: Sequence[Job], settings: Settings, workers: int, address: str
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

    Raises:
        BackendError: Ray is not installed, or there is no cluster at the address.
    """
    ray = load_ray(address)
    own = not ray.is_initialized()
    if own:
        connect(ray, address, workers * settings.threads)
    try:
        yield from _run(ray, jobs, settings, min(workers, len(jobs)))
    finally:
        if own:
            ray.shutdown()


class RowMaker:
    """An actor with an open engine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: Any = None

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


def _run(
    ray: Any, jobs: Sequence[Job], settings: Settings, workers: int
) -> Generator[Outcome, None, None]:
    actor = ray.remote(RowMaker).options(num_cpus=settings.threads, max_restarts=-1)
    idle = [actor.remote(settings) for _ in range(workers)]
    waiting = list(reversed(jobs))
    busy: dict[Any, tuple[Any, Job]] = {}
    while waiting or busy:
        while waiting and idle:
            maker, job = idle.pop(), waiting.pop()
            busy[maker.make.remote(job)] = (maker, job)
        (done, *_), _ = ray.wait(list(busy), num_returns=1)
        maker, job = busy.pop(done)
        idle.append(maker)
        yield _outcome(ray, done, job, Path(settings.folder))


def _outcome(ray: Any, done: Any, job: Job, folder: Path) -> Outcome:
    """Fetch a row's files and write them."""
    try:
        answer: tuple[Outcome, list[bytes]] = ray.get(done)
        for made, content in zip(answer[0].files, answer[1], strict=True):
            write_atomically(folder / made.file, content)
        return answer[0]
    except ray.exceptions.RayError as error:
        last = str(error).strip().split("\n")[-1]
        return failed(
            job, f"the row's actor failed: {last:.300}", "run the batch again to retry it"
        )
    except OutputError as error:
        return failed(job, str(error), error.hint)
