"""Figures: people, birds and a cat, small and without faces."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.players import SKIN, add_player

_DARK: Colour = (44, 42, 52)


def add_figure(c: Canvas, at: Point, height: float) -> None:
    """Draw the scene's figure; a person standing at the point would be this tall."""
    name = c.scene.figure
    x, y = at
    if name == "player":
        add_player(c, at, height)
    elif name == "walker":
        person(c, at, height, _DARK, "walk")
    elif name == "couple":
        person(c, (x - height * 0.14, y), height, c.accent(0), "stand", dress=True)
        person(c, (x + height * 0.14, y), height * 1.06, _DARK, "stand")
        c.line([(x - height * 0.08, y - height * 0.5), (x + height * 0.08, y - height * 0.5)],
               height * 0.05, SKIN[c.scene.seed % 4])  # fmt: skip
    elif name == "dancers":
        for k in range(4):
            place = (x + (k - 1.5) * height * 0.55, y + c.rng.uniform(-0.02, 0.02))
            person(c, place, height * c.rng.uniform(0.9, 1.08), c.accent(k), "dance", k % 2 == 0)
    elif name == "child":
        person(c, at, height * 0.66, c.accent(1), "stand")
        _balloon(c, (x + height * 0.18, y - height * 0.35), height)
    elif name == "rider":
        _rider(c, at, height * 1.25)
    elif name == "crowd":
        crowd(c, (x - height * 1.7, x + height * 1.7), y, height, 13, c.scene.energy > 0.5)
    elif name in ("birds", "crows"):
        _birds(c, name == "crows")
    elif name == "cat":
        _cat(c, at, height * 0.34)


def person(
    c: Canvas, at: Point, height: float, cloth: Colour, pose: str, dress: bool = False
) -> None:
    """Draw one person: stand, walk or dance."""
    x, y = at
    h = height
    skin = SKIN[c.rng.randrange(4)]
    lean = {"stand": 0.0, "walk": 0.04, "dance": c.rng.uniform(-0.1, 0.1)}[pose] * h
    stride = {"stand": 0.05, "walk": 0.13, "dance": 0.17}[pose] * h
    hip, neck = (x, y - 0.46 * h), (x + lean, y - 0.82 * h)
    legs = times(cloth, 0.6)
    for side in (-1, 1):
        c.line(
            [hip, (x + side * stride * 0.7, y - 0.22 * h), (x + side * stride, y)], 0.075 * h, legs
        )
    if dress:
        c.polygon([(neck[0] - 0.07 * h, neck[1]), (neck[0] + 0.07 * h, neck[1]),
                   (x + 0.2 * h, y - 0.2 * h), (x - 0.2 * h, y - 0.2 * h)], cloth)  # fmt: skip
    else:
        c.polygon([(neck[0] - 0.11 * h, neck[1]), (neck[0] + 0.11 * h, neck[1]),
                   (x + 0.08 * h, y - 0.42 * h), (x - 0.08 * h, y - 0.42 * h)], cloth)  # fmt: skip
    for side in (-1, 1):
        lift = c.rng.uniform(0.0, 0.24) * h if pose == "dance" else -0.36 * h
        swing = side * (0.27 if pose == "dance" else 0.13) * h
        hand = (neck[0] + swing, neck[1] - lift)
        elbow = (neck[0] + side * (0.2 if pose == "dance" else 0.13) * h, neck[1] + 0.15 * h)
        c.line([(neck[0] + side * 0.09 * h, neck[1] + 0.02 * h), elbow, hand], 0.055 * h, cloth)
    c.ellipse((neck[0], neck[1] - 0.09 * h), (0.068 * h, 0.08 * h), skin)
    c.ellipse((neck[0], neck[1] - 0.125 * h), (0.072 * h, 0.055 * h), (52, 38, 32))


def crowd(
    c: Canvas, span: tuple[float, float], y: float, height: float, count: int, raised: bool
) -> None:
    """Draw heads and shoulders side by side, with raised arms or without."""
    for k in range(count):
        x = span[0] + (span[1] - span[0]) * (k + c.rng.uniform(0.2, 0.8)) / count
        foot = y + c.rng.uniform(-0.02, 0.03)
        h = height * c.rng.uniform(0.9, 1.1)
        tone = mix(_DARK, c.accent(k), 0.45 * c.rng.random())
        c.ellipse((x, foot - h * 0.88), (h * 0.09, h * 0.11), mix(tone, SKIN[k % 4], 0.35))
        c.polygon([(x - h * 0.17, foot), (x - h * 0.15, foot - h * 0.66),
                   (x + h * 0.15, foot - h * 0.66), (x + h * 0.17, foot)], tone)  # fmt: skip
        if raised and k % 2:
            for side in (-1, 1):
                hand = (x + side * h * 0.22, foot - h * c.rng.uniform(1.0, 1.3))
                c.line([(x + side * h * 0.12, foot - h * 0.62), hand], h * 0.06, tone)


