"""Asks before something is done that can't be undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.dialog_buttons import dialog_buttons


class ConfirmDialog(QDialog):
    """Says what would happen; ``accepted`` means that it shall."""

    def __init__(self, question: str, text: str, go: str, parent: QWidget | None = None) -> None:
        """Ask.

        Args:
            question: Short, such as "Replace the file?".
            text: What it would mean.
            go: What the button says that does it.
            parent: Under the dialog.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(question)
        self.setMinimumWidth(420)
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3, space * 3, space * 3, space * 3)
        column.setSpacing(space * 2)
        for words, kind in ((question, "heading"), (text, "soft")):
            label = QLabel(words)
            label.setProperty("kind", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        self.go = QPushButton(go)
        column.addLayout(dialog_buttons(self, self.go))
