"""Title and words of a take, and what can be made from it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from descant.desktop.take_data import TakeData
from descant.desktop.theme import tokens
from descant.desktop.widgets.elided_label import ElidedLabel
from descant.desktop.widgets.parts import button, icon_button, row, text_label

TITLE_ROOM = 220
"""Pixels that a title gets beside the buttons."""


class TakeHead(QWidget):
    """The top of the page of a take."""

    acted = Signal(str)
    """``back``, ``vary``, ``continue``, ``replace``, ``more`` or ``export``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("title")
        self.words = text_label("", "soft", wrap=True)
        self.buttons: dict[str, QPushButton] = {}
        self._names: dict[str, str] = {}
        self._tips: dict[str, str] = {}
        self._obstacles: Mapping[str, str] = {}
        self._marked = False
        self._add("more", self.tr("More like this"), "add", self.tr("The same wish, another seed"))
        self._add("vary", self.tr("Vary"), "vary", self.tr("Close to this take, yet another"))
        self._add("continue", self.tr("Continue"), "continue", self.tr("Go on where it ends"))
        self._add("replace", self.tr("Replace region"), "region", "")
        self._add("export", self.tr("Export"), "export", self.tr("Save as audio, notes or film"))
        self.set_region(False)
        back = icon_button("left", self.tr("Back to the library"), lambda: self.acted.emit("back"))
        t = tokens()
        names = QVBoxLayout()
        names.setSpacing(t.space // 2)
        line = row(back)
        line.addWidget(self.title, 1)
        names.addLayout(line)
        names.addWidget(self.words)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2 * t.space)
        self._box.addLayout(names, 1)
        self._box.addLayout(row(*self.buttons.values(), None))

    def show_take(self, data: TakeData) -> None:
        """Show a take's title and words."""
        self.title.show_text(data.record.title)
        self.title.setToolTip(data.record.title)
        words = data.record.prompt
        self.words.setText(words)
        self.words.setVisible(bool(words) and words.casefold() != data.record.title.casefold())

    def set_region(self, marked: bool) -> None:
        """Offer to replace a region only where one is marked."""
        self._tips["replace"] = (
            self.tr("Make the marked part anew and keep the rest")
            if marked
            else self.tr("Drag over the waveform to mark what should be made anew")
        )
        self._marked = marked
        self.set_obstacles(self._obstacles)

    def set_obstacles(self, found: Mapping[str, str]) -> None:
        """Switch off what can't be done, by the button's name; the tip says why."""
        self._obstacles = found
        for name, target in self.buttons.items():
            why = found.get(name, "")
            target.setEnabled(not why and (name != "replace" or self._marked))
            target.setToolTip(why or self._tips[name])

    def minimumSizeHint(self) -> QSize:
        """Take any width: what does not fit goes to another line, or loses its words."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the title, then leave their words out, where there is no room."""
        width = event.size().width()
        for name, target in self.buttons.items():
            target.setText(self._names[name])
        needed = sum(b.sizeHint().width() + tokens().space for b in self.buttons.values())
        beside = width >= needed + TITLE_ROOM
        self._box.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        if width < needed:
            for name in ("more", "vary", "continue"):
                self.buttons[name].setText("")
        super().resizeEvent(event)

    def _add(self, name: str, text: str, icon: str, tip: str) -> None:
        primary = name == "export"
        made = button(text, "primary" if primary else "", icon, "on_accent" if primary else "")
        self._tips[name] = tip
        made.clicked.connect(lambda: self.acted.emit(name))
        self.buttons[name], self._names[name] = made, made.text()
