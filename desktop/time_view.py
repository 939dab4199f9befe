"""The stretch of time that several views show together."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_SPAN = 0.01
"""Seconds that fill a view at the closest."""


class TimeView(QObject):
    """What is visible of a clip, in seconds, and where its bars are."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seconds = 0.0
        """Length of the clip."""
        self.start = 0.0
        self.end = 0.0
        self.tempo_bpm: float | None = None
        """None where there are no beats."""
        self.beats_per_bar = 4

    @property
    def span(self) -> float:
        """Seconds that are visible."""
        return self.end - self.start

    @property
    def bar_seconds(self) -> float | None:
        """Length of a bar; None without beats."""
        return 60.0 / self.tempo_bpm * self.beats_per_bar if self.tempo_bpm else None

    def set_clip(
        self, seconds: float, tempo_bpm: float | None = None, beats_per_bar: int = 4
    ) -> None:
        """Show all of a clip."""
        self.seconds = seconds
        self.tempo_bpm, self.beats_per_bar = tempo_bpm, beats_per_bar
        self.start, self.end = 0.0, seconds
        self.changed.emit()

    def show_span(self, start: float, end: float) -> None:
        """Show a stretch, moved into the clip where it reaches beyond it."""
        span = min(max(end - start, MIN_SPAN), self.seconds)
        start = min(max(start, 0.0), self.seconds - span)
        if (start, start + span) != (self.start, self.end):
            self.start, self.end = start, start + span
            self.changed.emit()

    def show_all(self) -> None:
        """Show the whole clip."""
        self.show_span(0.0, self.seconds)

    def zoom(self, factor: float, about: float) -> None:
        """Show ``factor`` times as much; the second ``about`` stays where it is."""
        if self.span <= 0:
            return
        span = min(max(self.span * factor, MIN_SPAN), self.seconds)
        share = (about - self.start) / self.span
        self.show_span(about - share * span, about - share * span + span)

    def scroll(self, seconds: float) -> None:
        """Move on, or back by a negative number."""
        self.show_span(self.start + seconds, self.end + seconds)

    def reveal(self, second: float) -> None:
        """Turn the page when a place is not visible."""
        if not self.start <= second <= self.end:
            begin = second - 0.05 * self.span
            self.show_span(begin, begin + self.span)


def clock_text(seconds: float, decimals: int = 1) -> str:
    """Return ``m:ss.s``."""
    rounded = round(max(seconds, 0.0), decimals)
    minutes = int(rounded // 60)
    width = 3 + decimals if decimals else 2
    return f"{minutes}:{rounded - 60 * minutes:0{width}.{decimals}f}"


def tick_step(span: float, room: float) -> float:
    """Return a round number of seconds such that ``room`` ticks at most lie within ``span``."""
    least = span / max(room, 1.0)
    steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120)
    return next((step for step in steps if step >= least), 300)
