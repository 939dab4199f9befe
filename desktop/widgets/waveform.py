"""The waveform: outline and loudness of a clip at any zoom, what was played in the accent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from descant.desktop.background import Background
from descant.desktop.pyramid import FloatArray, Pyramid
from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView
from descant.desktop.widgets.kept_picture import draw_part, painted
from descant.desktop.widgets.time_plot import GUTTER, TimePlot

MARGIN = 10
"""Pixels above and below full scale."""
OUTLINE = 0.45
"""Opacity of the peaks; the root mean square is drawn in full."""
_SMALL = 1 << 20
"""Samples up to which a pyramid is made at once: 24 s, 15 ms."""


class WaveformView(TimePlot):
    """Click to seek, drag or press [ and ] to mark a loop, turn the wheel to zoom."""

    def __init__(self, view: TimeView | None = None, parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self._pyramid: Pyramid | None = None
        self._sample_rate = 44_100
        self._played: QPixmap | None = None
        self._work = Background("descant-waveform", self)
        self.setAccessibleName(self.tr("Waveform"))
        self.setToolTip(
            self.tr("Click to move there, drag to mark a loop, turn the wheel to zoom.")
        )
        self.setMinimumHeight(96)
        self._describe()

    def sizeHint(self) -> QSize:
        """Wide and flat."""
        return QSize(800, 96)

    def set_samples(self, samples: NDArray[np.float32] | None, sample_rate: int) -> None:
        """Show (A, N) float32 samples in [-1, 1]; None shows nothing."""
        self._work.drop()
        self._sample_rate = sample_rate
        self._pyramid = None
        seconds = 0.0 if samples is None else np.atleast_2d(samples).shape[1] / sample_rate
        if seconds != self.view.seconds:
            self.view.set_clip(seconds)
        if samples is not None and samples.size <= _SMALL:
            self._pyramid = Pyramid(samples)
        elif samples is not None:
            self._work.run(lambda: Pyramid(samples), self._show)
        self.refresh()

    def refresh(self) -> None:
        """Paint both tints anew."""
        self._played = None
        super().refresh()

    def prepare(self) -> None:
        """Paint what was played in another tint than the rest."""
        if self._played is None:
            self._content = painted(self, lambda p: self._paint(p, QColor(tokens().wave)))
            self._played = painted(self, lambda p: self._paint(p, QColor(tokens().accent)))

    def draw_content(self, painter: QPainter, part: QRect) -> None:
        """Change the tint at the playhead."""
        border = max(round(self.column(self.position)), GUTTER)
        left = part.intersected(QRect(0, 0, border, self.height()))
        right = part.intersected(QRect(border, 0, self.width(), self.height()))
        if self._played is not None and not left.isEmpty():
            draw_part(painter, self._played, left)
        if not right.isEmpty():
            super().draw_content(painter, right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget both tints."""
        self._played = None
        super().resizeEvent(event)

    def _show(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        self.refresh()

    def _paint(self, painter: QPainter, colour: QColor) -> None:
        self._paint_scale(painter)
        area = self.plot().adjusted(0, MARGIN, 0, -MARGIN)
        if self._pyramid is None or area.width() < 1:
            return
        ratio = self.devicePixelRatioF()
        columns, rows = round(area.width() * ratio), round(area.height() * ratio)
        rate = self._sample_rate
        outline = self._pyramid.columns(self.view.start * rate, self.view.end * rate, columns)
        pixels = _bytes(_opacity(*outline, rows))  # QImage does not keep them alive
        mask = QImage(pixels, columns, rows, QImage.Format.Format_Alpha8)
        tinted = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
        tinted.fill(colour)
        brush = QPainter(tinted)
        brush.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        brush.drawImage(0, 0, mask)
        brush.end()
        painter.drawImage(QRectF(area), tinted)

    def _paint_scale(self, painter: QPainter) -> None:
        """Draw the lines of full scale, −6 dB and silence with their names."""
        t, area = tokens(), self.plot().adjusted(0, MARGIN, 0, -MARGIN)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for level, name in ((1.0, "0 dB"), (0.5, "-6"), (0.0, "-∞"), (-0.5, ""), (-1.0, "")):
            y = area.center().y() - level * area.height() / 2
            painter.setPen(QPen(QColor(t.border), 1))
            painter.drawLine(area.left(), round(y), area.right(), round(y))
            painter.setPen(QColor(t.text_soft))
            label = QRectF(0, y - 8, GUTTER - 8, 16)
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name
            )


def _opacity(low: FloatArray, high: FloatArray, power: FloatArray, rows: int) -> FloatArray:
    """(rows, columns) how much of each pixel the outline and its inner part cover."""
    edge = np.arange(rows, dtype=np.float32)[:, None]

    def covered(least: FloatArray, most: FloatArray) -> FloatArray:
        top, bottom = (1 - most) / 2 * rows, (1 - least) / 2 * rows
        thin = np.maximum(1.2 - (bottom - top), 0) / 2  # a line where there is next to nothing
        cover: FloatArray = np.minimum(bottom + thin, edge + 1) - np.maximum(top - thin, edge)
        return np.clip(cover, 0, 1, out=cover)

    outline, body = covered(low, high), covered(-power, power)
    opacity: FloatArray = np.maximum(outline * OUTLINE, np.minimum(outline, body))
    return opacity


def _bytes(opacity: FloatArray) -> bytes:
    """Return rows of Alpha8, each padded to four bytes as QImage wants them."""
    rows, columns = opacity.shape
    padded = np.zeros((rows, -(-columns // 4) * 4), np.uint8)
    padded[:, :columns] = np.rint(opacity * 255)
    return padded.tobytes()
