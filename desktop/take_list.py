"""Keeps the list of takes up to date, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from descant.desktop.background import Background
from descant.desktop.library import Library, TakeRecord
from descant.desktop.widgets.take_filters import Wanted

PAGE = 200
"""Takes that are read at once: 2 ms."""
KEEP_DELETED_S = 30 * 86400.0


@dataclass(frozen=True)
class Listing:
    """What was found."""

    takes: list[TakeRecord]
    """From the first on."""
    total: int
    """How many there are."""
    tags: list[tuple[str, int]]
    """All tags with their counts."""
    deleted: int
    """Takes that can be restored."""


class TakeList(QObject):
    """Reads what is wanted whenever that, or the library, has changed."""

    listed = Signal(object)
    """A ``Listing``."""
    more_listed = Signal(list)
    """Takes behind those."""
    take_changed = Signal(object)
    """A ``TakeRecord`` as it is now."""
    failed = Signal(object)
    """What went wrong, an exception."""
    _changed = Signal(int)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._wanted = Wanted()
        self._shown = PAGE
        self._reading = self._stale = self._reading_more = False
        self._background = Background("descant-library", self)
        self._outlines = Background("descant-outlines", self)  # decoding must not hold up a search
        # Takes are added by another thread.
        self._changed.connect(self.reload, Qt.ConnectionType.QueuedConnection)
        self._stop = library.subscribe(self._changed.emit)
        purge = partial(library.purge_deleted, KEEP_DELETED_S)
        self._background.run(purge, lambda _: None, self.failed.emit)

    def want(self, wanted: Wanted) -> None:
        """Show other takes."""
        self._wanted, self._shown = wanted, PAGE
        self.reload()

    def reload(self) -> None:
        """Read again what is shown; many wishes at once are one."""
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        read = partial(_read, self._library, self._wanted, self._shown)
        self._background.run(read, partial(self._on_listing, self._wanted), self._on_error)

    def load_more(self, offset: int) -> None:
        """Read the takes behind those that are shown."""
        if self._reading or self._reading_more:
            return
        self._reading_more = True
        wanted, library = self._wanted, self._library

        def read() -> list[TakeRecord]:
            return library.takes(
                wanted.search, wanted.favourites, wanted.tag, offset, PAGE,
                sort=wanted.sort, deleted=wanted.deleted,
            )  # fmt: skip

        self._background.run(read, partial(self._on_more, wanted, offset), self._on_error)

    def load_outline(self, number: int) -> None:
        """Work out the waveform of a take."""

        def read() -> TakeRecord:
            self._library.load_peaks(number)
            return self._library.get(number)

        self._outlines.run(read, self.take_changed.emit, lambda _: None)

    def close(self) -> None:
        """Listen no more, and finish what runs."""
        self._stop()
        self._background.drop()
        self._outlines.drop()
        self._background.close()
        self._outlines.close()

    def _on_listing(self, wanted: Wanted, listing: Listing) -> None:
        self._reading = False
        if wanted == self._wanted:
            self.listed.emit(listing)
        if self._stale or wanted != self._wanted:
            self.reload()

    def _on_more(self, wanted: Wanted, offset: int, takes: list[TakeRecord]) -> None:
        self._reading_more = False
        if wanted == self._wanted:
            self._shown = max(self._shown, offset + len(takes))
            self.more_listed.emit(takes)

    def _on_error(self, error: BaseException) -> None:
        self._reading = self._reading_more = False
        self.failed.emit(error)


def _read(library: Library, wanted: Wanted, limit: int) -> Listing:
    takes = library.takes(
        wanted.search, wanted.favourites, wanted.tag, 0, limit,
        sort=wanted.sort, deleted=wanted.deleted,
    )  # fmt: skip
    total = library.count(wanted.search, wanted.favourites, wanted.tag, deleted=wanted.deleted)
    return Listing(takes, total, library.tags(), library.count(deleted=True))
