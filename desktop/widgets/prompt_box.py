"""The large text field for words, with examples to click on."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.flow_layout import FlowLayout
from descant.desktop.widgets.parts import Field, button


class PromptBox(QWidget):
    """Words for music."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("prompt")
        self.edit.setFixedHeight(108)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(
            self.tr("Instruments, mood, style, tempo: calm piano in the rain")
        )
        self.edit.setAccessibleName(self.tr("What to play"))
        self._field = Field("", self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space)
        column.addWidget(self._field)
        chips = FlowLayout(tokens().space)
        for example in self._examples():
            chip = button(example, "chip")
            chip.setAccessibleName(self.tr("Example: {0}").format(example))
            chip.clicked.connect(lambda _=False, words=example: self.write(words))
            chips.addWidget(chip)
        column.addLayout(chips)

    def write(self, words: str) -> None:
        """Replace the text, so that Ctrl+Z brings it back."""
        cursor = self.edit.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(words)
        self.edit.setFocus()

    def show_error(self, message: str) -> None:
        """Say what is wrong with the words."""
        self._field.show_error(message)

    @property
    def error(self) -> str:
        """What is said to be wrong."""
        return self._field.error

    def _examples(self) -> tuple[str, ...]:
        # The text tower was trained on English; the words are shown as they are used.
        return (
            "calm piano in the rain",
            "upbeat funk with brass, 110 bpm",
            "sad waltz in D minor",
            "epic orchestra, slow",
            "lo-fi hip hop beat",
            "bright acoustic guitar, folk",
        )
