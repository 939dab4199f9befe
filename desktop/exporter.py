"""Exports one after the other, off the window's thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from descant.desktop.background import Background
from descant.desktop.engine_holder import describe
from descant.desktop.export import Export, Exported, Stage, export_take
from descant.desktop.library import Library


class Exporter(QObject):
    """Writes files that are asked for; all signals come on the thread it was made on."""

    queued = Signal(object)
    """An ``Export`` that will be written."""
    progressed = Signal(object, str, float)
    """The ``Export``, its stage and the share of it that is done."""
    finished = Signal(object, object)
    """The ``Export`` and what it became, an ``Exported``."""
    failed = Signal(object, str, str)
    """The ``Export``, why it failed and what to do about it."""

    _told = Signal(object, str, float)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._background = Background("descant-export", self)
        self._waiting: list[Path] = []
        # From the thread that writes to the one that listeners live on.
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def targets(self) -> tuple[Path, ...]:
        """Files that are yet to be written; they need not be there."""
        return tuple(self._waiting)

    def start(self, wanted: Export) -> None:
        """Write a file when those that were asked for before are done."""

        def tell(stage: Stage, share: float) -> None:
            self._told.emit(wanted, stage, share)

        self._waiting.append(wanted.target)
        self.queued.emit(wanted)
        work = partial(export_take, self._library, wanted, tell)
        self._background.run(work, partial(self._done, wanted), partial(self._broken, wanted))

    def close(self) -> None:
        """Finish what is being written and end the thread."""
        self._background.close()

    def _tell(self, wanted: Export, stage: str, share: float) -> None:
        self.progressed.emit(wanted, stage, share)

    def _done(self, wanted: Export, result: Exported) -> None:
        self._waiting.remove(wanted.target)
        self.finished.emit(wanted, result)

    def _broken(self, wanted: Export, error: BaseException) -> None:
        self._waiting.remove(wanted.target)
        self.failed.emit(wanted, *describe(error))
