"""A button that records a hummed tune, with the level of the microphone while it does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.hum import HumRecorder
from descant.desktop.theme import tokens
from descant.desktop.widgets.level_meter import LevelMeter
from descant.desktop.widgets.parts import button, row, text_label


class HumBox(QWidget):
    """Gives a recording, or says why there is none."""

    recorded = Signal(object)
    """``Path`` of a WAV file."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = context.settings
        self.recorder = HumRecorder(context.settings.folder / "recordings", self)
        self._button = button(self.tr("Hum it"), "chip", "microphone")
        self._button.setAccessibleDescription(self.tr("Records a tune from the microphone"))
        self._meter = LevelMeter()
        self._time = text_label("0:00", "small")
        self._message = text_label("", "error", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space // 2)
        column.addLayout(row(self._button, None))
        column.addLayout(row(self._meter, self._time))
        column.addWidget(self._message)
        for widget in (self._meter, self._time, self._message):
            widget.hide()
        self._button.clicked.connect(self.toggle)
        self.recorder.level.connect(self._on_level)
        self.recorder.recorded.connect(self._on_recorded)
        self.recorder.failed.connect(self._on_failed)

    def toggle(self) -> None:
        """Begin a take, or end it."""
        if self.recorder.running:
            self.recorder.stop()
            self._button.setEnabled(False)
            return
        self._message.hide()
        self.recorder.start(self._settings.value.audio_input)
        self._show(recording=True)

    def _show(self, recording: bool) -> None:
        self._button.setEnabled(True)
        self._button.setText(" " + (self.tr("Stop") if recording else self.tr("Hum it")))
        self._meter.setVisible(recording)
        self._time.setVisible(recording)
        if recording:
            self._time.setText("0:00")
            self._meter.set_peak(0.0)

    def _on_level(self, peak: float, seconds: float) -> None:
        self._meter.set_peak(peak)
        self._time.setText(f"{int(seconds) // 60}:{int(seconds) % 60:02d}")

    def _on_recorded(self, path: str, warning: str) -> None:
        self._show(recording=False)
        self._say(warning)
        self.recorded.emit(Path(path))

    def _on_failed(self, message: str) -> None:
        self._show(recording=False)
        self._say(message)

    def _say(self, message: str) -> None:
        self._message.setText(message)
        self._message.setVisible(bool(message))
