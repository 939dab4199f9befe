"""Sky: gradient, sun and moon, stars, clouds, and what falls from it."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times

_WHITE: Colour = (255, 255, 255)


def sky(c: Canvas, bottom: float | None = None) -> None:
    """Paint the sky down to a line, the horizon by default, with all that is in it."""
    end = c.horizon if bottom is None else bottom
    air = c.air
    c.gradient(0.0, end + 0.01, (air.top, air.middle, air.low))
    c.gradient(end, 1.0, (air.low, air.low))
    stars(c, end)
    sun(c, sun_place(c, end))
    clouds(c, end)


def sun_place(c: Canvas, horizon: float) -> Point:
    """Return where sun or moon stands: away from the focus, as painters do."""
    side = 0.72 if c.focus < c.aspect / 2 else 0.28
    low = max(0.06, horizon * (1.0 - c.air.height))
    if c.variant and c.air.height < 0.2:
        side = c.focus / c.aspect
    return side * c.aspect, min(low, horizon - 0.01)


def sun(c: Canvas, at: Point, size: float = 0.05) -> None:
    """Paint sun or moon with its halo; the veil of cloud takes from both."""
    air, clear = c.air, 1.0 - c.air.veil
    if clear < 0.08:
        return
    if air.moon:
        size *= 0.85
        c.halo(at, size * 3.4, times(air.sun, 0.4 * clear))
        c.disc(at, size, mix(air.middle, air.sun, 0.35 + 0.6 * clear))
        if c.scene.seed % 3 == 0:
            c.disc(
                (at[0] + size * 0.5, at[1] - size * 0.2), size * 0.9, mix(air.top, air.middle, 0.5)
            )
        return
    c.halo(at, 0.4, times(air.sun, 0.45 * clear))
    c.halo(at, size * 2.2, times(air.sun, 0.8 * clear))
    c.disc(at, size * (1.35 if air.height < 0.2 else 1.0), mix(air.low, air.sun, 0.4 + 0.6 * clear))


def stars(c: Canvas, bottom: float, share: float = 1.0) -> None:
    """Scatter stars, a few of them bright."""
    rng = c.rng
    for _ in range(int(110 * c.air.stars * c.aspect * bottom * share)):
        at = (rng.uniform(0.0, c.aspect), bottom * rng.random() ** 1.3)
        bright = rng.random() ** 3
        c.disc(at, 0.0022 + 0.0035 * bright, _WHITE, 0.35 + 0.6 * bright)


def clouds(c: Canvas, bottom: float) -> None:
    """Paint clouds: fair, heavy or torn, by weather."""
    count = {"clear": 1, "clouds": 6, "snow": 4, "rain": 6, "storm": 8}.get(c.air.weather, 0)
    if c.air.weather == "clear" and c.rng.random() < 0.5:
        return
    heavy = c.air.weather in ("rain", "storm")
    for _ in range(count):
        y = bottom * c.rng.uniform(0.08, 0.5 if heavy else 0.72)
        x = c.rng.uniform(-0.1, c.aspect + 0.1)
        cloud(c, (x, y), c.rng.uniform(0.1, 0.22) * (1.7 if heavy else 1.0), heavy)


def cloud(c: Canvas, at: Point, size: float, heavy: bool) -> None:
    """Paint one cloud, lit from above by day and from below at a low sun."""
    air, rng = c.air, c.rng
    bright = mix(air.low, _WHITE, 0.0 if air.dark else 0.55)
    under = mix(air.middle, air.top, 0.4)
    if heavy:
        bright, under = times(mix(air.middle, air.low, 0.5), 0.85), times(air.top, 0.6)
    if air.height < 0.2:
        bright, under = under, mix(air.low, air.sun, 0.3)
    puffs = [
        (rng.uniform(-1.0, 1.0), rng.uniform(-0.16, 0.06), rng.uniform(0.25, 0.5)) for _ in range(7)
    ]
    for shift, colour in ((0.035, under), (0.0, bright)):
        for dx, dy, r in puffs:
            fade = 1.0 - 0.45 * abs(dx)
            centre = (at[0] + dx * size, at[1] + (dy + shift * 3) * size * 0.55)
            points = c.circle_points(centre, (r * size * fade, r * size * fade * 0.5), 14)
            c.raw(points, colour, 0.62)


def falling(c: Canvas) -> None:
    """Draw rain, snow or lightning before everything else that is near."""
    weather, rng = c.air.weather, c.rng
    if weather in ("rain", "storm"):
        slant = rng.uniform(-0.05, 0.05) + (0.09 if weather == "storm" else 0.02)
        for _ in range(int(90 * c.aspect * (1.5 if weather == "storm" else 1.0))):
            x, y = rng.uniform(-0.1, c.aspect), rng.uniform(-0.1, 1.0)
            length = rng.uniform(0.04, 0.11)
            tone = mix(c.air.low, _WHITE, 0.55)
            c.raw_line([(x, y), (x + slant * length * 10, y + length)], 0.003, tone, 0.3)
    if weather == "snow":
        for _ in range(int(130 * c.aspect)):
            near = rng.random() ** 2
            at = (rng.uniform(0.0, c.aspect), rng.random())
            c.disc(at, 0.003 + 0.008 * near, mix(c.air.low, _WHITE, 0.8), 0.5 + 0.4 * near)


def lightning(c: Canvas, bottom: float) -> None:
    """Strike once in two storms."""
    if c.air.weather != "storm" or c.scene.seed % 2:
        return
    x, y = c.rng.uniform(0.2, 0.8) * c.aspect, 0.05
    points = [(x, y)]
    while y < bottom:
        x, y = x + c.rng.uniform(-0.06, 0.06), y + c.rng.uniform(0.04, 0.09)
        points.append((x, y))
    c.raw_line(points, 0.008, (236, 240, 255))
    for at in points[::3]:
        c.halo(at, 0.12, (70, 76, 110))


def beams(
    c: Canvas, source: Point, colour: Colour, count: int, spread: float, alpha: float
) -> None:
    """Draw beams of light that fan out downwards."""
    for k in range(count):
        angle = math.pi / 2 + spread * ((k + 0.5) / count - 0.5) + c.rng.uniform(-0.04, 0.04)
        wide = c.rng.uniform(0.025, 0.06)
        reach = 1.4
        a = (source[0] + math.cos(angle - wide) * reach, source[1] + math.sin(angle - wide) * reach)
        b = (source[0] + math.cos(angle + wide) * reach, source[1] + math.sin(angle + wide) * reach)
        c.raw([source, a, b], colour, alpha)
