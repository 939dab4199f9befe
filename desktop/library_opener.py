"""Opens the library beside the window: after a kill, putting it right may take a while."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

from descant.desktop.engine_holder import describe
from descant.runtime import DescantError

if TYPE_CHECKING:
    from descant.desktop.library import Library, TakeRecord
    from descant.runtime import Clip


class LibraryOpener(QObject):
    """Opens one library, on a thread of its own.

    While its folder can't be used takes go to a spare one, and into the library when that opens
    again.
    """

    opened = Signal(object)
    """The ``Library``."""
    spared = Signal(str)
    """The folder can't be used: why, and where takes go instead."""
    failed = Signal(str)
    """Neither folder can be used: why, and what to do. ``try_again`` may help."""
    taken_in = Signal(str)
    """What became of the takes in the spare folder, as a sentence."""

    def __init__(self, folder: Path, spare: Path, parent: QObject | None = None) -> None:
        """Prepare to open ``folder``, or else ``spare``; ``start`` begins."""
        super().__init__(parent)
        self._folder, self._spare = folder, spare
        self._library: Library | None = None
        self._error: Exception | None = None
        self._spare_lock: QLockFile | None = None
        self._opening = threading.Lock()
        self._closing = threading.Event()
        self._thread = self._new_thread()

    def start(self) -> None:
        """Begin; ``opened`` or ``failed`` follows."""
        self._thread.start()

    def try_again(self, folder: Path) -> None:
        """Open another folder, when none could be opened."""
        if self._library is None and folder != self._folder and not self._thread.is_alive():
            self._folder = folder
            self._thread = self._new_thread()
            self._thread.start()

    @property
    def library(self) -> Library | None:
        """The library, once it is there."""
        return self._library

    def wait(self) -> Library:
        """Wait until it is open, or try once more; not for the window's thread.

        Raises:
            DescantError: Neither folder can be used.
        """
        if self._library is None:
            self._open()
        if self._library is None:
            raise self._error or DescantError("the library can't be opened")
        return self._library

    def keep(self, clip: Clip, title: str, parent: int | None) -> TakeRecord:
        """Store a clip; raises as ``Library.add`` and ``wait``."""
        return self.wait().add(clip, title, parent)

    def close(self) -> None:
        """Close the library."""
        self._closing.set()
        self._thread.join()
        if self._library is not None:
            self._library.close()
        if self._spare_lock is not None:
            self._spare_lock.unlock()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._open_and_take_in, name="descant-library")

    def _open_and_take_in(self) -> None:
        self._open()
        library = self._library
        if library is not None and library.folder != self._spare.absolute():
            self._take_in(library)

    def _open(self) -> None:
        from descant.desktop.library import Library  # SQLite; the window does without at first

        with self._opening:
            if self._library is not None:
                return
            try:
                self._library = Library(self._folder)
            except Exception as error:  # noqa: BLE001 - the thread's edge
                self._open_spare(" ".join(filter(None, describe(error))))
        if self._library is not None:
            self.opened.emit(self._library)

    def _open_spare(self, why: str) -> None:
        from descant.desktop.library import Library

        try:
            self._library = Library(self._spare)
        except Exception as error:  # noqa: BLE001 - the thread's edge
            self._error = error
            words = " ".join(filter(None, describe(error)))
            self.failed.emit(self.tr("There is no library: {0} {1}").format(why, words))
            return
        self._spare_lock = _lock(self._spare)
        self.spared.emit(
            self.tr(
                "The library can't be used: {0} New takes are kept in {1} and move into the "
                "library when it is back at a start."
            ).format(why, self._spare)
        )

    def _take_in(self, library: Library) -> None:
        """Move what the spare folder holds into the library, unless another window uses it."""
        if not (self._spare / "takes").is_dir() or (lock := _lock(self._spare)) is None:
            return
        try:
            count = library.take_in(self._spare, self._closing.is_set)
        except Exception as error:  # noqa: BLE001 - the thread's edge
            why = " ".join(filter(None, describe(error)))
            told = self.tr("Takes in {0} could not be moved into the library: {1}")
            self.taken_in.emit(told.format(self._spare, why))
        else:
            if count:
                told = self.tr("Takes that were kept elsewhere are in the library now: {0}")
                self.taken_in.emit(told.format(count))
        finally:
            lock.unlock()


def _lock(folder: Path) -> QLockFile | None:
    """Return a lock on a folder's takes; None when another window has it."""
    made = QLockFile(str(folder / "in-use.lock"))
    made.setStaleLockTime(0)  # only that of a process that is gone
    return made if made.tryLock(0) else None
