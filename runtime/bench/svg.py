"""Drawings as text: a few shapes, every word escaped, every colour a class of the page's style."""

from __future__ import annotations

import html
import math

CHARACTER = 0.54
"""Width of a character next to the size of its font, on average over system fonts."""


def escaped(text: object) -> str:
    """Return a text that HTML and SVG show as it is."""
    return html.escape(str(text), quote=True)


def ellipsised(text: str, width: float, size: float = 13.0) -> str:
    """Cut a text to about ``width`` with an ellipsis."""
    most = max(int(width / (size * CHARACTER)), 2)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


class Svg:
    """One drawing."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        """Begin with what is read out to those who don't see it."""
        self.width, self.height = width, height
        self._parts = [f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>"]

    def rect(
        self, x: float, y: float, width: float, height: float, kind: str, tip: str = ""
    ) -> None:
        """Add a bar with softened corners."""
        inside = f"<title>{escaped(tip)}</title>" if tip else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" '
            f'rx="2" class="{kind}">{inside}</rect>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """Add a line."""
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'
        )

    def dot(self, x: float, y: float, radius: float, kind: str, tip: str) -> None:
        """Add a point."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}">'
            f"<title>{escaped(tip)}</title></circle>"
        )

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Add a line of text; ``y`` is its baseline."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{escaped(words)}</text>"
        )

    def render(self) -> str:
        """Return the drawing; it grows and shrinks with the page."""
        return (
            f'<svg viewBox="0 0 {self.width:.0f} {self.height:.0f}" role="img" '
            f'xmlns="http://www.w3.org/2000/svg">{"".join(self._parts)}</svg>'
        )


def ticks(largest: float, wanted: int = 5) -> list[float]:
    """Return round numbers from 0 to ``largest`` or a little above."""
    if not largest > 0 or not math.isfinite(largest):
        return [0.0, 1.0]
    rough = largest / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    return [step * i for i in range(math.ceil(largest / step * 0.999) + 1)]
