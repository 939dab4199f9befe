"""Rooms at home: kitchen and bedroom."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.furniture import pendant, view, walls
from descant.models.synthset.pictures.town import WARM, WOOD

_CREAM: Colour = (240, 228, 204)


def kitchen(c: Canvas) -> Stage:
    """A window over the sink, pans on hooks, a pot that steams, a bowl of fruit."""
    line = c.horizon + 0.2
    walls(c, mix(_CREAM, c.accent(1), 0.18), (176, 130, 86), line)
    middle = c.focus
    for row in range(5):
        for k in range(int(c.aspect / 0.07) + 1):
            x, y = k * 0.07, c.horizon - 0.16 + 0.05 * row
            c.rect(
                (x + 0.004, y, x + 0.066, y + 0.044),
                mix(_CREAM, (255, 255, 255), 0.5 * ((k + row) % 2)),
            )
    view(c, (middle - 0.2, 0.12, middle + 0.2, c.horizon - 0.06), (2, 2), (250, 244, 230))
    top = c.horizon + 0.06
    c.rect((0.0, top, c.aspect, line + 0.1), mix((120, 150, 140), c.accent(2), 0.35))
    for k in range(6):
        x = c.aspect * (k + 0.5) / 6
        c.rect(
            (x - 0.09, top + 0.05, x + 0.09, line + 0.08), mix((146, 172, 160), c.accent(2), 0.35)
        )
        c.ellipse((x + 0.065, top + 0.11), (0.01, 0.01), (220, 190, 120))
    c.rect((0.0, top - 0.02, c.aspect, top + 0.015), (206, 178, 140))
    side = 1 if c.focus < c.aspect / 2 else -1
    for k in range(4):
        x = middle + side * (0.34 + 0.12 * k)
        c.line([(x, 0.14), (x, 0.2)], 0.006, (80, 70, 66))
        c.ellipse((x, 0.245), (0.05, 0.05), (190, 110, 70) if k % 2 else (90, 92, 98))
    c.line([(middle + side * 0.26, 0.14), (middle + side * 0.84, 0.14)], 0.01, (90, 80, 74))
    pot = (middle + side * 0.42, top - 0.02)
    c.rect((pot[0] - 0.07, pot[1] - 0.09, pot[0] + 0.07, pot[1]), c.accent(0))
    for k in range(7):
        at = (pot[0] + 0.02 * math.sin(k * 1.3), pot[1] - 0.12 - 0.035 * k)
        c.disc(at, 0.018 + 0.006 * k, (246, 244, 240), 0.22)
    _table(c, (c.aspect / 2, 0.86), 0.5)
    pendant(c, (c.aspect / 2, 0.02), 0.09, c.accent(0))
    return (middle - side * 0.32, 0.95), 0.48


def _table(c: Canvas, at: Point, half: float) -> None:
    x, y = at
    for side in (-0.85, 0.85):
        c.rect((x + side * half - 0.02, y, x + side * half + 0.02, 1.0), times(WOOD, 0.8))
    c.polygon([(x - half * 0.9, y - 0.05), (x + half * 0.9, y - 0.05), (x + half, y + 0.02),
               (x - half, y + 0.02)], mix(WOOD, (220, 170, 110), 0.4))  # fmt: skip
    c.rect((x - half, y + 0.02, x + half, y + 0.045), WOOD)
    fruit: tuple[Colour, ...] = ((214, 62, 44), (240, 168, 44), (120, 168, 62), (236, 210, 80))
    for k in range(7):
        c.ellipse((x - 0.09 + 0.03 * k, y - 0.085 - 0.02 * (k % 2)), (0.03, 0.03), fruit[k % 4])
    c.polygon([(x - 0.14, y - 0.08), (x + 0.14, y - 0.08), (x + 0.08, y - 0.01),
               (x - 0.08, y - 0.01)],
              (232, 236, 240))  # fmt: skip


def bedroom(c: Canvas) -> Stage:
    """A bed under a window, a lamp, toys, a moon and stars on strings."""
    line = c.horizon + 0.2
    walls(c, mix((186, 190, 214), c.accent(1), 0.3), (168, 128, 96), line)
    right = c.focus > c.aspect / 2
    middle = c.aspect * (0.34 if right else 0.66)
    view(c, (middle - 0.18, 0.12, middle + 0.18, c.horizon), (2, 2), (246, 240, 232))
    for side in (-1, 1):
        edge = middle + side * 0.18
        c.polygon([(edge, 0.09), (edge + side * 0.09, 0.09), (edge + side * 0.1, c.horizon + 0.05),
                   (edge + side * 0.03, c.horizon + 0.05)], c.accent(0))  # fmt: skip
    _bed(c, (c.aspect * (0.68 if right else 0.32), 0.9), 1.0 if right else -1.0)
    lamp = (c.aspect * (0.1 if right else 0.9), line - 0.16)
    c.rect((lamp[0] - 0.07, line - 0.06, lamp[0] + 0.07, 0.86), WOOD)
    c.line([(lamp[0], line - 0.06), lamp], 0.014, (200, 190, 170))
    if c.air.dark or c.air.lamps:
        c.shine([(lamp[0] - 0.035, lamp[1] - 0.08), (lamp[0] + 0.035, lamp[1] - 0.08),
                 (lamp[0] + 0.075, lamp[1] + 0.01), (lamp[0] - 0.075, lamp[1] + 0.01)],
                 WARM)  # fmt: skip
        c.halo(lamp, 0.34, times(WARM, 0.55))
    else:
        c.polygon([(lamp[0] - 0.035, lamp[1] - 0.08), (lamp[0] + 0.035, lamp[1] - 0.08),
                   (lamp[0] + 0.075, lamp[1] + 0.01), (lamp[0] - 0.075, lamp[1] + 0.01)],
                   _CREAM)  # fmt: skip
    for k in range(5):
        x = c.focus + (k - 2) * 0.1
        drop = 0.1 + 0.05 * (k % 3)
        c.line([(x, 0.0), (x, drop)], 0.003, (230, 226, 220))
        if c.variant:
            c.ellipse((x, drop), (0.024, 0.024), mix(c.accent(k), (255, 250, 230), 0.3))
        else:
            star = [(x + (0.032 if j % 2 == 0 else 0.013) * math.sin(j * math.pi / 5),
                     drop - (0.032 if j % 2 == 0 else 0.013) * math.cos(j * math.pi / 5))
                    for j in range(10)]  # fmt: skip
            c.polygon(star, (250, 220, 120))
    for k in range(4):
        x = c.aspect * 0.5 + 0.085 * k
        c.rect((x, 0.93 - 0.06 * (k % 2), x + 0.07, 0.99), c.accent(k))
    return (c.aspect * (0.36 if right else 0.64), 0.95), 0.42


def _bed(c: Canvas, at: Point, heading: float) -> None:
    x, y = at
    c.rect((x + heading * 0.36, y - 0.34, x + heading * 0.4, y + 0.06), times(WOOD, 0.9))
    c.rect((x - heading * 0.38, y - 0.18, x - heading * 0.34, y + 0.06), times(WOOD, 0.9))
    c.rect((x - heading * 0.36, y - 0.1, x + heading * 0.38, y + 0.02), WOOD)
    c.rect((x - heading * 0.36, y - 0.17, x + heading * 0.38, y - 0.07), (248, 244, 238))
    c.polygon([(x - heading * 0.37, y - 0.18), (x + heading * 0.14, y - 0.21),
               (x + heading * 0.18, y - 0.02),
               (x - heading * 0.38, y + 0.0)], mix(c.accent(2), (200, 200, 230), 0.25))  # fmt: skip
    c.ellipse((x + heading * 0.27, y - 0.19), (0.09, 0.045), (255, 252, 248))
    for k in range(5):
        c.ellipse(
            (x - heading * (0.3 - 0.1 * k), y - 0.11 + 0.02 * (k % 2)), (0.018, 0.014), c.accent(0)
        )
