"""A card at the top of a page: what is being done, or what went wrong; hidden otherwise."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import button, column, label, row


class News(QFrame):
    """Shows one thing at a time."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._words = label("", wrap=True)
        self._stop = button(self.tr("Stop"), self.stop_asked.emit, "", "close")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._problem = label("", "problem", wrap=True)
        self._hint = label("", "soft", wrap=True)
        self._close = button(self.tr("Close"), self.hide, "quiet", "close")
        told = row(column(self._problem, self._hint), self._close, gap=2)
        told.setStretch(0, 1)
        doing = row(self._words, self._stop, gap=2)
        doing.setStretch(0, 1)
        inside = column(doing, self._bar, told, gap=1)
        space = tokens().space
        inside.setContentsMargins(space * 5 // 2, space * 2, space * 5 // 2, space * 2)
        self.setLayout(inside)
        self.hide()

    def show_work(self, text: str) -> None:
        """Say what is being done, with a bar and a way to stop it."""
        self._words.setText(text)
        self._bar.setValue(0)
        self._show(working=True)

    def set_share(self, share: float) -> None:
        """Show how much of the work is done, 0 … 1."""
        self._bar.setValue(round(share * 1000))

    def show_problem(self, error: str, hint: str) -> None:
        """Say what went wrong and what to do about it."""
        self._problem.setText(error)
        self._hint.setText(hint)
        self._show(working=False)

    def _show(self, working: bool) -> None:
        for each in (self._words, self._stop, self._bar):
            each.setVisible(working)
        self._problem.setVisible(not working)
        self._close.setVisible(not working)
        self._hint.setVisible(not working and bool(self._hint.text()))
        self.show()
