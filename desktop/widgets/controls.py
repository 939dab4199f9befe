"""Controls for numbers that may be left to the pack: "Auto" until somebody sets them."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens
from descant.desktop.widgets.parts import icon_button, row, text_label


class AutoSpin(QDoubleSpinBox):
    """A number, or "Auto" below the smallest one."""

    def __init__(
        self, low: float, high: float, start: float, step: float = 1.0, digits: int = 0,
        suffix: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._start = start
        self.setDecimals(digits)
        self.setRange(low - step, high)
        self.setSingleStep(step)
        self.setSuffix(suffix)
        self.setSpecialValueText(self.tr("Auto"))
        self.setValue(self.minimum())
        inset(self)
        self.setStepType(QAbstractSpinBox.StepType.DefaultStepType)

    def stepBy(self, steps: int) -> None:
        """Go from "Auto" to a usual value, not to the smallest one."""
        if self.value() == self.minimum() and steps > 0:
            self.setValue(self._start)
        else:
            super().stepBy(steps)

    @property
    def chosen(self) -> float | None:
        """The number; None for "Auto"."""
        return None if self.value() == self.minimum() else self.value()

    def choose(self, value: float | None) -> None:
        """Show a number, or "Auto"."""
        self.setValue(self.minimum() if value is None else value)


class AutoSlider(QWidget):
    """A strength that is the pack's own until it is moved."""

    changed = Signal()

    def __init__(
        self, label: str, high: float, start: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._touched = False
        self._start = start
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round(high * 100))
        self.slider.setValue(round(start * 100))
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(label)
        self._value = text_label("", "small")
        self._reset = icon_button("undo", self.tr("Leave it to the pack"), self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row(text_label(label, "label"), None, self._value))
        column.addLayout(row(self.slider, self._reset))
        self.slider.valueChanged.connect(self._on_value)
        self.reset()

    @property
    def chosen(self) -> float | None:
        """The strength; None while it is the pack's."""
        return self.slider.value() / 100 if self._touched else None

    def choose(self, value: float | None) -> None:
        """Show a strength, or that it is the pack's."""
        if value is None:
            self.reset()
            return
        self.slider.setValue(round(value * 100))
        self._on_value()

    def reset(self) -> None:
        """Leave it to the pack."""
        self.slider.setValue(round(self._start * 100))
        self._touched = False
        self._show()

    def _on_value(self) -> None:
        self._touched = True
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._value.setText(f"{self.slider.value()} %" if self._touched else self.tr("Auto"))
        self._reset.setEnabled(self._touched)
        self.slider.setAccessibleDescription(self._value.text())


class SeedField(QWidget):
    """The seed: shown, rolled anew for every take, or locked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("Seed"))
        digits = QRegularExpression("[0-9]{0,19}")
        self.edit.setValidator(QRegularExpressionValidator(digits, self))
        dice = icon_button("dice", self.tr("Roll another seed"), self.roll)
        self._lock = icon_button("unlock", self.tr("Keep this seed"))
        self._lock.setCheckable(True)
        self._lock.toggled.connect(self._show_lock)
        self.edit.textEdited.connect(lambda: self._lock.setChecked(True))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens().space // 2)
        line.addWidget(self.edit, 1)
        line.addWidget(dice)
        line.addWidget(self._lock)
        self.roll()

    @property
    def locked(self) -> bool:
        """Whether the seed stays the same from take to take."""
        return self._lock.isChecked()

    def roll(self) -> None:
        """Draw a seed that is short enough to read out."""
        self.edit.setText(str(secrets.randbelow(2**32)))

    def take(self) -> int:
        """Return the seed of what is made now: another one each time unless it is locked."""
        if not self.locked or not self.edit.text():
            self.roll()
        return int(self.edit.text())

    def choose(self, seed: int) -> None:
        """Show a seed and keep it."""
        self.edit.setText(str(seed))
        self._lock.setChecked(True)

    def _show_lock(self, locked: bool) -> None:
        set_icon(self._lock, "lock" if locked else "unlock", 18)


def inset(box: QAbstractSpinBox) -> None:
    """Keep the text of a spin box away from its border, which a style sheet can't."""
    box.lineEdit().setTextMargins(tokens().space, 0, 0, 0)


def spin(low: int, high: int, value: int, on_change: Callable[[], None] | None = None) -> QSpinBox:
    """Return a spin box for whole numbers."""
    made = QSpinBox()
    made.setRange(low, high)
    made.setValue(value)
    inset(made)
    if on_change is not None:
        made.valueChanged.connect(on_change)
    return made
