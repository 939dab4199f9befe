"""Imports the pages that nobody has looked at yet, beside the window, so that they open at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

DELAY_MS = 800
"""After the window is there: first the engine is to be ready."""


class Warmer(QObject):
    """Loads modules on a thread of its own, once."""

    def __init__(self, modules: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = tuple(modules)
        self._closing = False
        self._thread = threading.Thread(target=self._load, name="descant-warmer", daemon=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._thread.start)
        self._timer.start(DELAY_MS)

    def wait(self) -> None:
        """Wait until all are loaded; for tests and figures."""
        self._timer.stop()
        if self._thread.ident is None:
            self._thread.start()
        self._thread.join()

    def close(self) -> None:
        """Stop after the module at hand."""
        self._closing = True
        self._timer.stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _load(self) -> None:
        for module in self._modules:
            if not self._closing:
                import_module(module)
