"""Pictures of a whole widget that are painted once and drawn in parts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget


def painted(widget: QWidget, paint: Callable[[QPainter], None]) -> QPixmap:
    """Return a picture of a widget's size at its screen's resolution."""
    ratio = widget.devicePixelRatioF()
    made = QPixmap(widget.size() * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(widget.font())
    paint(painter)
    painter.end()
    return made


def draw_part(painter: QPainter, picture: QPixmap, part: QRect) -> None:
    """Draw a part of what ``painted`` returned where it belongs."""
    ratio = picture.devicePixelRatioF()
    size = QSizeF(part.size()) * ratio
    painter.drawPixmap(QRectF(part), picture, QRectF(QPointF(part.topLeft()) * ratio, size))
