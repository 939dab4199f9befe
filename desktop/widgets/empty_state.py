"""What a page shows while it has nothing to show: a sign, a sentence, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.theme import tokens


class EmptyState(QWidget):
    """Stands in the middle of its place."""

    clicked = Signal()

    def __init__(
        self, icon: str, title: str, text: str, button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        space = tokens().space
        column = QVBoxLayout(self)
        column.setSpacing(space * 3 // 2)
        column.addStretch(2)
        sign = QLabel()
        set_icon(sign, icon, 48, "text_faint")
        column.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        heading = QLabel(title)
        heading.setProperty("kind", "heading")
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        words = QLabel(text)
        words.setProperty("kind", "soft")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setFixedWidth(420)
        row = QHBoxLayout()  # a label that is aligned by its layout does not get its height
        row.addStretch(1)
        row.addWidget(words)
        row.addStretch(1)
        column.addLayout(row)
        self.button = QPushButton(button)
        self.button.setProperty("kind", "primary")
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self.clicked)
        column.addSpacing(space // 2)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
