"""One line of the settings: what it is about at the left, the control at the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QWidget

from descant.desktop.widgets.page_parts import Item, column, label, row


def setting_row(title: str, text: str, *controls: Item, below: QWidget | None = None) -> QWidget:
    """Return a line with controls; screen readers hear ``title`` from the control itself.

    ``below`` stands under the two texts.
    """
    lines = [label(title, "strong"), label(text, "small", wrap=True)]
    words = column(*lines, *([below] if below else []))
    words.setSpacing(2)
    line = row(words, *controls, gap=2)
    line.setStretch(0, 1)
    made = QWidget()
    made.setLayout(line)
    return made


class Choice(QWidget):
    """A few words beside each other of which one is chosen."""

    chosen = Signal(object)

    def __init__(
        self, name: str, options: Iterable[tuple[str, object]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._values: list[object] = []
        line = row(gap=1)
        for place, (words, value) in enumerate(options):
            each = QPushButton(words)
            each.setProperty("kind", "chip")
            each.setCheckable(True)
            each.setAccessibleName(f"{name}: {words}")
            self._group.addButton(each, place)
            self._values.append(value)
            line.addWidget(each)
        self.setLayout(line)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._values[place]))

    def set_value(self, value: object) -> None:
        """Mark what holds, without telling."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def choose(self, value: object) -> None:
        """Choose as a click does."""
        self._group.button(self._values.index(value)).click()


class Menu(QComboBox):
    """A list that opens, with values behind its words."""

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        # The wheel scrolls the page, and changes nothing in passing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda place: self.picked.emit(self.itemData(place)))

    def set_options(self, options: Iterable[tuple[str, object]], value: object) -> None:
        """Offer words with values and mark the one that holds, without telling."""
        with QSignalBlocker(self):
            self.clear()
            for words, each in options:
                self.addItem(words, each)
            self.set_value(value)

    def set_value(self, value: object) -> None:
        """Mark what holds, without telling."""
        with QSignalBlocker(self):
            place = next((i for i in range(self.count()) if self.itemData(i) == value), -1)
            self.setCurrentIndex(place)

    def wheelEvent(self, event: object) -> None:
        """Leave the wheel to the page."""
        getattr(event, "ignore")()  # noqa: B009 - Qt gives a QWheelEvent
