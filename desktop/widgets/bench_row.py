"""One report of the history."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from descant.desktop.bench_history import BenchEntry
from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import badge, button, column, label, row


class BenchRow(QFrame):
    """Date, speed and machine; asks to be shown, compared or deleted."""

    show_asked = Signal(object)
    compare_asked = Signal(object)
    delete_asked = Signal(object)

    def __init__(self, entry: BenchEntry, shown: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setProperty("chosen", shown)
        if entry.error:
            words = column(label(entry.machine), label(entry.error, "error", wrap=True))
        else:
            speed = label(self.tr("{0} s of audio per second").format(entry.speed or "?"), "strong")
            marks = [] if entry.complete else [badge(self.tr("Incomplete"), "warning")]
            where = f"{entry.machine}  ·  {entry.pack}  ·  {entry.device}  ·  {entry.date}"
            words = column(row(speed, *marks, 1), label(where, "small", wrap=True))
        words.setSpacing(tokens().space // 2)
        line = row(words, gap=1)
        line.setStretch(0, 1)
        name = entry.date or entry.machine
        if not entry.error:
            show = button(
                self.tr("Show"), lambda: self.show_asked.emit(entry), "quiet", "",
                self.tr("Show the card of {0}").format(name),
            )  # fmt: skip
            compare = button(
                self.tr("Compare"), lambda: self.compare_asked.emit(entry), "quiet", "",
                self.tr("Compare {0} with the report that is shown").format(name),
            )  # fmt: skip
            for each in (show, compare):
                each.setEnabled(not shown)
                line.addWidget(each)
        delete = button(
            "", lambda: self.delete_asked.emit(entry), "quiet", "delete",
            self.tr("Delete the report of {0}").format(name),
        )  # fmt: skip
        delete.setToolTip(self.tr("Delete"))
        line.addWidget(delete)
        space = tokens().space
        line.setContentsMargins(space * 5 // 2, space * 3 // 2, space, space * 3 // 2)
        self.setLayout(line)
