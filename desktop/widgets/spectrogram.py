"""The mel spectrogram under the waveform, computed off the window's thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from descant.desktop.background import Background
from descant.desktop.colour_map import heat_map
from descant.desktop.spectrum import mel_levels, mel_row, visible
from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView
from descant.desktop.widgets.time_plot import GUTTER, TimePlot
from descant.models.spec import AudioSpec

TICKS = ((8000, "8 kHz"), (2000, "2 k"), (500, "500"), (100, "100"))


class SpectrogramView(TimePlot):
    """Which pitches sound how strongly; mouse and keys as in the waveform."""

    def __init__(self, view: TimeView | None = None, parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self._levels: NDArray[np.uint8] | None = None
        self._sample_rate = 44_100
        self._work = Background("descant-spectrogram", self)
        self.setAccessibleName(self.tr("Spectrogram"))
        self.setMinimumHeight(96)
        self._describe()

    @property
    def ready(self) -> bool:
        """Whether the spectrogram of the latest samples is shown."""
        return self._levels is not None

    def sizeHint(self) -> QSize:
        """Wide and flat."""
        return QSize(800, 96)

    def set_samples(self, samples: NDArray[np.float32] | None, sample_rate: int) -> None:
        """Show (A, N) float32 samples once their spectrogram is computed; None shows nothing."""
        self._work.drop()
        self._levels, self._sample_rate = None, sample_rate
        seconds = 0.0 if samples is None else np.atleast_2d(samples).shape[1] / sample_rate
        if seconds != self.view.seconds:
            self.view.set_clip(seconds)
        if samples is not None and samples.size:
            self._work.run(lambda: mel_levels(samples, sample_rate), self._show)
        self.refresh()

    def paint_content(self, painter: QPainter) -> None:
        """Paint the picture and the scale of frequencies."""
        t, area = tokens(), self.plot()
        if self._levels is not None and area.width() > 0:
            columns = round(area.width() * self.devicePixelRatioF())
            rate = self._sample_rate / AudioSpec().hop_length
            start, end = self.view.start * rate, self.view.end * rate
            picture = coloured(visible(self._levels, start, end, columns), t.surface, t.dark)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(area), picture)
        self._paint_scale(painter)

    def _show(self, levels: NDArray[np.uint8]) -> None:
        self._levels = levels
        self.refresh()

    def _paint_scale(self, painter: QPainter) -> None:
        t, area = tokens(), self.plot()
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        line = QColor(t.text)
        line.setAlphaF(0.10)
        rows, above = AudioSpec().n_mels, -99.0
        for hertz, name in TICKS:
            y = area.bottom() - (mel_row(hertz, self._sample_rate) + 0.5) / rows * area.height()
            painter.setPen(QPen(line, 1))
            painter.drawLine(area.left(), round(y), area.right(), round(y))
            if y - above >= 14 and y + 8 <= area.bottom() + 4:
                painter.setPen(QColor(t.text_soft))
                label = QRectF(0, y - 8, GUTTER - 8, 16)
                side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(label, side, name)
                above = y


def coloured(levels: NDArray[np.uint8], background: str, dark: bool) -> QImage:
    """Return (n_mels, columns) levels as a picture, the lowest pitch at its bottom."""
    rgb = heat_map(background, dark)[levels[::-1]]
    rows, columns = levels.shape
    pixels = np.full((rows, columns, 4), 255, np.uint8)
    pixels[..., :3] = rgb[..., ::-1]
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
