"""A picture with round corners that is as wide as there is room."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from descant.desktop.theme import tokens

WIDEST = 880
"""As wide as a card of a page is inside."""


class CardPicture(QWidget):
    """Scales an image to its width; a screen reader gets its description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDEST)

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def set_png(self, png: bytes, description: str) -> None:
        """Show a PNG."""
        self._image = QImage.fromData(png)
        self.setAccessibleName(description)
        self._shape()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture's shape."""
        super().resizeEvent(event)
        self._shape()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, sharp on any screen."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), tokens().radius, tokens().radius)
        painter.setClipPath(path)
        wanted = self.size() * self.devicePixelRatioF()
        scaled = self._image.scaled(
            wanted,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, scaled)

    def _shape(self) -> None:
        size = self._image.size()
        if size.width() > 0:
            self.setFixedHeight(round(self.width() * size.height() / size.width()))
