"""The queue as a Qt model, for a list that can be reordered by dragging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from descant.desktop.queue_item import QueueItem
from descant.desktop.worker import GenerationQueue

MIME = "application/x-descant-queue-item"
ITEM_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractListModel):
    """Shows what runs, what waits, and what failed until it is taken away.

    What is done or was cancelled leaves the list by itself.
    """

    def __init__(self, queue: GenerationQueue) -> None:
        super().__init__(queue)
        self._queue = queue
        self._rows: list[QueueItem] = []
        queue.item_added.connect(self.refresh)
        queue.item_changed.connect(self._on_changed)
        queue.item_removed.connect(self.refresh)
        queue.order_changed.connect(self.refresh)
        self.refresh()

    @property
    def rows(self) -> tuple[QueueItem, ...]:
        """What is shown."""
        return tuple(self._rows)

    def refresh(self) -> None:
        """Take the queue's order."""
        self.beginResetModel()
        self._rows = [i for i in self._queue.items() if i.state not in ("done", "cancelled")]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the item, or words for it."""
        if not 0 <= index.row() < len(self._rows):
            return None
        item = self._rows[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (item.title, item.error, item.hint)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title}: {status(item)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let those that wait be dragged, to between the others."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        waits = self._rows[index.row()].state == "waiting"
        return usual | Qt.ItemFlag.ItemIsDragEnabled if waits else usual

    def supportedDropActions(self) -> Qt.DropAction:
        """Return that rows are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Return what may be dropped."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return what is dragged."""
        data = QMimeData()
        ids = [str(self._rows[index.row()].id) for index in indexes]
        data.setData(MIME, ",".join(ids).encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move an item to where it was dropped."""
        if not data.hasFormat(MIME):
            return False
        item_id = int(bytes(data.data(MIME).data()).decode().split(",")[0])
        if row < 0:
            row = parent.row() if parent.isValid() else len(self._rows)
        self.move(item_id, row)
        return True

    def move(self, item_id: int, row: int) -> None:
        """Move an item so that it lies before the one that is in ``row`` now."""
        waiting_before = sum(
            i.state == "waiting" and i.id != item_id for i in self._rows[: max(row, 0)]
        )
        self._queue.move(item_id, waiting_before)

    def row_of(self, item_id: int) -> int:
        """Return the row of an item, or -1."""
        return next((row for row, item in enumerate(self._rows) if item.id == item_id), -1)

    def _on_changed(self, item: QueueItem) -> None:
        row = self.row_of(item.id)
        if row < 0 or item.state in ("done", "cancelled"):
            self.refresh()
            return
        self._rows[row] = item
        place = self.index(row)
        self.dataChanged.emit(place, place)


def status(item: QueueItem) -> str:
    """Return in words how far an item has come."""
    if item.state == "waiting":
        return QCoreApplication.translate("Queue", "Waits")
    if item.state == "failed":
        return " ".join(filter(None, (item.error, item.hint))) or QCoreApplication.translate(
            "Queue", "Failed"
        )
    words = [stage_name(item.stage)]
    if item.request.count > 1:
        words.append(
            QCoreApplication.translate("Queue", "take {0} of {1}").format(
                min(item.takes + 1, item.request.count), item.request.count
            )
        )
    if item.eta_s is not None:
        words.append(QCoreApplication.translate("Queue", "{0} left").format(clock(item.eta_s)))
    return " · ".join(words)


def remedies() -> dict[str, str]:
    """Return what can be done about a failure, by the names of icons."""
    return {
        "loop": QCoreApplication.translate("Queue", "Try again"),
        "edit": QCoreApplication.translate("Queue", "Change"),
    }


def stage_name(stage: str) -> str:
    """Return what the engine does, for a person."""
    return {
        "open": QCoreApplication.translate("Queue", "Loads the pack"),
        "prepare": QCoreApplication.translate("Queue", "Looks for a melody"),
        "picture": QCoreApplication.translate("Queue", "Looks at the pictures"),
        "sample": QCoreApplication.translate("Queue", "Composes"),
        "decode": QCoreApplication.translate("Queue", "Plays it"),
        "save": QCoreApplication.translate("Queue", "Saves"),
    }.get(stage, stage)


def clock(seconds: float) -> str:
    """Return a duration as "8 s" or "1:20"."""
    whole = max(round(seconds), 1)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d}"
