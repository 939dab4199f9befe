"""Which part of a take is made anew."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.actions import LEAST_REGION_S
from descant.desktop.library import TakeRecord
from descant.desktop.theme import tokens
from descant.desktop.widgets.dialog_buttons import dialog_buttons

_BAR = 4


class RegionStrip(QWidget):
    """A take's outline with a part of it marked; the mouse marks another one."""

    marked = Signal(float, float)
    """Begin and end, as shares 0 … 1 of the take."""

    def __init__(self, peaks: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._peaks = peaks or bytes(1)
        self._region = (0.0, 1.0)
        self._from: float | None = None
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFixedHeight(96)

    def set_region(self, begin: float, end: float) -> None:
        """Mark a part."""
        self._region = (begin, end)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a wide strip."""
        return QSize(512, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline."""
        t, area = tokens(), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(area, t.radius_small, t.radius_small)
        begin, end = (area.width() * share for share in self._region)
        painter.setBrush(QColor(t.accent_soft))
        painter.drawRect(QRectF(begin, 0, end - begin, area.height()))
        most, bars = max(max(self._peaks), 1), max(int(area.width()) // _BAR, 1)
        for bar in range(bars):
            level = self._peaks[bar * len(self._peaks) // bars] / most
            half = max(level * area.height() * 0.42, 1.0)
            inside = begin <= bar * _BAR + _BAR / 2 <= end
            painter.setBrush(QColor(t.accent if inside else t.wave))
            place = QRectF(bar * _BAR + 1, area.height() / 2 - half, _BAR - 1.5, 2 * half)
            painter.drawRoundedRect(place, 1, 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a mark."""
        self._from = self._share(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the mark out."""
        if self._from is not None:
            here = self._share(event)
            self.marked.emit(min(self._from, here), max(self._from, here))

    def _share(self, event: QMouseEvent) -> float:
        return min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0)


class RegionDialog(QDialog):
    """Begin and end in seconds, by fields or by the mouse."""

    chosen = Signal(object)
    """Begin and end in seconds."""

    def __init__(self, take: TakeRecord, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = take.seconds
        self.setWindowTitle(self.tr("Replace region"))
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3, space * 3, space * 3, space * 3)
        column.setSpacing(space * 2)
        heading = QLabel(self.tr("Which part is made anew?"))
        heading.setProperty("kind", "heading")
        hint = QLabel(self.tr("The rest of the take stays. Mark a part with the mouse, or type."))
        hint.setProperty("kind", "soft")
        self.strip = RegionStrip(take.peaks)
        self._go = QPushButton(self.tr("Replace"))
        self.begin = self._make_field(self.tr("From"), take.seconds / 3)
        self.end = self._make_field(self.tr("To"), take.seconds * 2 / 3)
        self.strip.marked.connect(self._on_marked)
        self.begin.valueChanged.connect(self._follow)
        self.end.valueChanged.connect(self._follow)
        for widget in (heading, hint, self.strip):
            column.addWidget(widget)
        column.addLayout(self._make_fields())
        column.addLayout(dialog_buttons(self, self._go))
        self._follow()

    def region(self) -> tuple[float, float]:
        """Return begin and end in seconds."""
        return self.begin.value(), self.end.value()

    def accept(self) -> None:
        """Say which part was chosen."""
        self.chosen.emit(self.region())
        super().accept()

    def _make_field(self, name: str, value: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(0.0, self._seconds)
        field.setDecimals(2)
        field.setSingleStep(0.25)
        field.setSuffix(self.tr(" s"))
        field.setAccessibleName(name)
        field.setValue(value)
        return field

    def _make_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens().space * 2)
        for place, (text, field) in enumerate(
            ((self.tr("&From"), self.begin), (self.tr("&To"), self.end))
        ):
            label = QLabel(text)
            label.setProperty("kind", "label")
            label.setBuddy(field)
            grid.addWidget(label, 0, place)
            grid.addWidget(field, 1, place)
        return grid

    def _on_marked(self, begin: float, end: float) -> None:
        self.begin.setValue(begin * self._seconds)
        self.end.setValue(end * self._seconds)

    def _follow(self) -> None:
        begin, end = self.region()
        whole = max(self._seconds, 1e-6)
        self.strip.set_region(begin / whole, max(end, begin) / whole)
        self._go.setEnabled(end - begin >= LEAST_REGION_S)
