"""Small pieces that all pages are built of: labels, cards, rows, fields with label and error."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens


def text_label(text: str, kind: str = "", wrap: bool = False) -> QLabel:
    """Return a label of a kind that the style sheet knows, such as "title" or "small"."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    return made


def button(text: str, kind: str = "", icon: str = "", role: str = "") -> QPushButton:
    """Return a push button; a click does not move the focus, so that space still plays."""
    made = QPushButton(f" {text}" if icon else text)  # a gap between the two
    made.setAccessibleName(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        set_icon(made, icon, 18, role)
    return made


def icon_button(icon: str, name: str, on_click: Callable[[], None] | None = None) -> QToolButton:
    """Return a button with an icon only; ``name`` is what it is called and its tool tip."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(name)
    made.setToolTip(name)
    set_icon(made, icon, 18)
    if on_click is not None:
        made.clicked.connect(on_click)
    return made


def card(*, kind: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """Return a rounded card and the column inside it."""
    frame = QFrame()
    frame.setProperty("kind", kind)
    column = QVBoxLayout(frame)
    pad = tokens().space * (2 if kind == "card" else 1)
    column.setContentsMargins(pad, pad, pad, pad)
    column.setSpacing(tokens().space)
    return frame, column


def row(*widgets: QWidget | None, spacing: int | None = None) -> QHBoxLayout:
    """Return widgets side by side; None is a spring."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(tokens().space if spacing is None else spacing)
    for widget in widgets:
        if widget is None:
            made.addStretch(1)
        else:
            made.addWidget(widget)
    return made


def scrolled(inside: QWidget) -> QScrollArea:
    """Return a vertical scroll area around a widget."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def restyle(widget: QWidget) -> None:
    """Apply the style sheet anew after a property that it looks at has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Field(QWidget):
    """A control with its label above and room for an error below."""

    def __init__(self, label: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space // 2)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._label = text_label(label, "label")
        self._label.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(label)
        self._error = text_label("", "error", wrap=True)
        self._error.hide()
        if label and not isinstance(control, QAbstractButton):
            column.addWidget(self._label)
        column.addWidget(control)
        column.addWidget(self._error)

    def show_error(self, message: str) -> None:
        """Say what is wrong with the value; an empty text takes it back."""
        self._error.setText(message)
        self._error.setVisible(bool(message))
        self.control.setProperty("wrong", bool(message))
        self.control.setAccessibleDescription(message)
        restyle(self.control)

    @property
    def error(self) -> str:
        """What is said to be wrong."""
        return self._error.text()


class Disclosure(QWidget):
    """A heading that opens and closes what lies under it."""

    def __init__(self, title: str, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self._head = button(title, "fold", "right")
        self._head.setCheckable(True)
        self._head.toggled.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space)
        column.addLayout(row(self._head, None))
        column.addWidget(inside)
        inside.hide()

    def open(self, shown: bool = True) -> None:
        """Open or close it."""
        self._head.setChecked(shown)

    @property
    def is_open(self) -> bool:
        """Whether what lies under it is shown."""
        return self._head.isChecked()

    def _show(self, shown: bool) -> None:
        set_icon(self._head, "down" if shown else "right", 18, "text_soft")
        self._inside.setVisible(shown)
