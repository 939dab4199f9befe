"""Smooth shapes and text with Pillow and the font inside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL import Image

FINE = 2
"""Drawn this much larger and then reduced, which smooths edges of shapes."""
GLYPHS = frozenset(map(chr, range(32, 127))) | set("©«°±·»‘’“”…™")  # noqa: RUF001
"""What the built-in font has."""
INSTEAD = str.maketrans({"–": "-", "—": "-", "×": "x", "µ": "u", "®": "", "\t": " "})  # noqa: RUF001


class Canvas:
    """A picture in the making; coordinates are pixels of the finished one."""

    def __init__(self, width: int, height: int, paper: str) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (width * FINE, height * FINE), paper)
        self._draw = ImageDraw.Draw(self._image)
        self._size = (width, height)
        self._paper = paper

    def image(self) -> Image.Image:
        """Return the finished picture."""
        from PIL import Image

        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        width: float | None = None,
        anchor: Literal["left", "right"] = "left",
    ) -> float:
        """Write one line whose top is at ``y``; return its width.

        Args:
            x: Left or right end, by ``anchor``.
            y: Top.
            words: Signs that the font lacks are replaced.
            size: Height of the font.
            colour: Such as ``#ffffff``.
            bold: The font has one weight; a thin outline makes another.
            width: A longer text ends in an ellipsis.
            anchor: Which end ``x`` is.
        """
        from PIL import ImageFont

        font = ImageFont.load_default(size * FINE)
        stroke = max(round(size * FINE / 44), 1) if bold else 0
        fitted = drawable(words)
        if width is not None:
            while len(fitted) > 1 and font.getlength(fitted) + 2 * stroke > width * FINE:
                fitted = fitted.rstrip("…")[:-1].rstrip() + "…"
        wide = font.getlength(fitted) / FINE
        left = x - wide if anchor == "right" else x
        self._draw.text(
            (left * FINE, y * FINE), fitted, colour, font, stroke_width=stroke, stroke_fill=colour
        )
        return wide

    def stacked(
        self, x: float, y: float, height: float, parts: Sequence[tuple[float, str]]
    ) -> None:
        """Draw parts (width, colour) end to end as one bar with round ends."""
        from PIL import Image, ImageDraw

        whole = round(sum(width for width, _ in parts) * FINE)
        bar = Image.new("RGB", (whole, round(height * FINE)), self._paper)
        draw, start = ImageDraw.Draw(bar), 0.0
        for i, (width, colour) in enumerate(parts):
            gap = FINE * 2 if i else 0
            end = start + width * FINE
            if start + gap <= end - 1:
                draw.rectangle((start + gap, 0, end - 1, bar.height), colour)
            start = end
        mask = Image.new("L", bar.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, bar.width - 1, bar.height - 1), bar.height // 3, 255
        )
        self._image.paste(bar, (round(x * FINE), round(y * FINE)), mask)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a filled circle."""
        box = ((x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE)
        self._draw.ellipse(box, colour)

    def line(self, x: float, y: float, end: float, colour: str) -> None:
        """Draw a thin horizontal line."""
        self._draw.line((x * FINE, y * FINE, end * FINE, y * FINE), colour, FINE)


def drawable(text: str) -> str:
    """Return a text in signs that the font has: accents go, what is foreign becomes ``?``."""
    plain = unicodedata.normalize("NFKD", text.translate(INSTEAD))
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if c in GLYPHS else "?" for c in kept)
