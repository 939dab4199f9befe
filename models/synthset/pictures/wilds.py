"""Wild country: desert, mountains, snow, a volcano."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import (
    PINE,
    SNOW,
    conifer,
    peak,
    profile,
    ridge,
    rock,
    water,
)
from descant.models.synthset.pictures.sky import lightning, sky
from descant.models.synthset.pictures.town import WALLS, house, road


def desert(c: Canvas) -> Stage:
    """Dunes, or mesas with a road, and a cactus."""
    sky(c)
    lightning(c, c.horizon)
    sand: Colour = (224, 166, 98)
    if c.variant:
        for k in range(3):
            _mesa(c, ((0.12 + 0.36 * k) * c.aspect, c.horizon + 0.02), c.rng.uniform(0.1, 0.24))
        c.ground(c.horizon, sand)
        road(c, (84, 78, 78), 0.3, dashes=True)
    else:
        c.ground(c.horizon, sand)
        for k in range(4):
            _dune(c, c.horizon + 0.02 + 0.13 * k, 0.1 + 0.05 * k, 0.7 - 0.2 * k)
    for side in (0, 1):
        if c.frame in ("both", ("left", "right")[side]) or c.variant:
            _cactus(c, ((0.12, 0.88)[side] * c.aspect, 0.93 - 0.1 * side), 0.34 - 0.1 * side)
    for _ in range(5):
        rock(c, (c.rng.uniform(0.0, c.aspect), c.rng.uniform(0.85, 1.0)), 0.03, (190, 120, 80))
    return (c.focus, 0.8), 0.2


def _mesa(c: Canvas, at: Point, half: float) -> None:
    x, y = at
    height = c.rng.uniform(0.14, 0.26)
    wall: Colour = (186, 92, 62)
    c.polygon([(x - half * 1.4, y), (x - half, y - height * 0.5), (x - half * 0.85, y - height),
               (x + half * 0.8, y - height), (x + half, y - height * 0.45), (x + half * 1.4, y)],
              wall, 0.55)  # fmt: skip
    c.polygon([(x + half * 0.2, y), (x + half * 0.3, y - height), (x + half * 0.8, y - height),
               (x + half, y - height * 0.45), (x + half * 1.4, y)], times(wall, 0.75),
               0.55)  # fmt: skip
    for k in range(3):
        level = y - height * (0.3 + 0.22 * k)
        c.line([(x - half * 0.92, level), (x + half * 0.9, level)], 0.006, times(wall, 0.85), 0.55)


def _dune(c: Canvas, base: float, height: float, depth: float) -> None:
    top = (c.rng.uniform(0.15, 0.85) * c.aspect, base - height * 0.7)
    light, dark = (240, 192, 122), (176, 112, 66)
    spread = c.aspect * 0.75
    left = [(top[0] - spread * (1 - k / 8),
             base + height * 0.6 * (1 - (k / 8) ** 1.6) - height * 0.7 * (k / 8) ** 2)
            for k in range(9)]  # fmt: skip
    right = [(top[0] + spread * k / 8, top[1] + (height * 1.3) * math.sin(k / 8 * math.pi / 2))
             for k in range(9)]  # fmt: skip
    c.polygon([*left, *right, (c.aspect * 1.6, 1.2), (-c.aspect * 0.6, 1.2)], light, depth)
    fold = [
        (top[0] + 0.12 * math.sin(k / 2) + 0.02 * k, top[1] + height * 1.4 * k / 6)
        for k in range(7)
    ]
    c.polygon([*right, *reversed(fold)], dark, depth, 0.85)


def _cactus(c: Canvas, at: Point, height: float) -> None:
    x, y = at
    green: Colour = (66, 112, 68)
    wide = height * 0.15
    c.line([(x, y), (x, y - height)], wide, green)
    c.ellipse((x, y - height), (wide / 2, wide / 2), green)
    for side, low, top in ((-1, 0.4, 0.75), (1, 0.55, 0.88)):
        hand = x + side * height * 0.24
        c.line([(x, y - height * low), (hand, y - height * low), (hand, y - height * top)],
               wide * 0.75, green)  # fmt: skip
        c.ellipse((hand, y - height * top), (wide * 0.36, wide * 0.36), green)
    c.line([(x + wide * 0.25, y), (x + wide * 0.25, y - height)], wide * 0.25, times(green, 0.65))


def mountains(c: Canvas) -> Stage:
    """Peaks in three depths over firs, or over a lake."""
    sky(c)
    lightning(c, c.horizon)
    snow = 0.85 if c.air.weather == "snow" else 0.5
    for depth, count, height in ((0.9, 5, 0.3), (0.66, 3, 0.4)):
        for k in range(count):
            x = c.aspect * (k + c.rng.uniform(0.2, 0.8)) / count
            peak(c, (x, c.horizon + 0.03), (0.26, height * c.rng.uniform(0.7, 1.0)),
                 (112, 116, 136),
                 depth, snow * 0.8)  # fmt: skip
    peak(c, (c.focus, c.horizon + 0.06), (0.5, c.horizon * 0.88), (104, 104, 122), 0.36, snow)
    ridge(c, c.horizon + 0.09, 0.07, PINE, 0.4, 0.8)
    snowy = c.air.weather == "snow"
    if c.variant:
        water(c, c.horizon + 0.08, 1.0, (40, 96, 120), 0.3)
        c.polygon([(c.focus - 0.3, c.horizon + 0.08), (c.focus + 0.3, c.horizon + 0.08),
                   (c.focus + 0.03, c.horizon + 0.38)], (70, 80, 106), 0.3, 0.4)  # fmt: skip
        c.polygon([(0.0, 0.86), (c.aspect * 0.5, 0.9), (c.aspect, 0.84), (c.aspect, 1.0),
                   (0.0, 1.0)],
                  SNOW if snowy else (104, 124, 70))  # fmt: skip
    else:
        c.ground(c.horizon + 0.08, SNOW if snowy else (110, 134, 78))
    for k in range(10):
        x = c.aspect * (k + c.rng.random()) / 10
        if abs(x - c.focus) > 0.14:
            edge = abs(x / c.aspect - 0.5) * 2
            conifer(c, (x, 0.88 + 0.12 * c.rng.random()), 0.2 + 0.24 * edge, 0.1, snowy)
    return (c.focus, 0.9), 0.19


def snowfield(c: Canvas) -> Stage:
    """Snow on hills, cottages with lit windows, firs."""
    sky(c)
    ridge(c, c.horizon + 0.02, 0.18, (196, 208, 226), 0.8, 0.5)
    for k in range(14):
        conifer(c, (c.aspect * (k + c.rng.random()) / 14, c.horizon + 0.05), 0.12, 0.6, True)
    c.ground(c.horizon + 0.03, SNOW, 0.86)
    for k in range(3 if c.variant else 1):
        at = (c.focus + (k - 1) * 0.34 * c.variant, c.horizon + 0.14 + 0.04 * (k % 2))
        house(c, at, 0.24 - 0.04 * k, WALLS[(k * 2 + c.scene.seed) % 6], 0.1, True)
        for puff in range(4):
            c.disc((at[0] + 0.06 + 0.02 * puff, at[1] - 0.28 - 0.05 * puff), 0.018 + 0.008 * puff,
                   mix(c.air.low, (255, 255, 255), 0.4), 0.4)  # fmt: skip
    for depth, base in ((0.15, 0.8), (0.0, 0.93)):
        line = profile(c, base, 0.08, 0.4)
        c.polygon([*line, (c.aspect, 1.0), (0.0, 1.0)], times(SNOW, 0.93 + 0.05 * depth), depth)
    for side in (0, 1):
        if c.frame in ("both", ("left", "right")[side]):
            conifer(c, ((0.1, 0.9)[side] * c.aspect, 1.0), 0.62, 0.0, True)
    return (c.aspect - c.focus * 0.9, 0.9), 0.22


def volcano(c: Canvas) -> Stage | None:
    """A burning mountain: fountain, streams of lava, ash."""
    sky(c)
    lightning(c, c.horizon)
    lava: Colour = (255, 110, 24)
    base, top = c.horizon + 0.12, c.horizon - 0.3
    for k in range(16):
        t = k / 15
        at = (c.focus + 0.3 * t * t + c.rng.gauss(0.0, 0.03 + 0.06 * t), top - 0.02 - 0.3 * t)
        c.disc(at, 0.04 + 0.09 * t, mix((80, 60, 58), c.air.top, 0.3 + 0.4 * t), 0.5)
    c.halo((c.focus, top - 0.03), 0.3, lava)
    rocky: Colour = (74, 58, 56)
    c.polygon([(c.focus - 0.75, base), (c.focus - 0.2, top + 0.14), (c.focus - 0.08, top),
               (c.focus + 0.08, top), (c.focus + 0.22, top + 0.15), (c.focus + 0.78, base)],
              rocky, 0.3)  # fmt: skip
    c.polygon([(c.focus + 0.02, base), (c.focus + 0.02, top), (c.focus + 0.08, top),
               (c.focus + 0.22, top + 0.15), (c.focus + 0.78, base)], times(rocky, 0.7),
               0.3)  # fmt: skip
    for side in (-1.0, 0.2, 0.9)[: 2 + c.variant]:
        x, points = c.focus + side * 0.05, []
        for k in range(8):
            points.append((x, top + (base - top) * k / 7))
            x += side * 0.035 + c.rng.uniform(-0.025, 0.025)
        wide = [(px + 0.012 + 0.022 * k / 7, py) for k, (px, py) in enumerate(points)]
        c.shine([*points, *reversed(wide)], lava, 0.8)
    for _ in range(30):
        angle, reach = c.rng.uniform(0.8, 2.3), c.rng.uniform(0.04, 0.26)
        at = (c.focus + math.cos(angle) * reach, top - math.sin(angle) * reach)
        c.lamp(at, 0.006, (255, 176, 60), 3.0)
    c.ground(base - 0.01, (58, 48, 46), 0.6)
    pool = profile(c, base + 0.14, 0.03, 0.6)
    c.shine([*pool, *[(x, y + 0.05) for x, y in reversed(pool)]], times(lava, 0.9), 0.5)
    for k in range(9):
        rock(
            c, (c.aspect * (k + c.rng.random()) / 9, c.rng.uniform(0.88, 1.02)), 0.09, (60, 50, 50)
        )
    return None
