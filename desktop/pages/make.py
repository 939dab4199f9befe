"""The Make page: what to play, in words and files, and the button that makes music of it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.runtime import Request, RequestError


class MakePage(QWidget):
    """Turns what is written into requests for the queue."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        column = QVBoxLayout(self)
        title = QLabel(self.tr("What should it sound like?"))
        title.setProperty("kind", "title")
        self._prompt = QPlainTextEdit()
        self._prompt.setAccessibleName(self.tr("What to play"))
        self._error = QLabel()
        self._error.setProperty("kind", "error")
        button = QPushButton(self.tr("Make music"))
        button.setProperty("kind", "hero")
        button.setShortcut("Ctrl+Return")
        button.clicked.connect(self.make)
        for widget in (title, self._prompt, self._error, button):
            column.addWidget(widget)

    def edit(self, request: Request) -> None:
        """Put a request into the fields."""
        self._prompt.setPlainText(request.prompt)

    def make(self) -> None:
        """Queue what is written."""
        try:
            request = Request(prompt=self._prompt.toPlainText().strip())
        except RequestError as error:
            self._error.setText(f"{error} ({error.hint})")
            return
        self._error.clear()
        self._context.queue.add(request)
