"""Do the jobs of an evaluation, in this process or in several of one thread each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from descant.export.evaluation.studio import Setup, Studio

OnDone = Callable[[str, float], None]
"""Takes what has been done and the share of the whole that is."""
Job = tuple[str, tuple[Any, ...]]
"""A method of ``Studio`` and its arguments."""


def work(setup: Setup, jobs: Sequence[Job], workers: int, on_done: OnDone) -> list[Any]:
    """Return the jobs' results in their order; ``workers`` processes share them."""
    results: list[Any] = []
    with _studios(setup, workers) as imap:
        for result in imap(jobs):
            results.append(result)
            method, arguments = jobs[len(results) - 1]
            what = "real" if method == "hear_real" else str(arguments[0])
            on_done(what, len(results) / len(jobs))
    return results


@contextmanager
def _studios(setup: Setup, workers: int) -> Iterator[Callable[[Sequence[Job]], Iterator[Any]]]:
    """Give a function that does jobs, here or in processes that end with the context."""
    if workers == 1:
        _open_studio(setup)
        try:
            yield lambda jobs: map(_do, jobs)
        finally:
            _STUDIO.pop().engine.close()
        return
    with _one_thread_each():
        pool = ProcessPoolExecutor(workers, get_context("spawn"), _open_studio, (setup,))
        try:
            yield lambda jobs: pool.map(_do, jobs, chunksize=2)
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Tell processes that start meanwhile to compute on one thread."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        os.environ.pop("OMP_NUM_THREADS")
        if before is not None:
            os.environ["OMP_NUM_THREADS"] = before


_STUDIO: list[Studio] = []
"""This process's own; a pool hands its workers no other place to keep it."""


def _open_studio(setup: Setup) -> None:
    _STUDIO.append(Studio(setup))


def _do(job: Job) -> Any:
    method, arguments = job
    return getattr(_STUDIO[-1], method)(*arguments)
