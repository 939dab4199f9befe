"""Work off the window's thread, its result back on it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

Work = Callable[[], Any]
OnResult = Callable[[Any], None]
OnError = Callable[[Exception], None]

logger = logging.getLogger(__name__)


class Background(QObject):
    """One thread that does one thing after the other. Results of what was dropped never come."""

    _finished = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None, keep: bool = False) -> None:
        """Start no thread yet: the first piece of work does.

        Args:
            name: Of the thread.
            parent: Owner.
            keep: Use the same thread from first to last, as some libraries ask for; it ends by
                ``close``. Else it ends whenever there is nothing to do.
        """
        super().__init__(parent)
        self._name, self._keep = name, keep
        self._condition = threading.Condition()
        self._jobs: deque[_Job] = deque()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Work, on_result: OnResult, on_error: OnError | None = None) -> None:
        """Do ``work`` on the thread, then call one of the others on the window's thread."""
        with self._condition:
            if self._closing:
                return
            self._jobs.append(_Job(work, on_result, on_error))
            self._condition.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._thread.start()

    def drop(self) -> None:
        """Forget all that was asked for; what runs already runs on, and nobody is told."""
        with self._condition:
            for job in self._jobs:
                job.dropped = True

    def close(self) -> None:
        """Do what still waits, without telling of it, and end the thread."""
        with self._condition:
            self._closing = True
            self._condition.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _loop(self) -> None:
        while True:
            with self._condition:
                while not self._jobs and self._keep and not self._closing:
                    self._condition.wait()
                if not self._jobs:
                    self._thread = None
                    return
                job = self._jobs[0]  # it stays in the row, so that it can be dropped
            job.do()
            with self._condition:
                self._jobs.popleft()
                if not self._closing:
                    self._finished.emit(job)

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        if not job.dropped and not self._closing:
            job.tell()


class _Job:
    """One piece of work and who wants to know."""

    def __init__(self, work: Work, on_result: OnResult, on_error: OnError | None) -> None:
        self.dropped = False
        self._work, self._on_result, self._on_error = work, on_result, on_error
        self._result: Any = None
        self._error: Exception | None = None

    def do(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001 the thread's edge: whoever asked is told
            self._error = error

    def tell(self) -> None:
        if self._error is None:
            self._on_result(self._result)
        elif self._on_error is not None:
            self._on_error(self._error)
        else:
            logger.error("work in the background failed", exc_info=self._error)
