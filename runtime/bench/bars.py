"""Horizontal bars, as the charts of speed and of stages have them."""

from __future__ import annotations

from collections.abc import Sequence

from descant.runtime.bench.labels import width_of
from descant.runtime.bench.svg import Svg

WIDTH, VALUE = 760.0, 72.0
"""Of a drawing, and of the numbers at its right."""
ROW, BAR, TOP, BOTTOM = 34.0, 20.0, 8.0, 46.0


class Bars:
    """A chart of horizontal bars: names, grid, and numbers below."""

    def __init__(
        self,
        labels: Sequence[str],
        scale: Sequence[float],
        axis: str,
        title: str,
        told: str,
        row: float = ROW,
    ) -> None:
        """Draw all but the bars.

        Args:
            labels: One a bar.
            scale: Numbers of the axis, from 0.
            axis: What they are.
            title: Of the drawing.
            told: Read out to those who don't see it.
            row: Height of each label's place.
        """
        self.left = min(max(map(width_of, labels)) + 16, 260.0)
        self.unit = (WIDTH - VALUE - self.left) / scale[-1]
        self._row = row
        bottom = TOP + row * len(labels)
        self.svg = Svg(WIDTH, bottom + BOTTOM, title, told)
        for tick in scale:
            self.svg.line(self.x(tick), TOP, self.x(tick), bottom, "grid")
            self.svg.text(self.x(tick), bottom + 17, f"{tick:g}", "axis", "middle")
        for i, label in enumerate(labels):
            self.svg.text(self.left - 12, self.middle(i) + 4.5, label, "name", "end")
        self.svg.text(self.left, bottom + 38, axis, "axis")
        self.bottom = bottom

    def x(self, value: float) -> float:
        """Return where a value lies."""
        return self.left + value * self.unit

    def middle(self, i: int) -> float:
        """Return the height of a bar's middle line."""
        return TOP + self._row * (i + 0.5)

    def bar(
        self,
        i: int,
        start: float,
        end: float,
        kind: str,
        tip: str,
        *,
        height: float = BAR,
        shift: float = 0.0,
    ) -> None:
        """Draw a bar, or a part of one, ``shift`` below the middle of its place."""
        gap = 1.0 if start > 0 else 0.0
        width = (end - start) * self.unit - gap
        top = self.middle(i) + shift - height / 2
        self.svg.rect(self.x(start) + gap, top, width, height, kind, tip)

    def value(self, i: int, end: float, text: str, shift: float = 0.0) -> None:
        """Write a number at the end of a bar."""
        self.svg.text(self.x(end) + 8, self.middle(i) + shift + 4.5, text, "value")
