"""A long text that is read and closed again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import button, column, label, row


class TextDialog(QDialog):
    """Shows a title and a text; Escape closes it."""

    def __init__(self, title: str, text: str, parent: QWidget | None, fixed: bool = False) -> None:
        """Show ``text``, in letters of fixed width if ``fixed``."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.text = text_view(text, title, fixed)
        copy = button(self.tr("Copy"), self._copy, "quiet", "copy", self.tr("Copy the text"))
        close = button(self.tr("Close"), self.accept, "primary")
        close.setDefault(True)
        space = tokens().space
        inside = column(label(title, "heading", wrap=True), self.text, row(copy, 1, close), gap=2)
        inside.setContentsMargins(space * 3, space * 3, space * 3, space * 2)
        self.setLayout(inside)
        self.resize(680, 520)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def text_view(text: str, name: str, fixed: bool = False) -> QPlainTextEdit:
    """Return a field to read a long text in."""
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    if fixed:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(tokens().font_small)
        made.setFont(font)
    return made
