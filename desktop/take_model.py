"""The list of takes, as Qt's views see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)

from descant.desktop.library import TakeRecord
from descant.desktop.take_words import spoken

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
TAKE_ROLE = Role.UserRole + 1
"""The whole ``TakeRecord``."""
_NOWHERE = QModelIndex()
_MANY = 30
"""Rows that come and go at once before the list is laid out anew."""


class TakeListModel(QAbstractListModel):
    """Rows of takes, of which the later ones come when they are scrolled to."""

    more_wanted = Signal()
    """Somebody has scrolled to the end of what is there."""
    renamed = Signal(int, str)
    """A take's number and the title that was typed."""
    outline_wanted = Signal(int)
    """A take is drawn whose waveform is not known."""

    def __init__(
        self, file_of: Callable[[int], Path | None], parent: QObject | None = None
    ) -> None:
        """Show nothing yet.

        Args:
            file_of: Returns the audio file of a take, for other programs, or None.
            parent: Owns the model.
        """
        super().__init__(parent)
        self._file_of = file_of
        self._takes: list[TakeRecord] = []
        self._total = 0
        self._asked: set[int] = set()

    def show_takes(self, takes: Sequence[TakeRecord], total: int) -> None:
        """Show other takes; rows that stay keep their selection unless most others go.

        Args:
            takes: From the first on.
            total: How many there are altogether.
        """
        self._total = total
        new, old = {take.id for take in takes}, {take.id for take in self._takes}
        if len(new ^ old) > _MANY:
            self.beginResetModel()
            self._takes = list(takes)
            self.endResetModel()
            return
        for row in reversed(range(len(self._takes))):
            if self._takes[row].id not in new:
                self.beginRemoveRows(_NOWHERE, row, row)
                del self._takes[row]
                self.endRemoveRows()
        self._insert_missing(takes)
        if [take.id for take in self._takes] != [take.id for take in takes]:
            self._reorder(takes)
        for row, take in enumerate(takes):
            self._replace(row, take)

    def add_takes(self, takes: Sequence[TakeRecord]) -> None:
        """Show takes behind those that are there."""
        known = {take.id for take in self._takes}
        fresh = [take for take in takes if take.id not in known]
        if not fresh:
            self._total = len(self._takes)  # others have removed some meanwhile
            return
        first = len(self._takes)
        self.beginInsertRows(_NOWHERE, first, first + len(fresh) - 1)
        self._takes += fresh
        self.endInsertRows()

    def update_take(self, take: TakeRecord) -> None:
        """Show a take as it is now."""
        row = self.row_of(take.id)
        if row is not None:
            self._replace(row, take)

    def row_of(self, number: int) -> int | None:
        """Return the row of a take, None when it is not shown."""
        return next((row for row, take in enumerate(self._takes) if take.id == number), None)

    def take(self, row: int) -> TakeRecord | None:
        """Return the take of a row."""
        return self._takes[row] if 0 <= row < len(self._takes) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many takes are there so far."""
        return 0 if parent.isValid() else len(self._takes)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are takes behind the last row."""
        return not parent.isValid() and len(self._takes) < self._total

    def fetchMore(self, parent: Index) -> None:
        """Ask for the takes behind the last row."""
        self.more_wanted.emit()

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a view asks for."""
        take = self.take(index.row()) if index.isValid() else None
        if take is None:
            return None
        if role in (Role.DisplayRole, Role.EditRole):
            return take.title
        if role == TAKE_ROLE:
            if not take.peaks and not take.missing and take.id not in self._asked:
                self._asked.add(take.id)
                self.outline_wanted.emit(take.id)
            return take
        if role == Role.AccessibleTextRole:
            return spoken(take)
        if role == Role.ToolTipRole:
            return take.prompt or None
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take a title that was typed."""
        take = self.take(index.row()) if index.isValid() else None
        if take is None or role != Role.EditRole or not str(value).strip():
            return False
        if str(value).strip() != take.title:
            self.renamed.emit(take.id, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a row."""
        take = self.take(index.row()) if index.isValid() else None
        if take is None:
            return Qt.ItemFlag.NoItemFlags
        able = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        able |= Qt.ItemFlag.ItemNeverHasChildren | Qt.ItemFlag.ItemIsEditable
        return able if take.missing else able | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """Return what a drag carries: files."""
        return ["text/uri-list"]

    def supportedDragActions(self) -> Qt.DropAction:
        """Return what a drop may do: copy, so that no program moves a file out of the library."""
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the audio files of rows, under the names that their takes have now."""
        takes = [take for index in indexes if (take := self.take(index.row())) is not None]
        files = [path for take in takes if (path := self._file_of(take.id)) is not None]
        made = QMimeData()
        made.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        return made

    def _insert_missing(self, takes: Sequence[TakeRecord]) -> None:
        """Put in what is not there yet, at the row that it has among ``takes``."""
        known = {take.id for take in self._takes}
        for row, take in enumerate(takes):
            if take.id not in known:
                row = min(row, len(self._takes))
                self.beginInsertRows(_NOWHERE, row, row)
                self._takes.insert(row, take)
                self.endInsertRows()

    def _replace(self, row: int, take: TakeRecord) -> None:
        if self._takes[row] != take:
            self._takes[row] = take
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def _reorder(self, takes: Sequence[TakeRecord]) -> None:
        """Show takes in another order; views keep what was chosen by the row it has moved to."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [take.id if (take := self.take(i.row())) else 0 for i in before]
        self._takes = list(takes)
        rows = {take.id: row for row, take in enumerate(takes)}
        after = [self.index(rows[n]) if n in rows else QModelIndex() for n in numbers]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
