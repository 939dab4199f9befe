"""What rooms share: walls and floor, hanging lamps, a window with its view."""

from __future__ import annotations

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.town import WARM


def walls(c: Canvas, wall: Colour, floor: Colour, line: float) -> None:
    """Paint a back wall and a floor of boards."""
    c.gradient(0.0, line, (c.shade(times(wall, 0.75)), c.shade(wall)))
    c.gradient(line, 1.0, (c.shade(times(floor, 0.8)), c.shade(floor)))
    for k in range(-8, 9):
        foot = c.focus + k * 0.26
        c.line([(c.focus + k * 0.13, line), (foot, 1.0)], 0.003, times(floor, 0.6))
    c.rect((0.0, line - 0.025, c.aspect, line), times(wall, 0.85))


def pendant(c: Canvas, at: Point, size: float, colour: Colour) -> None:
    """Hang a lamp from the ceiling."""
    x, y = at
    c.line([(x, 0.0), (x, y)], 0.005, (50, 46, 48))
    c.polygon([(x - size * 0.3, y), (x + size * 0.3, y), (x + size, y + size * 0.8),
               (x - size, y + size * 0.8)], colour)  # fmt: skip
    if c.air.lamps:
        c.lamp((x, y + size * 0.85), size * 0.3, WARM, 7.0)


def view(c: Canvas, box: tuple[float, float, float, float], bars: Point, frame: Colour) -> None:
    """Paint a window in a room: the sky of the hour, hills and what falls."""
    left, top, right, bottom = box
    air = c.air
    c.gradient(top, bottom, (air.top, air.middle, air.low), left, right)
    if not air.dark:
        c.halo(((left + right) / 2, (top + bottom) / 2), (right - left) * 0.8,
               times(air.low, 0.35))  # fmt: skip
    line = [(left + (right - left) * k / 8, bottom - (bottom - top) * c.rng.uniform(0.1, 0.3))
            for k in range(9)]  # fmt: skip
    far = mix(times(air.low, 0.55), (60, 90, 70), 0.25)
    c.raw([*line, (right, bottom), (left, bottom)], far)
    if air.moon and air.veil < 0.5:
        c.lamp((left + (right - left) * 0.7, top + (bottom - top) * 0.28), 0.025, air.sun, 3.0)
    for _ in range(26 if air.weather in ("rain", "snow") else 14 if air.stars > 0.3 else 0):
        at = (c.rng.uniform(left, right), c.rng.uniform(top, bottom * 0.7 + top * 0.3))
        if air.weather == "rain":
            c.raw_line([at, (at[0] - 0.01, min(at[1] + 0.06, bottom))], 0.003, (220, 228, 240), 0.5)
        else:
            c.disc(at, 0.006 if air.weather == "snow" else 0.003, (248, 250, 255), 0.9)
    for k in range(int(bars[0]) + 1):
        x = left + (right - left) * k / bars[0]
        c.line([(x, top), (x, bottom)], 0.014, frame)
    for k in range(int(bars[1]) + 1):
        y = top + (bottom - top) * k / bars[1]
        c.line([(left, y), (right, y)], 0.014, frame)
