"""Says why nothing is made although something waits, with a button to go on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from descant.desktop.icons import set_icon
from descant.desktop.queue_list import Hold
from descant.desktop.theme import tokens
from descant.desktop.widgets.parts import button, row, text_label
from descant.desktop.worker import GenerationQueue


class HoldCard(QFrame):
    """Shown above the queue while it is held."""

    def __init__(self, queue: GenerationQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.setProperty("kind", "card")
        self._mark = QLabel()
        self._title = text_label("", "label", wrap=True)
        self._why = text_label("", "small", wrap=True)
        self.go_on = button("", "primary")
        self.go_on.clicked.connect(queue.go_on)
        pad = tokens().space * 3 // 2
        column = QVBoxLayout(self)
        column.setContentsMargins(pad, pad, pad, pad)
        column.setSpacing(tokens().space)
        head = row(self._mark, self._title)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self._why)
        column.addLayout(row(None, self.go_on))
        queue.held_changed.connect(self.show_hold)
        self.show_hold(queue.held)

    def show_hold(self, held: Hold | None) -> None:
        """Say why; whoever shows the card hides it where nothing waits."""
        if held is None:
            return
        titles = {
            "engine": self.tr("The queue waits: the pack can't be opened"),
            "save": self.tr("The queue waits: a take could not be saved"),
            "before": self.tr("From last time"),
        }
        self._title.setText(titles[held.kind])
        before = held.kind == "before"
        set_icon(self._mark, *(("about", 18, "") if before else ("warning", 18, "warning")))
        why = self.tr("This was still waiting when descant ended.") if before else held.text
        self._why.setText(why)
        self.go_on.setText(self.tr("Make it") if before else self.tr("Try again"))
        self.go_on.setAccessibleName(self.go_on.text())
        self.setAccessibleName(f"{self._title.text()}. {why}")
