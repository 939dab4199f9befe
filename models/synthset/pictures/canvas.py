"""The canvas: shapes in units of its height, seen through air, and the glow of lights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from descant.models.synthset.pictures.air import Air
from descant.models.synthset.pictures.colour import (
    Colour,
    Palette,
    Point,
    filtered,
    mix,
    times,
)
from descant.models.synthset.scenery import Layout, SceneTruth

Stage = tuple[Point, float]
"""Where a figure may stand in a place, and how tall a person is there."""
_GLOW = 4
"""How much coarser the glow is than the picture."""


def ink(colour: Colour, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """Return a colour as Pillow takes it."""
    red, green, blue = (max(0, min(255, int(value))) for value in colour)
    return red, green, blue, max(0, min(255, int(alpha * 255)))


class Canvas:
    """A picture in the making.

    The height is 1, y grows downwards, x goes from 0 to ``aspect``. Depth is 0 near … 1 far.
    """

    def __init__(
        self, size: tuple[int, int], scene: SceneTruth, layout: Layout, air: Air, palette: Palette
    ) -> None:
        self.scene, self.air, self.palette = scene, air, palette
        self.rng = Random(f"draw {scene.split} {scene.seed}")
        self.scale = size[1]
        self.aspect = size[0] / size[1]
        self.horizon = layout.horizon + self.rng.uniform(-0.03, 0.03)
        self.focus = (layout.focus + self.rng.uniform(-0.04, 0.04)) * self.aspect
        self.frame, self.variant = layout.frame, layout.variant
        self.image = Image.new("RGB", size)
        self.glow = Image.new("RGB", (max(size[0] // _GLOW, 1), max(size[1] // _GLOW, 1)))
        self._pen = ImageDraw.Draw(self.image, "RGBA")
        self._glow_pen = ImageDraw.Draw(self.glow, "RGBA")

    def accent(self, number: int) -> Colour:
        """Return one of the palette's three standing-out colours."""
        return self.palette.accents[number % 3]

    def shade(self, colour: Colour, depth: float = 0.0) -> Colour:
        """Return a surface's colour in this light, from this far."""
        seen = filtered(colour, self.air.ambient)
        return mix(seen, self.air.mist, depth * self.air.haze)

    def polygon(
        self, points: Sequence[Point], colour: Colour, depth: float = 0.0, alpha: float = 1.0
    ) -> None:
        """Fill a polygon with a surface's colour."""
        self._fill(points, self.shade(colour, depth), alpha)

    def rect(
        self,
        box: tuple[float, float, float, float],
        colour: Colour,
        depth: float = 0.0,
        alpha: float = 1.0,
    ) -> None:
        """Fill left, top, right, bottom."""
        s = self.scale
        x0, x1 = sorted((box[0], box[2]))
        y0, y1 = sorted((box[1], box[3]))
        colours = ink(self.shade(colour, depth), alpha)
        self._pen.rectangle((x0 * s, y0 * s, x1 * s, y1 * s), fill=colours)

    def ellipse(
        self,
        centre: Point,
        radii: Point,
        colour: Colour,
        depth: float = 0.0,
        alpha: float = 1.0,
    ) -> None:
        """Fill an ellipse."""
        s = self.scale
        (x, y), (rx, ry) = centre, radii
        box = ((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s)
        self._pen.ellipse(box, fill=ink(self.shade(colour, depth), alpha))

    def line(
        self,
        points: Sequence[Point],
        width: float,
        colour: Colour,
        depth: float = 0.0,
        alpha: float = 1.0,
    ) -> None:
        """Draw a line as wide as a part of the height, at least a pixel."""
        s = self.scale
        flat = [(x * s, y * s) for x, y in points]
        wide = max(1, round(width * s))
        self._pen.line(flat, fill=ink(self.shade(colour, depth), alpha), width=wide, joint="curve")

    def raw_line(
        self, points: Sequence[Point], width: float, colour: Colour, alpha: float = 1.0
    ) -> None:
        """Draw a line in a colour that the light does not change."""
        s = self.scale
        flat = [(x * s, y * s) for x, y in points]
        self._pen.line(flat, fill=ink(colour, alpha), width=max(1, round(width * s)))

    def raw(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0) -> None:
        """Fill a polygon with a colour that the light does not change."""
        self._fill(points, colour, alpha)

    def disc(self, centre: Point, radius: float, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a circle with a colour that the light does not change."""
        s = self.scale
        (x, y), r = centre, radius
        self._pen.ellipse(
            ((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=ink(colour, alpha)
        )

    def shine(self, points: Sequence[Point], colour: Colour, power: float = 1.0) -> None:
        """Fill a polygon that gives light of its own."""
        self._fill(points, colour, 1.0)
        s = self.scale / _GLOW
        flat = [(x * s, y * s) for x, y in points]
        self._glow_pen.polygon(flat, fill=ink(times(colour, power)))

    def lamp(self, centre: Point, radius: float, colour: Colour, reach: float = 3.0) -> None:
        """Draw a light with its halo; the reach is in radii."""
        self.disc(centre, radius, mix(colour, (255, 255, 255), 0.45))
        self.halo(centre, radius * reach, times(colour, 0.8))

    def halo(self, centre: Point, radius: float, colour: Colour) -> None:
        """Add light around a point."""
        s = self.scale / _GLOW
        (x, y), steps = centre, 4
        for step in range(steps):
            r = radius * (1.0 - step / steps)
            box = ((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s)
            self._glow_pen.ellipse(box, fill=ink(colour, 0.35))

    def gradient(
        self, top: float, bottom: float, stops: Sequence[Colour], left: float = 0.0,
        right: float | None = None,
    ) -> None:  # fmt: skip
        """Fill a band with colours that run into each other from top to bottom."""
        s = self.scale
        x0, x1 = round(left * s), round((self.aspect if right is None else right) * s)
        y0, y1 = round(top * s), round(bottom * s)
        if x1 <= x0 or y1 <= y0:
            return
        at = np.linspace(0.0, len(stops) - 1.0, y1 - y0)
        table = np.asarray(stops)
        rows = np.stack([np.interp(at, range(len(stops)), table[:, k]) for k in range(3)], -1)
        strip = Image.fromarray(np.clip(rows, 0, 255).astype(np.uint8)[:, None])
        self.image.paste(strip.resize((x1 - x0, y1 - y0), Image.Resampling.NEAREST), (x0, y0))

    def ground(self, top: float, colour: Colour, near: float = 0.85) -> None:
        """Fill from a line down to the bottom, hazy far away and darker near the eye."""
        far = self.shade(colour, 0.6)
        middle, close = self.shade(colour, 0.15), self.shade(times(colour, near))
        self.gradient(top, 1.0, (far, middle, close))

    def _fill(self, points: Sequence[Point], colour: Colour, alpha: float) -> None:
        s = self.scale
        self._pen.polygon([(x * s, y * s) for x, y in points], fill=ink(colour, alpha))

    def circle_points(self, centre: Point, radii: Point, count: int = 20) -> list[Point]:
        """Return points around an ellipse."""
        turn = 2.0 * math.pi / count
        return [
            (centre[0] + radii[0] * math.cos(k * turn), centre[1] + radii[1] * math.sin(k * turn))
            for k in range(count)
        ]
