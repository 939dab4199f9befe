"""Rooms for reading and drinking: library, cafe, bar."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.furniture import pendant, view, walls
from descant.models.synthset.pictures.people import person
from descant.models.synthset.pictures.town import WARM, WOOD

_CREAM: Colour = (240, 228, 204)


def library(c: Canvas) -> Stage:
    """Shelves to the ceiling on both sides, a window at the end, a ladder or a lamp."""
    v = (c.focus, c.horizon)
    c.gradient(0.0, 1.0, (c.shade((70, 50, 38)), c.shade((126, 88, 60)), c.shade((110, 66, 50))))
    c.polygon([(0.0, 1.0), (c.aspect, 1.0), (v[0] + 0.2, v[1] + 0.18), (v[0] - 0.2, v[1] + 0.18)],
              mix((150, 60, 54), c.accent(0), 0.35))  # fmt: skip
    view(c, (v[0] - 0.14, v[1] - 0.26, v[0] + 0.14, v[1] + 0.1), (2, 3), (90, 64, 46))
    for side in (-1, 1):
        _shelves(c, side)
    desk = c.aspect * 0.5
    if c.variant:
        x = v[0] + 0.34
        for dx in (0.0, 0.1):
            c.line([(x + dx, 0.95), (x + dx * 0.7 + 0.08, 0.1)], 0.014, (190, 140, 90))
        for k in range(9):
            c.line(
                [(x + 0.01 * k, 0.9 - 0.09 * k), (x + 0.1 + 0.006 * k, 0.9 - 0.09 * k)],
                0.009,
                (190, 140, 90),
            )
    c.polygon(
        [(desk - 0.34, 0.84), (desk + 0.34, 0.84), (desk + 0.42, 0.92), (desk - 0.42, 0.92)], WOOD
    )
    c.rect((desk - 0.42, 0.92, desk + 0.42, 1.0), times(WOOD, 0.7))
    lamp = (desk - 0.2, 0.72)
    c.line([(lamp[0], 0.87), lamp], 0.012, (200, 160, 80))
    c.polygon([(lamp[0] - 0.09, 0.74), (lamp[0] + 0.09, 0.74), (lamp[0] + 0.05, 0.68),
               (lamp[0] - 0.05, 0.68)],
              (40, 130, 90))  # fmt: skip
    c.halo((lamp[0], 0.77), 0.26, times(WARM, 0.7))
    c.polygon(
        [(desk + 0.02, 0.88), (desk + 0.14, 0.86), (desk + 0.26, 0.88), (desk + 0.14, 0.9)],
        (246, 240, 226),
    )
    return (v[0], min(v[1] + 0.36, 0.83)), 0.34


def _shelves(c: Canvas, side: int) -> None:
    wall: Colour = (112, 78, 54)
    v = (c.focus, c.horizon)
    edge = -0.05 if side < 0 else c.aspect + 0.05
    inner = v[0] + side * 0.2
    c.polygon(
        [(edge, -0.1), (inner, v[1] - 0.36), (inner, v[1] + 0.2), (edge, 1.1)],
        times(wall, 0.62),
    )
    for shelf in range(6):
        a0, a1 = -0.08 + 0.2 * shelf, v[1] - 0.34 + 0.09 * shelf
        for k in range(17):
            t0, t1 = (k / 17) ** 0.75, ((k + 0.82) / 17) ** 0.75
            x0, x1 = edge + (inner - edge) * t0, edge + (inner - edge) * t1
            tall = c.rng.uniform(0.6, 0.85)
            low0, low1 = a0 + (a1 - a0) * t0, a0 + (a1 - a0) * t1
            high0, high1 = 0.2 - 0.11 * t0, 0.2 - 0.11 * t1
            spine = mix(c.accent(c.rng.randrange(3)), (96, 62, 48), c.rng.uniform(0.2, 0.8))
            c.polygon([(x0, low0 + high0 * (1 - tall)), (x1, low1 + high1 * (1 - tall)),
                       (x1, low1 + high1 * 0.92), (x0, low0 + high0 * 0.92)],
                       spine)  # fmt: skip


def cafe(c: Canvas) -> Stage:
    """Small tables by a wide window, lamps hanging, plants."""
    line = c.horizon + 0.22
    walls(c, mix((168, 120, 92), c.accent(1), 0.25), (132, 92, 66), line)
    view(c, (c.aspect * 0.1, 0.14, c.aspect * 0.9, line - 0.1), (4, 1), (70, 48, 38))
    for k in range(3):
        x = c.focus + (k - 1) * 0.46
        pendant(c, (x, 0.12), 0.06, c.accent(0))
    for k in range(2):
        x = (0.05, 0.95)[k] * c.aspect
        c.polygon([(x - 0.05, line + 0.04), (x + 0.05, line + 0.04), (x + 0.035, line + 0.14),
                   (x - 0.035, line + 0.14)], (176, 92, 66))  # fmt: skip
        for leaf in range(9):
            angle = math.pi * (0.1 + 0.1 * leaf)
            tip = (x + math.cos(angle) * 0.15, line + 0.04 - math.sin(angle) * 0.22)
            c.line([(x, line + 0.04), tip], 0.024, (56, 112, 62))
    for k in range(3 if c.variant else 2):
        x = c.focus + (k - 0.7) * 0.5
        y = line + 0.16 + 0.06 * (k % 2)
        _cafe_table(c, (x, y), 0.16, k)
    if c.variant:
        person(c, (c.focus - 0.56, line + 0.24), 0.46, c.accent(2), "stand", dress=True)
    return (c.focus + 0.12, 0.97), 0.5


def _cafe_table(c: Canvas, at: Point, half: float, number: int) -> None:
    x, y = at
    for side in (-1, 1):
        seat = x + side * half * 1.5
        c.line([(seat - 0.05, y + 0.24), (seat - 0.05, y + 0.06), (seat + 0.05, y + 0.06),
                (seat + 0.05, y + 0.24)], 0.012, (54, 40, 36))  # fmt: skip
        c.rect((seat - 0.06, y + 0.04, seat + 0.06, y + 0.07), c.accent(number))
        back = seat + side * 0.055
        c.line([(back, y + 0.06), (back + side * 0.015, y - 0.14)], 0.016, (54, 40, 36))
    c.line([(x, y), (x, y + 0.26)], 0.02, (44, 40, 42))
    c.ellipse((x, y + 0.27), (half * 0.5, 0.018), (44, 40, 42))
    c.ellipse((x, y), (half, half * 0.26), (226, 214, 198))
    c.ellipse((x, y - 0.006), (half * 0.94, half * 0.22), (244, 236, 222))
    for dx in (-0.06, 0.05):
        c.rect((x + dx - 0.022, y - 0.05, x + dx + 0.022, y - 0.01), (252, 250, 246))
        c.ellipse((x + dx, y - 0.05), (0.022, 0.008), (96, 58, 38))
        for k in range(3):
            c.disc(
                (x + dx + 0.006 * math.sin(k * 2), y - 0.08 - 0.028 * k),
                0.012,
                (250, 248, 244),
                0.3,
            )


def bar(c: Canvas) -> Stage:
    """A counter, bottles lit from behind, stools, smoke."""
    line = c.horizon + 0.24
    walls(c, (84, 52, 42), (66, 42, 34), line)
    back = (c.focus - 0.5, 0.14, c.focus + 0.5, c.horizon + 0.02)
    c.rect(back, (52, 34, 28))
    c.shine([(back[0] + 0.02, back[1] + 0.02), (back[2] - 0.02, back[1] + 0.02),
             (back[2] - 0.02, back[3]),
             (back[0] + 0.02, back[3])], mix((150, 92, 40), c.accent(0), 0.35), 0.3)  # fmt: skip
    rows = 3
    for row in range(rows):
        y = back[1] + (back[3] - back[1]) * (row + 1) / rows
        for k in range(15):
            x = back[0] + 0.05 + 0.064 * k
            tall = c.rng.uniform(0.06, 0.1)
            glass = mix(c.accent(c.rng.randrange(3)), (60, 90, 50), 0.45 * c.rng.random())
            c.raw([(x - 0.016, y), (x + 0.016, y), (x + 0.016, y - tall * 0.62),
                   (x + 0.006, y - tall * 0.75),
                   (x + 0.006, y - tall), (x - 0.006, y - tall), (x - 0.006, y - tall * 0.75),
                   (x - 0.016, y - tall * 0.62)], times(glass, 0.75), 0.9)  # fmt: skip
        c.rect((back[0], y - 0.006, back[2], y + 0.008), (90, 60, 42))
    top = c.horizon + 0.14
    c.rect((0.0, top, c.aspect, top + 0.035), (170, 112, 66))
    c.rect((0.0, top + 0.035, c.aspect, 0.9), (94, 56, 40))
    for k in range(7):
        x = c.aspect * (k + 0.5) / 7
        c.rect((x - 0.09, top + 0.075, x + 0.09, 0.86), (110, 66, 46))
    for k in range(5):
        x = c.aspect * (k + 0.5) / 5
        c.ellipse((x, top + 0.19), (0.07, 0.025), c.accent(1))
        c.line([(x, top + 0.2), (x - 0.04, 1.0)], 0.012, (40, 34, 34))
        c.line([(x, top + 0.2), (x + 0.04, 1.0)], 0.012, (40, 34, 34))
        c.ellipse((x + 0.09, top - 0.03), (0.016, 0.03), (230, 170, 80))
    for k in range(3):
        pendant(c, (c.aspect * (0.2 + 0.3 * k), 0.16), 0.055, (60, 110, 80))
        c.halo((c.aspect * (0.2 + 0.3 * k), 0.26), 0.2, times(WARM, 0.6))
    for _ in range(12 if c.variant or c.air.weather == "fog" else 5):
        at = (c.rng.uniform(0.0, c.aspect), c.rng.uniform(0.1, 0.6))
        c.raw(c.circle_points(at, (0.22, 0.05)), (190, 180, 180), 0.07)
    return (c.focus - 0.34, 0.97), 0.5
