"""Work with progress that can be stopped, on a thread of its own; its ends come by signals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from descant.desktop.engine_holder import describe
from descant.runtime import GenerationCancelled

Report = Callable[[float], None]
"""Takes the share that is done, 0 … 1; raises ``GenerationCancelled`` once it was cancelled."""


class LongWork(QObject):
    """One piece of work. Call it from the thread it was made on; all signals come there."""

    progressed = Signal(float)
    """Share that is done, 0 … 1."""
    done = Signal(object)
    """What the work returned."""
    failed = Signal(str, str)
    """What went wrong and what to do about it, as sentences."""
    cancelled = Signal()

    def __init__(self, work: Callable[[Report], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="descant-long-work", daemon=True)

    def start(self) -> LongWork:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Stop at the next report."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread; False when it takes longer than that."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _report(self, share: float) -> None:
        if self._stop.is_set():
            raise GenerationCancelled("stopped")
        self._tell(self.progressed, share)

    def _run(self) -> None:
        try:
            result = self._work(self._report)
        except GenerationCancelled:
            self._tell(self.cancelled)
        except Exception as error:  # noqa: BLE001 - the thread's edge: a person gets a sentence
            self._tell(self.failed, *describe(error))
        else:
            self._tell(self.done, result)

    def _tell(self, signal: Any, *values: Any) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            self._stop.set()  # the window is gone, and Qt's half of this object with it
