"""A short message at the foot of the window that goes away by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from descant.desktop.theme import tokens

SHOWN_MS, WITH_ACTION_MS = 5000, 9000


class Toast(QFrame):
    """Lies over its parent, at the bottom centre; one message at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("kind", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._action: Callable[[], None] | None = None
        space = tokens().space
        row = QHBoxLayout(self)
        row.setContentsMargins(space * 2, space, space, space)
        row.setSpacing(space * 2)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._button = QPushButton()
        self._button.setProperty("kind", "quiet")
        self._button.clicked.connect(self._act)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, action: str = "", on_action: Callable[[], None] | None = None) -> None:
        """Show a message, with a button when there is something to do about it."""
        self._action = on_action
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(WITH_ACTION_MS if action else SHOWN_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting, also when the window goes."""
        self._timer.stop()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom when the parent's size changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        room = self._over.rect()
        width = min(560, room.width() - 6 * tokens().space)
        self.setFixedWidth(max(width, 160))
        self.adjustSize()
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - 24)
