"""Frees what nobody has used for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class IdleTimer:
    """Calls a function so many seconds after the last user has gone.

    It waits on a daemon thread that exists only while nobody works, and keeps no program alive.
    """

    def __init__(self, seconds: float | None, on_idle: Callable[[], None]) -> None:
        """Begin without users; ``seconds`` None never calls."""
        self._seconds = seconds
        self._on_idle = on_idle
        self._users = 0
        self._timer: threading.Timer | None = None
        # Re-entrant: a user may be a generator that nobody wants any more, and the collector of
        # garbage may end it on this thread while the lock is held.
        self._lock = threading.RLock()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count as a user; ``on_idle`` is not called meanwhile."""
        with self._lock:
            self._users += 1
            self._stop()
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    self._start()

    def close(self) -> None:
        """Never call again."""
        with self._lock:
            self._seconds = None
            self._stop()

    def _start(self) -> None:
        if self._seconds is None:
            return
        self._timer = timer = threading.Timer(self._seconds, lambda: self._fire(timer))
        timer.name, timer.daemon = "descant-idle", True
        timer.start()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self, timer: threading.Timer) -> None:
        # Under the lock: a job that begins now waits until all is freed, and then loads anew.
        with self._lock:
            if self._timer is timer and self._users == 0:
                self._timer = None
                self._on_idle()
