"""How loud the microphone is: a row of bars that light up."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from descant.desktop.theme import tokens

FLOOR_DB = -60.0
HOT_DB = -3.0
_BAR, _GAP = 4, 3


class LevelMeter(QWidget):
    """Shows a peak level; it falls slowly, so that it can be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db = FLOOR_DB
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Level of the microphone"))

    def set_peak(self, peak: float) -> None:
        """Show a peak, 0 … 1 of full scale."""
        db = 20 * math.log10(peak) if peak > 0 else FLOOR_DB
        self._db = max(db, self._db - 2.0, FLOOR_DB)
        self.setAccessibleDescription(f"{self._db:.0f} dB")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a flat strip."""
        return QSize(120, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bars = max(self.width() // (_BAR + _GAP), 1)
        for number in range(bars):
            db = FLOOR_DB * (1 - (number + 1) / bars)
            lit = self._db > FLOOR_DB and db <= self._db
            colour = (t.danger if db > HOT_DB else t.accent) if lit else t.border
            painter.setBrush(QColor(colour))
            height = self.height() * (0.45 + 0.55 * (number + 1) / bars)
            top = (self.height() - height) / 2
            painter.drawRoundedRect(QRectF(number * (_BAR + _GAP), top, _BAR, height), 2, 2)
        painter.end()
