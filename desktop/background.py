"""Work off the window's thread, its result back on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_Then = tuple[Callable[[Any], None], Callable[[BaseException], None] | None]

logger = logging.getLogger(__name__)


class Background(QObject):
    """One thread that does one thing after the other. Results of what was dropped never come."""

    _finished = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """Start no thread yet: the first piece of work does."""
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: dict[Future[Any], _Then] = {}
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return bool(self._waiting)

    def run(
        self,
        work: Callable[[], Any],
        on_result: Callable[[Any], None],
        on_error: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Do ``work`` on the thread, then call one of the others on the window's thread."""
        future = self._executor.submit(work)
        self._waiting[future] = (
            on_result,
            on_error,
        )  # before it can end: only the window's thread looks
        future.add_done_callback(self._tell)

    def drop(self) -> None:
        """Forget what has not come back: work that has not begun never does."""
        for future in self._waiting:
            future.cancel()
        self._waiting.clear()

    def close(self) -> None:
        """Do what still waits, without telling of it, and end the thread."""
        self._waiting.clear()
        self._executor.shutdown(wait=True)

    def _tell(self, future: Future[Any]) -> None:
        if future in self._waiting and not future.cancelled():
            self._finished.emit(future)

    @Slot(object)
    def _deliver(self, future: Future[Any]) -> None:
        then = self._waiting.pop(future, None)
        if then is None:
            return
        on_result, on_error = then
        error = future.exception()
        if error is None:
            on_result(future.result())
        elif on_error is not None:
            on_error(error)
        else:
            logger.error("work in the background failed", exc_info=error)
