"""Ways and wares: highway, market, train."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import GRASS, SNOW, ridge, round_tree
from descant.models.synthset.pictures.sky import lightning, sky
from descant.models.synthset.pictures.town import (
    WALLS,
    WARM,
    block,
    bunting,
    car,
    road,
)

_TAR: Colour = (84, 84, 90)


def highway(c: Canvas) -> Stage:
    """A wide road to the horizon, with poles, or trails of light after dark."""
    sky(c)
    lightning(c, c.horizon)
    ridge(c, c.horizon + 0.01, 0.14, (104, 116, 120), 0.8, 0.55)
    ridge(c, c.horizon + 0.03, 0.05, (104, 126, 88), 0.5, 0.5)
    snowy = c.air.weather == "snow"
    c.ground(c.horizon + 0.015, SNOW if snowy else (150, 142, 94))
    road(c, (70, 70, 76), 0.85, dashes=True)
    foot = c.aspect / 2 + (c.focus - c.aspect / 2) * 0.2
    for lane in (-0.78, 0.78):
        c.polygon([(c.focus, c.horizon), (foot + lane - 0.012, 1.0), (foot + lane + 0.012, 1.0)],
                  (236, 232, 222))  # fmt: skip
    if c.air.dark:
        for k in range(6):
            lane = 0.2 + 0.09 * k
            for side, colour in ((-1, (255, 244, 214)), (1, (255, 52, 40))):
                end = foot + side * lane
                c.shine([(c.focus + side * 0.01, c.horizon), (end - 0.007, 1.0),
                         (end + 0.007, 1.0)],
                        colour, 0.8)  # fmt: skip
    else:
        car(c, (c.focus + 0.13, c.horizon + 0.2), 0.15, c.accent(0))
        car(c, (c.focus - 0.03, c.horizon + 0.07), 0.05, (220, 220, 222))
    for k in reversed(range(6)):
        t = 0.62**k
        x = c.focus + (1 if c.variant else -1) * 0.95 * t
        c.line(
            [(x, c.horizon + 0.4 * t), (x, c.horizon - 0.5 * t)],
            0.02 * t,
            (74, 64, 60),
            0.1 + 0.1 * k,
        )
        c.line([(x - 0.1 * t, c.horizon - 0.42 * t), (x + 0.1 * t, c.horizon - 0.42 * t)],
               0.014 * t,
               (74, 64, 60), 0.1 + 0.1 * k)  # fmt: skip
    side = -1 if c.variant else 1
    return (foot + side * 0.62, 0.93), 0.25


def market(c: Canvas) -> Stage:
    """Stalls under striped awnings, heaps of fruit, lanterns or flags overhead."""
    sky(c)
    for k in range(7):
        x = c.aspect * (k + 0.5) / 7
        top = c.horizon - c.rng.uniform(0.18, 0.34)
        block(c, (x - 0.14, top, x + 0.14, c.horizon + 0.1), WALLS[k % 6], 0.45)
    c.ground(c.horizon + 0.08, (186, 160, 126), 0.8)
    for row, (y, size) in enumerate(((c.horizon + 0.17, 0.24), (0.93, 0.46))):
        count = 5 if row == 0 else 3
        for k in range(count):
            x = c.aspect * (k + 0.5 + 0.15 * row) / count
            if row == 1 and abs(x - c.focus) < 0.24:
                continue
            _stall(c, (x, y), size, k + row)
    if c.air.dark:
        for k in range(12):
            t = k / 11
            c.lamp((c.aspect * t, 0.16 + 0.07 * math.sin(math.pi * 2 * t) ** 2), 0.016, WARM, 4.0)
    else:
        bunting(c, (0.0, 0.12), (c.aspect, 0.17), 13, 0.06)
    return (c.focus, 0.93), 0.32


def _stall(c: Canvas, at: Point, size: float, number: int) -> None:
    x, y = at
    half = size * 0.5
    for side in (-1, 1):
        c.rect(
            (x + side * half * 0.92 - 0.006, y - size * 0.8, x + side * half * 0.92 + 0.006, y),
            (98, 70, 48),
        )
    c.rect((x - half * 0.92, y - size * 0.32, x + half * 0.92, y), (138, 94, 58))
    stripe = c.accent(number)
    for k in range(8):
        x0, x1 = x - half + size * k / 8, x - half + size * (k + 1) / 8
        inner0, inner1 = x + (x0 - x) * 0.8, x + (x1 - x) * 0.8
        c.polygon([(inner0, y - size * 0.98), (inner1, y - size * 0.98), (x1, y - size * 0.7),
                   (x0, y - size * 0.7)],
                  stripe if k % 2 else (246, 240, 228))  # fmt: skip
    for k in range(15):
        fruit = ((214, 62, 44), (240, 168, 44), (120, 168, 62), (236, 210, 80), (150, 70, 120))[
            (k // 3 + number) % 5
        ]
        at_fruit = (x - half * 0.84 + size * 0.84 * k / 14, y - size * (0.34 + 0.05 * (k % 2)))
        c.ellipse(at_fruit, (size * 0.055, size * 0.055), fruit)
    if c.air.lamps:
        c.lamp((x, y - size * 0.62), size * 0.045, WARM, 5.0)


def train(c: Canvas) -> Stage:
    """A steam train on a viaduct, or running through the fields."""
    sky(c)
    lightning(c, c.horizon)
    snowy = c.air.weather == "snow"
    ridge(c, c.horizon + 0.04, 0.2, (104, 124, 116), 0.82, 0.5)
    ridge(c, c.horizon + 0.08, 0.1, (104, 136, 88), 0.55, 0.5)
    c.ground(c.horizon + 0.1, SNOW if snowy else GRASS)
    heading = 1.0 if c.focus < c.aspect / 2 else -1.0
    rail = c.horizon + (0.02 if c.variant else 0.2)
    if c.variant:
        stone: Colour = (156, 132, 112)
        c.rect((0.0, rail, c.aspect, rail + 0.05), stone, 0.15)
        for k in range(8):
            x = c.aspect * (k + 0.5) / 8
            c.rect((x - 0.022, rail, x + 0.022, 0.92), stone, 0.15)
            c.rect((x + 0.008, rail + 0.05, x + 0.022, 0.92), times(stone, 0.7), 0.15)
            for side in (-1, 1):
                c.polygon([(x + side * 0.02, rail + 0.05), (x + side * 0.09, rail + 0.05),
                           (x + side * 0.02, rail + 0.14)], stone, 0.15)  # fmt: skip
    else:
        c.rect((0.0, rail, c.aspect, rail + 0.025), (120, 104, 92), 0.1)
    _engine(c, (c.focus, rail), 0.15, heading)
    c.ground(0.9, SNOW if snowy else times(GRASS, 0.85), 0.7)
    for k in range(4):
        round_tree(c, (c.aspect * (k + c.rng.random()) / 4, 0.97), 0.2, 0.05)
    return (c.aspect - c.focus, 0.93), 0.2


def _engine(c: Canvas, at: Point, size: float, heading: float) -> None:
    x, y = at
    s = size * heading
    body: Colour = (52, 54, 60)
    for k in range(1, 6):
        x0 = x - s * (0.5 + 1.45 * k)
        c.rect(
            (x0, y - size * 0.72, x0 + s * 1.3, y - size * 0.1),
            mix(c.accent(1), (90, 50, 44), 0.5),
            0.12,
        )
        for w in range(4):
            box = (
                x0 + s * (0.12 + 0.3 * w),
                y - size * 0.58,
                x0 + s * (0.3 + 0.3 * w),
                y - size * 0.36,
            )
            pane = [(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])]
            if c.air.lamps:
                c.shine(pane, WARM, 0.7)
            else:
                c.polygon(pane, (206, 220, 230), 0.1)
    c.rect((x - s * 0.5, y - size * 0.95, x + s * 0.1, y - size * 0.1), body, 0.1)
    c.rect((x, y - size * 0.68, x + s * 1.1, y - size * 0.16), body, 0.1)
    c.rect((x + s * 0.82, y - size * 1.0, x + s * 0.98, y - size * 0.66), body, 0.1)
    c.rect((x - s * 0.56, y - size * 1.04, x + s * 0.16, y - size * 0.94), c.accent(0), 0.1)
    for k in range(4):
        c.ellipse(
            (x - s * 0.3 + s * 0.4 * k, y - size * 0.1),
            (size * 0.15, size * 0.15),
            (30, 30, 34),
            0.1,
        )
    c.lamp((x + s * 1.12, y - size * 0.45), size * 0.08, WARM, 4.0 if c.air.dark else 1.5)
    _steam(c, at, size, heading)


def _steam(c: Canvas, at: Point, size: float, heading: float) -> None:
    x, y = at
    s = size * heading
    steam = mix(c.air.low, (255, 255, 255), 0.2 if c.air.dark else 0.7)
    for k in range(15):
        t = k / 14
        centre = (
            x + s * (0.9 - 5.0 * t),
            y - size * (1.15 + 1.3 * t**0.7) + c.rng.uniform(-0.02, 0.02),
        )
        c.disc(centre, size * (0.18 + 0.4 * t), steam, 0.55 * (1.0 - 0.7 * t))
