"""One line of the benchmark's table, and the table."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADINGS = ("figure", "asked", "measured", "ceiling or comparison", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number beside what was asked."""

    section: str
    name: str
    value: float
    """NaN when it could not be measured."""
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""
    """The ceiling, or what the number compares with."""
    digits: int = 3

    @property
    def verdict(self) -> str:
        """``ok``, ``MISSED``, ``not measured``, or nothing when nothing was asked."""
        if self.at_least is None and self.at_most is None:
            return ""
        if math.isnan(self.value):
            return "not measured"
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return "ok" if low <= self.value <= high else "MISSED"

    @property
    def asked(self) -> str:
        """The limits in words."""
        parts = []
        if self.at_least is not None:
            parts.append(f"≥ {self._write(self.at_least)}")
        if self.at_most is not None:
            parts.append(f"≤ {self._write(self.at_most)}")
        return ", ".join(parts)

    @property
    def measured(self) -> str:
        """The value with its unit."""
        return "-" if math.isnan(self.value) else self._write(self.value)

    def _write(self, value: float) -> str:
        if self.unit == "%":
            return f"{100 * value:.1f} %"
        text = f"{value:.{self.digits}f}" if value != int(value) else f"{value:.0f}"
        return f"{text} {self.unit}".strip()

    def to_json(self) -> dict[str, Any]:
        """Return plain values; NaN becomes None."""
        plain = dataclasses.asdict(self)
        plain["value"] = None if math.isnan(self.value) else self.value
        return {**plain, "verdict": self.verdict}


def percent(value: float) -> str:
    """Write a share."""
    return "-" if math.isnan(value) else f"{100 * value:.1f} %"


def table(figures: Sequence[Figure]) -> str:
    """Lay figures out in columns, one blank line between sections."""
    rows = [(f.name, f.asked, f.measured, f.beside, f.verdict) for f in figures]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [_row(HEADINGS, widths), "-" * (sum(widths) + 3 * 4)]
    section = figures[0].section if figures else ""
    for figure, row in zip(figures, rows, strict=True):
        if figure.section != section:
            lines.append("")
            section = figure.section
        lines.append(_row(row, widths))
    return "\n".join(lines)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip()
