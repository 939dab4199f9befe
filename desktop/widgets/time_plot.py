"""What all views of a clip over time share: axis, playhead, region, mouse, keys and focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView, clock_text
from descant.desktop.widgets.kept_picture import draw_part, painted
from descant.desktop.widgets.region import Region

Span = tuple[float, float]

GUTTER = 56
"""Pixels to the left of the time axis, for a scale; the same in all views that lie together."""
ZOOM_STEP = 1.25
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class TimePlot(QWidget):
    """Base of the views. A subclass paints its content, which is kept until something changes."""

    seek_requested = Signal(float)
    """Seconds."""
    loop_changed = Signal(object)
    """Start and end in seconds of the region that was marked, or None."""

    def __init__(self, view: TimeView | None = None, parent: QWidget | None = None) -> None:
        """Show the same time as other views that have the same ``TimeView``."""
        super().__init__(parent)
        self.view = view or TimeView(self)
        self.view.changed.connect(self.refresh)
        self.marks = Region()
        self._position = 0.0
        self._content: QPixmap | None = None
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty("ownKeys", True)  # the window's keys leave ours alone

    @property
    def region(self) -> Span | None:
        """The marked region, in seconds."""
        return self.marks.span

    @property
    def position(self) -> float:
        """Second at which the playhead stands."""
        return self._position

    def set_region(self, span: Span | None) -> None:
        """Mark a region without telling of it."""
        self.marks.span = span
        self.update()

    def set_position(self, seconds: float) -> None:
        """Move the playhead; only what lies between its places is painted anew."""
        old, new = self._shown_column(self._position), self._shown_column(seconds)
        self._position = seconds
        if round(old) != round(new):
            left, right = min(old, new), max(old, new)
            self.update(int(left) - 3, 0, int(right - left) + 7, self.height())

    def plot(self) -> QRect:
        """Return where time is drawn."""
        return self.rect().adjusted(GUTTER, 0, -8, 0)

    def column(self, second: float) -> float:
        """Return the column of a second."""
        area = self.plot()
        return area.left() + (second - self.view.start) / max(self.view.span, 1e-9) * area.width()

    def second_at(self, x: float) -> float:
        """Return the second of a column, within the clip."""
        area = self.plot()
        second = self.view.start + (x - area.left()) / max(area.width(), 1) * self.view.span
        return min(max(second, 0.0), self.view.seconds)

    def _shown_column(self, second: float) -> float:
        """Return the column of a second, or the edge beyond which it lies."""
        return min(max(self.column(second), -8.0), self.width() + 8.0)

    def refresh(self) -> None:
        """Paint everything anew."""
        self._content = None
        self.update()

    def paint_content(self, painter: QPainter) -> None:
        """Paint what only changes with the clip, the zoom, the size or the theme."""

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies on the content: by default the region and the playhead."""
        self.marks.paint(painter, self)
        self.paint_playhead(painter)

    def paint_playhead(self, painter: QPainter) -> None:
        """Paint the line at the position."""
        x = self.column(self._position)
        if self.plot().left() - 1 <= x <= self.plot().right() + 1:
            painter.setPen(QPen(QColor(tokens().text), 1.5))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def prepare(self) -> None:
        """Paint the content, if it has changed."""
        if self._content is None:
            self._content = painted(self, self.paint_content)

    def draw_content(self, painter: QPainter, part: QRect) -> None:
        """Draw a part of the content."""
        if self._content is not None:
            draw_part(painter, self._content, part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the content that was kept, and paint what lies on it."""
        self.prepare()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(event.rect())
        self.draw_content(painter, event.rect())
        if self.view.seconds:
            self.paint_over(painter)
        if self._ring:
            painter.setPen(QPen(QColor(tokens().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to mark a region, or to move an end of it."""
        if event.button() == Qt.MouseButton.LeftButton and self.view.seconds:
            self.marks.press(self, event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held, or show what could be."""
        if self.marks.move(self, event.position().x()):
            self.update()
        near = self.marks.end_near(self, event.position().x()) is not None
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.IBeamCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell where was clicked, or what was marked."""
        if event.button() != Qt.MouseButton.LeftButton or not self.marks.held:
            return
        if self.marks.release():
            self.loop_changed.emit(self.region)
            self._describe()
        else:
            self.seek_requested.emit(self.second_at(event.position().x()))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; with Shift, or sideways, scroll."""
        delta = event.angleDelta()
        sideways = delta.x() or (
            delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        if sideways:
            self.view.scroll(-sideways / 120 * 0.1 * self.view.span)
        elif delta.y():
            self.view.zoom(ZOOM_STEP ** (-delta.y() / 120), self.second_at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom by + and −, show all by 0, turn pages, mark the loop by [ and ] or I and O."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._do_key(event.key()):
            super().keyPressEvent(event)

    def _do_key(self, key: int) -> bool:
        keys = Qt.Key
        if key in (keys.Key_Plus, keys.Key_Equal, keys.Key_Minus):
            factor = ZOOM_STEP if key == keys.Key_Minus else 1 / ZOOM_STEP
            self.view.zoom(factor, self._position)
        elif key == keys.Key_0:
            self.view.show_all()
        elif key in (keys.Key_PageUp, keys.Key_PageDown):
            self.view.scroll(self.view.span * (0.8 if key == keys.Key_PageDown else -0.8))
        elif key in (keys.Key_BracketLeft, keys.Key_I):
            self._mark(self.marks.begun(self._position, self.view.seconds))
        elif key in (keys.Key_BracketRight, keys.Key_O):
            self._mark(self.marks.ended(self._position))
        elif key == keys.Key_Escape and self.region is not None:
            self._mark(None)
        else:
            return False
        return True

    def _mark(self, span: Span | None) -> None:
        self.set_region(span)
        self.loop_changed.emit(span)
        self._describe()

    def _describe(self) -> None:
        """Tell a screen reader what is marked."""
        text = self.tr("No region is marked.")
        if self.region is not None:
            start, end = (clock_text(second, 2) for second in self.region)
            text = self.tr("Marked from {0} to {1}.").format(start, end)
        self.setAccessibleDescription(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget what was painted at another size."""
        self._content = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard led here."""
        self._ring = event.reason() in _BY_KEYBOARD
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        self._ring = False
        self.update()
        super().focusOutEvent(event)
