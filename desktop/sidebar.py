"""The side bar: one button for each page, and at its foot what the engine is doing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.page_table import PageEntry
from descant.desktop.theme import tokens

WIDE, NARROW = 208, 68


class SideBar(QWidget):
    """Asks for pages; a narrow one shows icons only."""

    page_asked = Signal(str)
    """Name of the page."""
    note_pressed = Signal(str)
    """All of the note at the foot."""

    def __init__(self, entries: tuple[PageEntry, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._titles = {entry.name: entry.title for entry in entries}
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._note_text, self._is_narrow = "", False
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3 // 2, space * 5 // 2, space * 3 // 2, space * 2)
        column.setSpacing(space // 2)
        column.addLayout(self._make_brand())
        column.addSpacing(space * 2)
        for number, entry in enumerate(entries, 1):
            column.addWidget(self._make_button(entry, number))
        column.addStretch(1)
        self._note = QPushButton()
        self._note.setProperty("kind", "quiet")
        self._note.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(self._note, "warning", 18, "warning")
        self._note.clicked.connect(lambda: self.note_pressed.emit(self._note.toolTip()))
        self._note.hide()
        column.addWidget(self._note)
        self._state = QLabel()
        self._state.setProperty("kind", "small")
        self._state.setWordWrap(True)
        self._state.setAccessibleName(self.tr("State of the engine"))
        column.addWidget(self._state)
        self.set_narrow(False)

    def show_current(self, name: str) -> None:
        """Mark the page that is shown."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def show_state(self, text: str, details: str = "") -> None:
        """Say at the foot what the engine is doing; ``details`` come as a tool tip."""
        self._state.setText(text)
        self._state.setToolTip(details)

    def show_note(self, text: str, details: str) -> None:
        """Keep a warning in sight; without a text there is none."""
        self._note_text = text
        self._note.setAccessibleName(text)
        self._note.setToolTip(details)
        self._note.setVisible(bool(text))
        self._show_note_text()

    def _show_note_text(self) -> None:
        self._note.setText("" if self._is_narrow else " " + self._note_text)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or icons and words."""
        self._is_narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDE)
        self._show_note_text()
        self._name.setVisible(not narrow)
        self._state.setVisible(not narrow)
        for name, button in self._buttons.items():
            button.setText("" if narrow else "  " + self._titles[name])
            button.setToolTip(self._titles[name] if narrow else "")

    def sizeHint(self) -> QSize:
        """Return a full-height strip."""
        return QSize(WIDE, 400)

    def _make_brand(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(tokens().space, 0, 0, 0)
        row.setSpacing(tokens().space)
        mark = QLabel()
        set_icon(mark, "note", 26, "accent_text")
        self._name = QLabel("descant")
        self._name.setObjectName("brand")
        row.addWidget(mark)
        row.addWidget(self._name, 1)
        return row

    def _make_button(self, entry: PageEntry, number: int) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "nav")
        button.setCheckable(True)
        button.setAccessibleName(entry.title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setShortcut(f"Ctrl+{number}")
        set_icon(button, entry.icon, 20)
        button.clicked.connect(lambda: self.page_asked.emit(entry.name))
        self._group.addButton(button)
        self._buttons[entry.name] = button
        return button
