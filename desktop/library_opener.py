"""Opens the library beside the window: after a kill, putting it right may take a while."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from descant.desktop.engine_holder import describe
from descant.runtime import DescantError

if TYPE_CHECKING:
    from descant.desktop.library import Library, TakeRecord
    from descant.runtime import Clip


class LibraryOpener(QObject):
    """Opens one library, on a thread of its own."""

    opened = Signal(object)
    """The ``Library``."""
    failed = Signal(str)
    """The folder can't be used: why, and what to do. Takes go to ``spare`` instead."""

    def __init__(self, folder: Path, spare: Path, parent: QObject | None = None) -> None:
        """Prepare to open ``folder``, or else ``spare``; ``start`` begins."""
        super().__init__(parent)
        self._folders = (folder, spare)
        self._library: Library | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._open, name="descant-library")

    def start(self) -> None:
        """Begin; ``opened`` or ``failed`` follows."""
        self._thread.start()

    @property
    def library(self) -> Library | None:
        """The library, once it is there."""
        return self._library

    def wait(self) -> Library:
        """Wait until it is open; not for the window's thread.

        Raises:
            DescantError: Neither folder can be used.
        """
        self._thread.join()
        if self._library is None:
            raise self._error or DescantError("the library can't be opened")
        return self._library

    def keep(self, clip: Clip, title: str, parent: int | None) -> TakeRecord:
        """Store a clip; raises as ``Library.add`` and ``wait``."""
        return self.wait().add(clip, title, parent)

    def close(self) -> None:
        """Close the library."""
        self._thread.join()
        if self._library is not None:
            self._library.close()

    def _open(self) -> None:
        from descant.desktop.library import Library  # SQLite; the window does without at first

        for folder in self._folders:
            try:
                self._library = Library(folder)
                break
            except Exception as error:  # noqa: BLE001 - the thread's edge
                self._error = error
                self.failed.emit(" ".join(filter(None, describe(error))))
        if self._library is not None:
            self.opened.emit(self._library)
