"""The list of what is being made and what waits, with progress, and with a hand on the order."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from descant.desktop.icons import paint_icon
from descant.desktop.queue_item import QueueItem
from descant.desktop.theme import tokens
from descant.desktop.widgets.queue_model import ITEM_ROLE, QueueModel, remedies, status
from descant.desktop.worker import GenerationQueue

_ROW, _MORE, _PAD, _ICON = 64, 34, 10, 18
_REMEDIES = 30
"""Height of the line of a failed row that says what can be done."""
_KEYS = {Qt.Key.Key_Return: "loop", Qt.Key.Key_Enter: "loop", Qt.Key.Key_F2: "edit"}
Index = QModelIndex | QPersistentModelIndex


class QueueDelegate(QStyledItemDelegate):
    """Draws a row: grip, title, how far it is, a bar, and a cross."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return rows of one height; failures have room for three lines and for what helps."""
        item = index.data(ITEM_ROLE)
        failed = item is not None and item.state == "failed"
        return QSize(160, _ROW + _MORE + _REMEDIES if failed else _ROW)

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
        if item.state == "failed":
            self._paint_remedies(painter, area)
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

    def _paint_remedies(self, painter: QPainter, area: QRect) -> None:
        t = tokens()
        for place, (name, text) in zip(remedy_places(area), remedies().items(), strict=True):
            painter.setPen(QColor(t.border_strong))
            painter.setBrush(QColor(t.raised))
            painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            icon = QRectF(place.left() + 7, place.center().y() - 6, 14, 14)
            paint_icon(painter, name, icon, t.accent_text)
            painter.setPen(QColor(t.text))
            words = place.adjusted(26, 0, -6, 0)
            plain = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, plain)

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


def remedy_places(area: QRect) -> tuple[QRect, QRect]:
    """Return where a failed row says what can be done: try again, change."""
    left = area.left() + 2 * _PAD + _ICON
    width = (area.right() - left - 2 * _PAD) // 2
    top = area.bottom() - _REMEDIES - 2
    return QRect(left, top, width, 26), QRect(left + width + _PAD, top, width, 26)


class QueueView(QListView):
    """Drag a row, or press Alt with an arrow, to change the order; Delete gives a row up.

    What failed is tried again by Return and changed by F2.
    """

    edit_asked = Signal(object)
    """The ``QueueItem`` that failed."""

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
            self.tr(
                "Alt with up or down changes the order, Delete cancels; "
                "Return tries again what failed, F2 changes it"
            )
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
        elif item.state == "failed" and event.key() in _KEYS:
            self._do(_KEYS[Qt.Key(event.key())], item)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give a row up when its cross is pressed, or do what stands at its foot."""
        place = event.position().toPoint()
        item, name = self.indexAt(place).data(ITEM_ROLE), self._pressed(place)
        if item is not None and name and event.button() == Qt.MouseButton.LeftButton:
            self._do(name, item)
            event.accept()
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a failed row."""
        item = self.indexAt(event.pos()).data(ITEM_ROLE)
        if item is not None and item.state == "failed":
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for name, text in remedies().items():
                menu.addAction(text).triggered.connect(lambda _=False, n=name: self._do(n, item))
            menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a hand over what can be pressed."""
        if isinstance(event, QMouseEvent):
            over = self._pressed(event.position().toPoint())
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
        return super().viewportEvent(event)

    def _pressed(self, place: QPoint) -> str:
        """Return what lies at a place of a row: ``close``, the name of a remedy, or nothing."""
        index = self.indexAt(place)
        item = index.data(ITEM_ROLE)
        if item is None:
            return ""
        area = self.visualRect(index)
        if cross(area).contains(place):
            return "close"
        if item.state == "failed":
            for name, area_of in zip(remedies(), remedy_places(area), strict=True):
                if area_of.contains(place):
                    return name
        return ""

    def _do(self, name: str, item: QueueItem) -> None:
        if name == "close":
            self._queue.remove(item.id)
        elif name == "edit":
            self.edit_asked.emit(item)
        else:
            self._queue.retry(item)
