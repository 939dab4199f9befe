"""Keys that work everywhere in the window, unless what has the focus needs them itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_WRITES = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
_TAKES_SPACE = (*_WRITES, QAbstractButton)
_TAKES_ARROWS = (*_WRITES, QAbstractItemView, QAbstractSlider)

Key = Qt.Key


class WindowKeys(QObject):
    """Calls what is bound to a key when nothing with the focus takes it first."""

    def __init__(self, window: QWidget, actions: dict[Qt.Key, Callable[[], None]]) -> None:
        """Bind plain keys to actions, for as long as ``window`` lives."""
        super().__init__(window)
        self._window, self._actions = window, actions
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key press when it is bound and free."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            return False
        action = self._actions.get(Key(event.key()))
        if action is None or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._window or self._needed(Key(event.key())):
            return False
        action()
        return True

    def _needed(self, key: Qt.Key) -> bool:
        """Whether the widget with the focus uses a key itself."""
        focus = QApplication.focusWidget()
        if focus is None:
            return False
        takes = _TAKES_SPACE if key == Key.Key_Space else _TAKES_ARROWS
        return isinstance(focus, takes) or _has_own_keys(focus)


def _has_own_keys(widget: QWidget | None) -> bool:
    """Whether a widget, or one that it is part of, says so by the property "ownKeys"."""
    while widget is not None:
        if widget.property("ownKeys"):
            return True
        widget = widget.parentWidget()
    return False
