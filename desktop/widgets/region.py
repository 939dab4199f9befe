"""The marked region of a view: how it is dragged and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from descant.desktop.theme import tokens

if TYPE_CHECKING:
    from descant.desktop.widgets.time_plot import TimePlot

Span = tuple[float, float]

REACH = 6
"""Pixels around an end within which it can be taken hold of."""
DRAG_PIXELS = 4
LEAST_SECONDS = 0.02


class Region:
    """A span of seconds with two ends to hold."""

    def __init__(self) -> None:
        self.span: Span | None = None
        self.held = False
        """A mouse button is down."""
        self._anchor = 0.0  # second of the end that stays
        self._pressed_at = 0.0
        self._moved = False

    def press(self, plot: TimePlot, x: float) -> None:
        """Take hold of an end, or begin a new region."""
        self.held, self._moved, self._pressed_at = True, False, x
        near = self.end_near(plot, x)
        if near is not None and self.span is not None:
            self._anchor = self.span[1 - near]
        else:
            self._anchor = plot.second_at(x)

    def move(self, plot: TimePlot, x: float) -> bool:
        """Drag; return whether the region changed."""
        if not self.held or (not self._moved and abs(x - self._pressed_at) < DRAG_PIXELS):
            return False
        self._moved = True
        second = plot.second_at(x)
        if abs(second - self._anchor) >= LEAST_SECONDS:
            self.span = (min(second, self._anchor), max(second, self._anchor))
        return True

    def release(self) -> bool:
        """Let go; return whether anything was dragged."""
        self.held = False
        return self._moved

    def begun(self, second: float, seconds: float) -> Span | None:
        """Return the region with its start moved to ``second``."""
        end = self.span[1] if self.span and self.span[1] > second else seconds
        return (second, end) if end - second >= LEAST_SECONDS else self.span

    def ended(self, second: float) -> Span | None:
        """Return the region with its end moved to ``second``."""
        start = self.span[0] if self.span and self.span[0] < second else 0.0
        return (start, second) if second - start >= LEAST_SECONDS else self.span

    def end_near(self, plot: TimePlot, x: float) -> int | None:
        """Return 0 for the start, 1 for the end, None when neither is near."""
        if self.span is None:
            return None
        away = [abs(plot.column(second) - x) for second in self.span]
        nearest = int(away[1] <= away[0])
        return nearest if away[nearest] <= REACH else None

    def paint(self, painter: QPainter, plot: TimePlot, handles: bool = True) -> None:
        """Tint what is marked, dim the rest, and draw the ends with something to hold."""
        if self.span is None:
            return
        area = QRectF(plot.plot())
        left, right = (plot.column(second) for second in self.span)
        dimmed = QColor(tokens().surface)
        dimmed.setAlphaF(0.55)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dimmed)
        for edges in ((area.left(), left), (right, area.right() + 1)):
            begin, end = max(edges[0], area.left()), min(edges[1], area.right() + 1)
            if end > begin:
                painter.drawRect(QRectF(begin, area.top(), end - begin, area.height()))
        accent = QColor(tokens().accent)
        for x, side in ((left, 0), (right, 1)):
            if area.left() - 1 <= x <= area.right() + 1:
                painter.setPen(QPen(accent, 2))
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
                if handles:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(accent)
                    grip = QRectF(x - (0 if side == 0 else 8), area.top(), 8, 18)
                    painter.drawRoundedRect(grip, 3, 3)
