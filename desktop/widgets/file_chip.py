"""One file that was chosen: its picture or icon, its name, and a button that takes it away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from descant.desktop.icons import paint_icon
from descant.desktop.theme import tokens
from descant.desktop.widgets.parts import icon_button

SIDE, _LEAST = 36, 48


class Thumbnail(QWidget):
    """A rounded picture, or an icon as long as there is none."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._image: QImage | None = None
        self.setFixedSize(SIDE, SIDE)

    def set_image(self, image: QImage) -> None:
        """Show a square picture."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(area, 8, 8)
        painter.setClipPath(shape)
        if self._image is None:
            painter.fillRect(area, QColor(tokens().accent_soft))
            paint_icon(painter, self._icon, area.adjusted(8, 8, -8, -8), tokens().accent_text)
        else:
            painter.drawImage(area, self._image)
        painter.end()


class ElidedLabel(QLabel):
    """One line with dots where there is no room: in the middle of a file's name, for its end
    tells what it is, and at the end of other texts."""

    def __init__(
        self, text: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(text, parent)
        self._mode = mode

    def minimumSizeHint(self) -> QSize:
        """Return next to nothing: any width will do."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        if self.width() < _LEAST:
            return  # two letters tell nothing; the tool tip has the name
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class FileChip(QFrame):
    """A file with a way to be rid of it."""

    removed = Signal(object)
    """Its ``Path``."""

    def __init__(self, path: Path, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.setProperty("kind", "well")
        self.thumbnail = Thumbnail(icon)
        name = ElidedLabel(path.name, Qt.TextElideMode.ElideMiddle)
        name.setToolTip(str(path))
        away = icon_button("close", self.tr("Remove {0}").format(path.name))
        away.clicked.connect(lambda: self.removed.emit(self.path))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(tokens().space)
        row.addWidget(self.thumbnail)
        row.addWidget(name, 1)
        row.addWidget(away)
