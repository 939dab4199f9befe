"""Other worlds: space, a game's level."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import PINE
from descant.models.synthset.pictures.sky import cloud, stars


def space(c: Canvas) -> Stage | None:
    """Stars, a nebula, a planet with a ring or a moon, a ship."""
    c.gradient(0.0, 1.0, ((4, 4, 16), (10, 8, 30), (5, 5, 20)))
    for k in range(26):
        t = k / 25
        at = (c.aspect * t, 0.75 - 0.5 * t + c.rng.gauss(0.0, 0.09))
        c.halo(at, c.rng.uniform(0.1, 0.26), times(c.accent(k), 0.22))
        c.raw(c.circle_points(at, (0.16, 0.09), 12), times(c.accent(k), 0.5), 0.06)
    for _ in range(int(170 * c.aspect)):
        bright = c.rng.random() ** 4
        at = (c.rng.uniform(0.0, c.aspect), c.rng.random())
        c.disc(
            at,
            0.002 + 0.005 * bright,
            mix((255, 255, 255), c.accent(c.rng.randrange(3)), 0.3),
            0.4 + 0.6 * bright,
        )
    size = 0.16 + 0.18 * c.horizon
    centre = (c.focus, c.horizon)
    _planet(c, centre, size, mix(c.accent(0), (200, 160, 120), 0.35), ringed=c.variant == 1)
    _planet(c, (c.aspect - c.focus, 0.22), 0.06, (190, 186, 180), ringed=False)
    if c.frame != "open":
        x, y = c.aspect - c.focus * 0.8, 0.74
        s = -0.13 if x > c.aspect / 2 else 0.13
        c.raw([(x + s, y - 0.03), (x - s * 0.6, y - 0.06), (x - s * 0.8, y + 0.03),
               (x - s * 0.2, y + 0.03)],
              (206, 210, 220))  # fmt: skip
        c.raw(
            [(x - s * 0.2, y + 0.0), (x - s * 0.9, y + 0.08), (x - s * 0.9, y - 0.0)],
            (140, 146, 160),
        )
        c.lamp((x - s * 0.95, y), 0.02, c.accent(1), 5.0)
    return None


def _planet(c: Canvas, at: Point, size: float, colour: Colour, ringed: bool) -> None:
    x, y = at

    def ring(front: bool) -> None:
        turns = range(17) if front else range(16, 33)
        points = []
        for k in turns:
            angle = math.pi * k / 16
            px, py = math.cos(angle) * size * 1.75, math.sin(angle) * size * 0.36
            points.append((x + px, y + py - px * 0.25))
        c.raw_line(points, size * 0.14, mix(colour, (255, 246, 226), 0.5), 0.75)

    if ringed:
        ring(front=False)
    c.halo(at, size * 1.3, times(colour, 0.35))
    c.disc(at, size, times(colour, 0.16))
    for k in range(10):
        t = k / 9
        radius = size * (1.0 - 0.62 * t)
        shift = size - radius
        c.disc(
            (x - shift * 0.72, y - shift * 0.62),
            radius,
            mix(times(colour, 0.3), mix(colour, (255, 255, 255), 0.2), t),
            0.5,
        )
    for k in range(5):
        level = y - size * 0.6 + size * 0.3 * k
        half = math.sqrt(max(size**2 - (level - y) ** 2, 0.0)) * 0.95
        c.raw_line(
            [(x - half, level), (x + half * 0.6, level - 0.01)],
            size * 0.05,
            times(colour, 0.7),
            0.35,
        )
    if ringed:
        ring(front=True)


def game_level(c: Canvas) -> Stage:
    """Blocks, coins, pipes and a flag, as in an old game."""
    air = c.air
    c.gradient(0.0, 1.0, (air.top, air.middle, air.low))
    stars(c, 0.7)
    for k in range(4):
        cloud(c, (c.aspect * (k + c.rng.random()) / 4, c.rng.uniform(0.1, 0.3)), 0.12, False)
    unit = 0.0625
    for k in range(3):
        x, tall = c.aspect * (k + c.rng.random()) / 3, c.rng.randrange(3, 7)
        for step in range(tall):
            half = unit * (tall - step) * 1.2
            c.rect(
                (x - half, 0.8 - unit * (step + 1), x + half, 0.8 - unit * step),
                mix(PINE, c.accent(2), 0.5),
                0.5,
            )
    _blocks(c, unit)
    pipe = c.focus
    c.rect((pipe - 0.06, 0.66, pipe + 0.06, 0.8125), mix((50, 160, 70), c.accent(0), 0.25))
    c.rect((pipe - 0.075, 0.63, pipe + 0.075, 0.69), mix((70, 190, 90), c.accent(0), 0.25))
    if c.variant:
        x = c.aspect * 0.9
        c.line([(x, 0.8125), (x, 0.3)], 0.012, (230, 230, 236))
        c.polygon([(x, 0.3), (x - 0.12, 0.35), (x, 0.41)], c.accent(0))
    return (pipe - 0.2 if pipe > 0.4 else pipe + 0.3, 0.8125), 0.2


def _blocks(c: Canvas, unit: float) -> None:
    columns = int(c.aspect / unit) + 1
    gap = int((c.aspect - c.focus) / unit)
    for k in range(columns):
        if k in (gap, gap + 1):
            continue
        for row in range(3):
            tone = (
                mix((96, 190, 70), c.accent(2), 0.3)
                if row == 0
                else mix((176, 104, 58), c.accent(1), 0.2)
            )
            y = 0.8125 + unit * row
            c.rect(
                (k * unit, y, (k + 1) * unit - 0.006, y + unit - 0.006),
                times(tone, 1.0 if (k + row) % 2 else 0.88),
            )
    for k in range(3):
        left = int(c.rng.uniform(0.05, 0.8) * columns)
        level = round((c.horizon - 0.22 + 0.16 * k) / unit) * unit
        for j in range(c.rng.randrange(2, 5)):
            x = (left + j) * unit
            c.rect(
                (x, level, x + unit - 0.006, level + unit - 0.006),
                (206, 120, 60) if j % 2 else (232, 168, 60),
            )
            c.lamp((x + unit / 2, level - 0.05), 0.022, (255, 200, 40), 1.6)
            c.rect(
                (x + unit / 2 - 0.004, level - 0.066, x + unit / 2 + 0.004, level - 0.034),
                (214, 150, 30),
            )
