"""The jobs of an engine that are not done yet."""

from __future__ import annotations

import threading
import weakref
from typing import Protocol

_EXIT_SECONDS = 5.0
"""How long the end of the program waits for what can't be stopped at once."""


class Stoppable(Protocol):
    """A job."""

    @property
    def done(self) -> bool:
        """Whether it has ended."""

    def cancel(self) -> None:
        """Ask it to stop."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has."""


class Running:
    """Jobs by weak references: one that its owner has dropped is not kept alive."""

    def __init__(self) -> None:
        self._jobs: weakref.WeakSet[Stoppable] = weakref.WeakSet()
        self._lock = threading.Lock()
        # A program that ends while a thread is computing: the thread is told before the
        # interpreter takes its modules away.
        weakref.finalize(self, _stop, self._jobs, _EXIT_SECONDS)

    def add(self, job: Stoppable) -> None:
        """Keep an eye on a job."""
        with self._lock:
            self._jobs.add(job)

    def stop(self) -> None:
        """Cancel all, and wait until they are done."""
        with self._lock:
            jobs = set(self._jobs)
        _stop(jobs, None)


def _stop(jobs: weakref.WeakSet[Stoppable] | set[Stoppable], timeout: float | None) -> None:
    running = [job for job in set(jobs) if not job.done]
    for job in running:
        job.cancel()
    for job in running:
        job.wait(timeout)
