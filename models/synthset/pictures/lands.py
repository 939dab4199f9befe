"""Kind country: forest, meadow, garden."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import (
    BARK,
    GRASS,
    LEAF,
    SNOW,
    STONE,
    conifer,
    flowers,
    profile,
    ridge,
    round_tree,
    tufts,
)
from descant.models.synthset.pictures.sky import beams, lightning, sky, sun_place
from descant.models.synthset.pictures.town import arch, house


def forest(c: Canvas) -> Stage:
    """Trunks in three depths, a path and beams of light; or firs by the dozen."""
    air = c.air
    far = mix(air.low, c.shade((110, 150, 84)), 0.45)
    c.gradient(0.0, 1.0, (mix(air.middle, c.shade(LEAF), 0.35), far, c.shade((80, 104, 56))))
    snowy = air.weather == "snow"
    c.ground(c.horizon + 0.06, SNOW if snowy else (92, 108, 58), 0.5)
    path: Colour = (216, 222, 232) if snowy else (168, 138, 96)
    bend = 0.05 * math.sin(c.scene.seed)
    c.polygon([(c.focus - 0.015, c.horizon + 0.06), (c.focus + 0.015, c.horizon + 0.06),
               (c.focus + 0.12 + bend, 0.8), (c.focus + 0.26, 1.0), (c.focus - 0.22, 1.0),
               (c.focus - 0.06 + bend, 0.8)], path)  # fmt: skip
    for layer, depth in enumerate((0.9, 0.72, 0.5, 0.22, 0.0)):
        foot = c.horizon + 0.07 + 0.075 * layer
        for k in range(9 - layer):
            x = c.aspect * (k + c.rng.random()) / (9 - layer)
            if abs(x - c.focus) < 0.035 + 0.06 * layer:
                continue
            if c.variant:
                conifer(c, (x, foot), 0.3 + 0.16 * layer, depth, snowy)
            else:
                _trunk(c, (x, foot), 0.011 + 0.011 * layer, depth)
        if not c.variant and not snowy:
            _canopy(c, depth, 0.36 - 0.075 * layer)
    if not air.dark and air.veil < 0.8:
        beams(c, (sun_place(c, c.horizon)[0], -0.25), air.sun, 5, 1.0, 0.13)
    tufts(c, 0.86, 40, SNOW if snowy else LEAF)
    return (c.focus, 0.87), 0.24


def _trunk(c: Canvas, foot: Point, half: float, depth: float) -> None:
    x, y = foot
    lean = c.rng.uniform(-0.02, 0.02)
    c.polygon([(x - half * 1.5, y), (x + half * 1.5, y), (x + half * 0.8 + lean, -0.02),
               (x - half * 0.8 + lean, -0.02)], BARK, depth)  # fmt: skip
    c.polygon([(x + half * 0.5, y), (x + half * 1.5, y), (x + half * 0.8 + lean, -0.02),
               (x + half * 0.2 + lean, -0.02)], times(BARK, 0.6), depth)  # fmt: skip
    c.ellipse((x, y), (half * 2.4, half * 0.5), times(LEAF, 0.6), depth)


def _canopy(c: Canvas, depth: float, level: float) -> None:
    for _ in range(16):
        at = (c.rng.uniform(-0.05, c.aspect + 0.05), level * c.rng.uniform(-0.1, 1.0))
        size = c.rng.uniform(0.04, 0.1)
        tone = mix(times(LEAF, 0.75), (170, 190, 70), 0.5 * c.rng.random())
        c.ellipse(at, (size * 1.3, size * 0.8), tone, depth)


def meadow(c: Canvas) -> Stage:
    """Hills, a tree or a farm, a fence and flowers."""
    sky(c)
    lightning(c, c.horizon)
    ridge(c, c.horizon + 0.02, 0.16, (96, 132, 104), 0.85, 0.45)
    ridge(c, c.horizon + 0.06, 0.1, (112, 150, 78), 0.55, 0.4)
    c.ground(c.horizon + 0.08, GRASS)
    line = profile(c, c.horizon + 0.16, 0.07, 0.35)
    c.polygon([*line, (c.aspect, 1.0), (0.0, 1.0)], mix(GRASS, (214, 196, 84), 0.35), 0.2)
    if c.variant:
        house(c, (c.focus, c.horizon + 0.17), 0.2, (190, 70, 56), 0.2, False)
        round_tree(c, (c.focus + 0.22, c.horizon + 0.18), 0.3, 0.2)
    else:
        round_tree(c, (c.focus, c.horizon + 0.24), 0.5, 0.08)
    for k in range(9):
        x = c.aspect * k / 8
        c.rect((x - 0.008, 0.74 + 0.02 * (k % 2), x + 0.008, 0.86), (150, 122, 92))
    for y in (0.77, 0.82):
        c.line([(0.0, y), (c.aspect, y + 0.01)], 0.009, (160, 132, 100))
    c.ground(0.85, times(GRASS, 0.9), 0.75)
    tufts(c, 0.84, 70, GRASS)
    flowers(c, (0.0, 0.86, c.aspect, 1.0), 46, 0.017)
    return (c.aspect - c.focus * 0.9, 0.9), 0.24


def garden(c: Canvas) -> Stage:
    """A path between flower beds to an arch or a fountain, hedges around."""
    sky(c)
    for k in range(6):
        round_tree(c, (c.aspect * (k + c.rng.random()) / 6, c.horizon + 0.06), 0.34, 0.6)
    c.rect((0.0, c.horizon - 0.04, c.aspect, c.horizon + 0.1), (58, 104, 58), 0.35)
    c.ground(c.horizon + 0.08, GRASS)
    foot = c.aspect / 2
    c.polygon([(c.focus - 0.05, c.horizon + 0.08), (c.focus + 0.05, c.horizon + 0.08),
               (foot + 0.3, 1.0), (foot - 0.3, 1.0)], (222, 206, 176), 0.1)  # fmt: skip
    if c.variant:
        arch(c, (c.focus, c.horizon + 0.16), (0.13, 0.36), (48, 96, 52), 0.1, False)
        arch(c, (c.focus, c.horizon + 0.16), (0.085, 0.3), (196, 222, 196), 0.3, False)
        for k in range(22):
            angle = math.pi * k / 21
            at = (c.focus + 0.11 * math.cos(angle), c.horizon - 0.06 - 0.11 * math.sin(angle))
            c.ellipse(at, (0.013, 0.012), c.accent(k))
    else:
        _fountain(c, (c.focus, c.horizon + 0.22))
    for k in range(7):
        t = k / 6
        y = c.horizon + 0.13 + (0.9 - c.horizon) * t
        near = c.focus + (foot - c.focus) * t
        gap, wide = 0.07 + 0.27 * t, 0.1 + 0.3 * t
        for side in (-1, 1):
            x0, x1 = near + side * gap, near + side * (gap + wide)
            box = (min(x0, x1), y - 0.02, max(x0, x1), y + 0.03 + 0.03 * t)
            middle = ((x0 + x1) / 2, y + 0.02)
            c.ellipse(middle, (wide / 2, 0.022 + 0.035 * t), (52, 96, 48))
            flowers(c, box, 12, 0.008 + 0.016 * t)
    return (foot + 0.5 * (c.focus - foot), 0.86), 0.24


def _fountain(c: Canvas, at: Point) -> None:
    x, y = at
    for half, level in ((0.2, 0.0), (0.1, 0.13)):
        c.ellipse((x, y - level), (half, half * 0.3), times(STONE, 1.3))
        c.ellipse((x, y - level - 0.012), (half * 0.86, half * 0.22), (150, 200, 220))
        c.rect((x - 0.02, y - level - 0.13, x + 0.02, y - level), times(STONE, 1.15))
    for k in range(7):
        reach = (k - 3) * 0.035
        arc = [
            (x + reach * t / 5, y - 0.28 - 0.1 * math.sin(t / 5 * math.pi) + 0.13 * t / 5)
            for t in range(6)
        ]
        c.line(arc, 0.006, (232, 244, 250), 0.0, 0.8)