def _balloon(c: Canvas, hand: Point, height: float) -> None:
    top = (hand[0] + height * 0.12, hand[1] - height * 0.72)
    c.line([hand, top], 0.003, (90, 80, 80))
    c.ellipse(top, (height * 0.14, height * 0.17), c.accent(0))
    c.ellipse((top[0] - height * 0.05, top[1] - height * 0.06), (height * 0.03, height * 0.04),
              (255, 244, 238))  # fmt: skip


def _rider(c: Canvas, at: Point, h: float) -> None:
    x, y = at
    horse: Colour = (70, 46, 36)
    for dx in (-0.3, -0.2, 0.2, 0.32):
        c.line([(x + dx * h, y - 0.36 * h), (x + dx * h * 1.15, y)], 0.05 * h, horse)
    c.ellipse((x, y - 0.42 * h), (0.38 * h, 0.15 * h), horse)
    c.polygon([(x + 0.2 * h, y - 0.5 * h), (x + 0.42 * h, y - 0.8 * h),
               (x + 0.52 * h, y - 0.74 * h),
               (x + 0.36 * h, y - 0.4 * h)], horse)  # fmt: skip
    c.polygon([(x + 0.4 * h, y - 0.82 * h), (x + 0.62 * h, y - 0.66 * h),
               (x + 0.56 * h, y - 0.6 * h), (x + 0.4 * h, y - 0.7 * h)], horse)  # fmt: skip
    c.line([(x - 0.34 * h, y - 0.46 * h), (x - 0.5 * h, y - 0.2 * h)], 0.05 * h, times(horse, 0.6))
    c.polygon([(x - 0.1 * h, y - 0.5 * h), (x + 0.1 * h, y - 0.5 * h), (x + 0.08 * h, y - 0.88 * h),
               (x - 0.08 * h, y - 0.88 * h)], c.accent(1))  # fmt: skip
    c.ellipse((x, y - 0.96 * h), (0.06 * h, 0.075 * h), SKIN[c.scene.seed % 4])
    c.line([(x + 0.12 * h, y - 0.5 * h), (x + 0.18 * h, y - 1.5 * h)], 0.02 * h, (90, 74, 60))
    c.polygon([(x + 0.18 * h, y - 1.5 * h), (x - 0.24 * h, y - 1.42 * h),
               (x - 0.14 * h, y - 1.34 * h),
               (x - 0.24 * h, y - 1.22 * h), (x + 0.16 * h, y - 1.2 * h)], c.accent(0))  # fmt: skip


def _birds(c: Canvas, dark: bool) -> None:
    centre = (c.rng.uniform(0.25, 0.75) * c.aspect, c.rng.uniform(0.12, 0.3))
    bright = mix(c.air.low, (250, 250, 250), 0.85)
    tone = (24, 22, 28) if dark or not c.air.dark else bright
    for _ in range(9 if dark else 7):
        x = centre[0] + c.rng.gauss(0.0, 0.13)
        y = centre[1] + c.rng.gauss(0.0, 0.06)
        size = c.rng.uniform(0.014, 0.034) * (1.25 if dark else 1.0)
        lift = size * c.rng.uniform(0.3, 0.8)
        c.raw_line([(x - size, y - lift), (x - size * 0.4, y - lift * 0.7), (x, y),
                    (x + size * 0.4, y - lift * 0.7), (x + size, y - lift)],
                   0.007 if dark else 0.005, tone)  # fmt: skip


def _cat(c: Canvas, at: Point, h: float) -> None:
    x, y = at
    fur: Colour = ((44, 40, 44), (196, 118, 58), (222, 214, 204))[c.scene.seed % 3]
    c.ellipse((x, y - 0.34 * h), (0.27 * h, 0.36 * h), fur)
    c.ellipse((x + 0.06 * h, y - 0.8 * h), (0.2 * h, 0.18 * h), fur)
    for side in (-1, 1):
        ear = x + 0.06 * h + side * 0.12 * h
        c.polygon([(ear - 0.08 * h, y - 0.9 * h), (ear + 0.08 * h, y - 0.9 * h),
                   (ear + side * 0.03 * h, y - 1.12 * h)], fur)  # fmt: skip
    tail = [(x - 0.2 * h + 0.34 * h * math.cos(2.2 + k * 0.5), y - 0.1 * h - 0.12 * h * k)
            for k in range(5)]  # fmt: skip
    c.line(tail, 0.09 * h, fur)
