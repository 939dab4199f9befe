"""The views of one take under each other, on one time axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from descant.desktop.theme import tokens
from descant.desktop.time_view import TimeView
from descant.desktop.widgets.piano_roll import PianoRoll
from descant.desktop.widgets.spectrogram import SpectrogramView
from descant.desktop.widgets.time_plot import Span, TimePlot
from descant.desktop.widgets.time_ruler import TimeRuler
from descant.desktop.widgets.waveform import WaveformView


class TakeViews(QWidget):
    """Ruler, waveform, spectrogram and piano roll: they zoom, scroll and mark together."""

    seek_requested = Signal(float)
    region_changed = Signal(object)

    def __init__(self, melody_bar: QWidget | None = None, parent: QWidget | None = None) -> None:
        """Put ``melody_bar`` between the sound and the notes."""
        super().__init__(parent)
        self.view = TimeView(self)
        self.ruler = TimeRuler(self.view)
        self.waveform = WaveformView(self.view)
        self.spectrogram = SpectrogramView(self.view)
        self.roll = PianoRoll(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space // 2)
        column.addWidget(self.ruler)
        column.addWidget(self.waveform, 3)
        column.addWidget(self.spectrogram, 3)
        self.melody_place = QVBoxLayout()
        column.addLayout(self.melody_place)
        column.addWidget(self.roll, 5)
        for plot in self.plots():
            plot.seek_requested.connect(self.seek_requested)
            plot.loop_changed.connect(self._on_region)

    def plots(self) -> tuple[TimePlot, ...]:
        """Return all views, from top to bottom."""
        return (self.ruler, self.waveform, self.spectrogram, self.roll)

    @property
    def region(self) -> Span | None:
        """What is marked, in seconds."""
        return self.waveform.region

    def show_take(self, samples: NDArray[np.float32], sample_rate: int, notes: Any = None) -> None:
        """Show a take from its start.

        Args:
            samples: (A, N) float32.
            sample_rate: Hz.
            notes: ``TakeNotes`` of the library; None where none are known.
        """
        seconds = np.atleast_2d(samples).shape[1] / sample_rate
        tempo = None if notes is None else notes.tempo_bpm
        metre = 4 if notes is None else notes.beats_per_bar
        self.view.set_clip(seconds, tempo, metre)
        self.set_region(None)
        self.show_samples(samples, sample_rate)
        melody = () if notes is None else notes.melody
        self.roll.set_notes(melody, tempo or 120.0, metre)
        self.roll.set_backdrop(() if notes is None else notes.notes)
        self.set_position(0.0)

    def show_samples(self, samples: NDArray[np.float32], sample_rate: int) -> None:
        """Show other samples at the same place, such as those of the take compared with."""
        self.waveform.set_samples(samples, sample_rate)
        self.spectrogram.set_samples(samples, sample_rate)

    def set_position(self, seconds: float, follow: bool = False) -> None:
        """Move the playhead; ``follow`` turns the page when it leaves the view."""
        if follow and not self.waveform.marks.held:
            self.view.reveal(seconds)
        for plot in self.plots():
            plot.set_position(seconds)

    def set_region(self, span: Span | None) -> None:
        """Mark a region in all views."""
        for plot in self.plots():
            plot.set_region(span)

    def _on_region(self, span: Span | None) -> None:
        self.set_region(span)
        self.region_changed.emit(span)
