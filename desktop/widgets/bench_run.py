"""The card that begins a bench and shows how far it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QProgressBar, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.page_parts import button, column, label, row, set_kind, titled

QUICK, WHOLE = "quick", "whole"


class BenchRun(QFrame):
    """Asks for a bench to begin or to stop."""

    start_asked = Signal(str)
    """``quick`` or ``whole``."""
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        head = titled(
            self.tr("Measure this machine"),
            self.tr("On the processor, and on what the automatic choice takes if that is another."),
        )
        self.protocol = QComboBox()
        self.protocol.setAccessibleName(self.tr("How thoroughly"))
        self.protocol.addItem(self.tr("Quick: 5 runs, a first impression"), QUICK)
        self.protocol.addItem(self.tr("Whole: 30 runs, figures to compare"), WHOLE)
        self._start = button(self.tr("Measure"), self._ask, "primary", "bench")
        self._stop = button(self.tr("Stop"), self.stop_asked.emit, "", "close")
        self._stop.setAccessibleName(self.tr("Stop measuring"))
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of the bench"))
        self._step = label("", "small", wrap=True)
        self._note = label("", "soft", wrap=True)
        controls = row(self.protocol, self._start, self._stop, 1, gap=2)
        inside = column(head, controls, self._bar, self._step, self._note)
        space = tokens().space
        inside.setSpacing(space * 3 // 2)
        inside.setContentsMargins(space * 5 // 2, space * 2, space * 5 // 2, space * 2)
        self.setLayout(inside)
        self.show_running(False)

    def show_running(self, running: bool, note: str = "", problem: bool = False) -> None:
        """Say whether a bench runs, and how the last one ended."""
        self._start.setVisible(not running)
        self.protocol.setEnabled(not running)
        self._stop.setVisible(running)
        self._stop.setEnabled(running)
        self._bar.setVisible(running)
        self._bar.setValue(0)
        self._step.setVisible(running)
        self._step.setText(self.tr("Starting …"))
        self.say(note, problem)

    def show_progress(self, step: str, share: float) -> None:
        """Show what is being measured and the share of the whole that is done."""
        self._bar.setValue(round(share * 1000))
        waits = self.tr("Music that is made meanwhile makes the figures worse.")
        self._step.setText(f"{step}  ·  {share:.0%}  ·  {waits}")

    def show_stopping(self) -> None:
        """Say that it will end soon."""
        self._stop.setEnabled(False)
        self._step.setText(self.tr("Stopping; what was measured is kept …"))

    def say(self, note: str, problem: bool = False) -> None:
        """Show a line below."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        set_kind(self._note, "problem" if problem else "soft")

    def _ask(self) -> None:
        self.start_asked.emit(self.protocol.currentData())
