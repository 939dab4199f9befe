"""The axis above the views: seconds, and bars where the tempo is known."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView, clock_text, tick_step
from descant.desktop.widgets.time_plot import TimePlot

LABEL_PIXELS = 84
"""Room that a label takes."""


class TimeRuler(TimePlot):
    """Bars above, seconds below; the marked region as a band."""

    def __init__(self, view: TimeView | None = None, parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.setFixedHeight(34)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the waveform below takes the same keys
        self.setAccessibleName(self.tr("Time axis"))

    def sizeHint(self) -> QSize:
        """One line for bars, one for seconds."""
        return QSize(800, 34)

    def paint_content(self, painter: QPainter) -> None:
        """Paint ticks and their names."""
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        if self.view.span <= 0:
            return
        self._paint_seconds(painter)
        if (bar := self.view.bar_seconds) is not None:
            self._paint_bars(painter, bar)

    def paint_over(self, painter: QPainter) -> None:
        """Paint the region as a band with a playhead that has a head."""
        t, area = tokens(), QRectF(self.plot())
        if self.region is not None:
            left, right = (self.column(second) for second in self.region)
            left, right = max(left, area.left()), min(right, area.right())
            if right > left:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.accent))
                painter.drawRoundedRect(QRectF(left, area.bottom() - 4, right - left, 5), 2, 2)
        x = self.column(self.position)
        if area.left() - 1 <= x <= area.right() + 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.text))
            bottom = area.bottom() + 1
            head = [QPointF(x - 5, bottom - 8), QPointF(x + 5, bottom - 8), QPointF(x, bottom)]
            painter.drawPolygon(head)

    def _paint_seconds(self, painter: QPainter) -> None:
        t, area = tokens(), self.plot()
        step = tick_step(self.view.span, area.width() / LABEL_PIXELS)
        decimals = max(-math.floor(math.log10(step)), 0)
        small = step / 5
        for i in range(math.ceil(self.view.start / small), math.floor(self.view.end / small) + 1):
            x, major = self.column(i * small), i % 5 == 0
            painter.setPen(QPen(QColor(t.border_strong if major else t.border), 1))
            painter.drawLine(
                QPointF(x, area.bottom() - (7 if major else 3)), QPointF(x, area.bottom())
            )
            if major and x + LABEL_PIXELS / 2 < self.width():
                painter.setPen(QColor(t.text_soft))
                label = QRectF(x + 4, area.bottom() - 16, LABEL_PIXELS, 13)
                painter.drawText(label, Qt.AlignmentFlag.AlignLeft, clock_text(i * small, decimals))

    def _paint_bars(self, painter: QPainter, bar: float) -> None:
        t, area = tokens(), self.plot()
        room = max(area.width() / LABEL_PIXELS, 1)
        every = 1 << max(math.ceil(math.log2(max(self.view.span / bar / room, 1e-9))), 0)
        for i in range(int(self.view.start / bar), int(self.view.end / bar) + 1):
            x = self.column(i * bar)
            if i % every == 0 and area.left() - 1 <= x <= area.right():
                painter.setPen(QPen(QColor(t.border_strong), 1))
                painter.drawLine(QPointF(x, 0), QPointF(x, 12))
                painter.setPen(QColor(t.text))
                name = self.tr("Bar {0}").format(i + 1)
                painter.drawText(
                    QRectF(x + 4, 0, LABEL_PIXELS, 14), Qt.AlignmentFlag.AlignLeft, name
                )
