"""The bar under the list of takes: what is chosen, and buttons for what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.library import TakeRecord
from descant.desktop.take_commands import COMMANDS, OF_DELETED, TakeCommands
from descant.desktop.theme import tokens

MAIN = ("play", "more", "vary", "continue", "replace", "export", "delete", "restore", "purge")
NARROW_BELOW = 860
_ICONS = {command.name: command.icon for command in COMMANDS}


class TakeBar(QFrame):
    """Shows the title of what is chosen and its main commands; words go in a narrow window."""

    def __init__(self, commands: TakeCommands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("What to do with the chosen take"))
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 2, space * 3 // 2, space * 2, space * 3 // 2)
        column.setSpacing(space)
        self._title = QLabel()
        self._title.setProperty("kind", "label")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(space)
        self._buttons: dict[str, QPushButton] = {}
        for name in MAIN:
            row.addWidget(self._make_button(name))
        row.addStretch(1)
        self._more = self._make_more()
        row.addWidget(self._more)
        column.addLayout(row)
        self.setMinimumWidth(120)

    def follow(self, takes: Sequence[TakeRecord]) -> None:
        """Show what is chosen."""
        if len(takes) == 1:
            title = takes[0].title
        else:
            title = self.tr("{0} takes chosen").format(len(takes))
        metrics = self._title.fontMetrics()
        room = max(self.width() - 60, 200)
        self._title.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, room))
        deleted = bool(takes) and takes[0].deleted is not None
        for name, button in self._buttons.items():
            action = self._commands.actions[name]
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())
            button.setAccessibleDescription(action.toolTip())
            button.setVisible((name in OF_DELETED) == deleted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where there is no room."""
        narrow = event.size().width() < NARROW_BELOW
        for name, button in self._buttons.items():
            button.setText("" if narrow else " " + self._word(name))
        super().resizeEvent(event)

    def _word(self, name: str) -> str:
        return self._commands.actions[name].text().rstrip("…")

    def _make_button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "quiet" if name in ("delete", *OF_DELETED) else "")
        set_icon(button, _ICONS[name], 18)
        button.setAccessibleName(self._word(name))
        button.clicked.connect(self._commands.actions[name].trigger)
        self._buttons[name] = button
        return button

    def _make_more(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "quiet")
        set_icon(button, "more", 18)
        button.setToolTip(self.tr("More"))
        button.setAccessibleName(self.tr("More to do with the take"))
        button.clicked.connect(self._show_menu)
        return button

    def _show_menu(self) -> None:
        menu = self._commands.menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))
