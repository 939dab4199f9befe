"""Files that are being written, with how far the present one has come."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from descant.desktop.export import Export
from descant.desktop.exporter import Exporter
from descant.desktop.theme import tokens


class ExportStrip(QFrame):
    """Is there while something is written."""

    def __init__(self, exporter: Exporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "well")
        space = tokens().space
        row = QHBoxLayout(self)
        row.setContentsMargins(space * 2, space, space * 2, space)
        row.setSpacing(space * 2)
        self.text = QLabel()
        self.text.setProperty("kind", "small")
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        row.addWidget(self.text)
        row.addWidget(self.bar, 1)
        self._waiting: list[Export] = []
        exporter.queued.connect(self._on_queued)
        exporter.progressed.connect(self._on_progress)
        exporter.finished.connect(self._on_over)
        exporter.failed.connect(self._on_over)
        self.hide()

    def _on_queued(self, wanted: Export) -> None:
        self._waiting.append(wanted)
        self._follow()

    def _on_progress(self, wanted: Export, stage: str, share: float) -> None:
        words = {
            "read": self.tr("Reads the take for {0}"),
            "look": self.tr("Looks through the film for {0}"),
            "write": self.tr("Writes {0}"),
        }
        self.text.setText(words[stage].format(wanted.target.name))
        self.bar.setValue(round(share * 100))

    def _on_over(self, wanted: Export, *_: object) -> None:
        self._waiting.remove(wanted)
        self._follow()

    def _follow(self) -> None:
        self.setVisible(bool(self._waiting))
        if self._waiting:
            self.text.setText(self.tr("Writes {0}").format(self._waiting[0].target.name))
            self.bar.setValue(0)
