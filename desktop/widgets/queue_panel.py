"""The list of what is being made and what waits, with progress, and with a hand on the order."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from descant.desktop.icons import paint_icon
from descant.desktop.queue_item import QueueItem
from descant.desktop.theme import tokens
from descant.desktop.widgets.queue_model import ITEM_ROLE, QueueModel, status
from descant.desktop.worker import GenerationQueue

_ROW, _MORE, _PAD, _ICON = 64, 34, 10, 18
Index = QModelIndex | QPersistentModelIndex


class QueueDelegate(QStyledItemDelegate):
    """Draws a row: grip, title, how far it is, a bar, and a cross."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return rows of one height; failures have room for three lines."""
        item = index.data(ITEM_ROLE)
        return QSize(160, _ROW + _MORE if item is not None and item.state == "failed" else _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        item: QueueItem | None = index.data(ITEM_ROLE)
        if item is None:
            return
        t = tokens()
        area = QRect(option.rect).adjusted(1, 2, -1, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(t.accent if chosen else t.border))
        painter.setBrush(QColor(t.accent_soft if chosen else t.surface))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        mark = {"waiting": "grip", "failed": "warning"}.get(item.state, "make")
        colour = t.danger if item.state == "failed" else t.accent_text
        place = QRectF(area.left() + _PAD, area.top() + _PAD, _ICON, _ICON)
        paint_icon(painter, mark, place, t.text_faint if item.state == "waiting" else colour)
        paint_icon(painter, "close", QRectF(cross(area)).adjusted(4, 4, -4, -4))
        self._paint_words(painter, area, item)
        if item.state == "running":
            self._paint_bar(painter, area, item.progress)
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRect, item: QueueItem) -> None:
        t = tokens()
        left = area.left() + 2 * _PAD + _ICON
        width = cross(area).left() - left - 4
        font = painter.font()
        font.setPixelSize(t.font)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        title = painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, area.top() + 8, width, 20), 0, title)
        font.setBold(False)
        font.setPixelSize(t.font_small)
        painter.setFont(font)
        failed = item.state == "failed"
        painter.setPen(QColor(t.danger if failed else t.text_soft))
        words = QRect(
            left, area.top() + 28, area.right() - left - _PAD, 20 + _MORE if failed else 18
        )
        painter.drawText(words, Qt.TextFlag.TextWordWrap if failed else 0, status(item))

    def _paint_bar(self, painter: QPainter, area: QRect, share: float) -> None:
        t = tokens()
        left = area.left() + 2 * _PAD + _ICON
        bar = QRectF(left, area.bottom() - 10, area.right() - left - _PAD, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.border))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(t.accent))
        bar.setWidth(max(bar.width() * share, 4))
        painter.drawRoundedRect(bar, 2, 2)


def cross(area: QRect) -> QRect:
    """Return where the cross of a row is."""
    return QRect(area.right() - 32, area.top() + 6, 26, 26)


class QueueView(QListView):
    """Drag a row, or press Alt with an arrow, to change the order; Delete gives a row up."""

    def __init__(self, queue: GenerationQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.rows = QueueModel(queue)
        self.setModel(self.rows)
        self.setItemDelegate(QueueDelegate(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setSpacing(0)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Queue"))
        self.setAccessibleDescription(
            self.tr("Alt with up or down changes the order, Delete cancels")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the chosen row, or give it up."""
        item = self.currentIndex().data(ITEM_ROLE)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if item is None:
            super().keyPressEvent(event)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            row = self.currentIndex().row()
            self.rows.move(item.id, row - 1 if event.key() == Qt.Key.Key_Up else row + 2)
            self.setCurrentIndex(self.rows.index(self.rows.row_of(item.id)))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._queue.remove(item.id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give a row up when its cross is pressed."""
        index = self.indexAt(event.position().toPoint())
        item = index.data(ITEM_ROLE)
        if item is not None and cross(self.visualRect(index)).contains(event.position().toPoint()):
            self._queue.remove(item.id)
            event.accept()
            return
        super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a hand over a cross."""
        if isinstance(event, QMouseEvent):
            index = self.indexAt(event.position().toPoint())
            over = index.isValid() and cross(self.visualRect(index)).contains(
                event.position().toPoint()
            )
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
        return super().viewportEvent(event)
