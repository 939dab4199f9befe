"""Things that people build: houses, walls in perspective, windows, arches, lamps, boats."""

from __future__ import annotations

import itertools
import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times

WARM: Colour = (255, 206, 120)
WALLS: tuple[Colour, ...] = (
    (176, 120, 96), (198, 172, 140), (150, 140, 132), (168, 104, 84), (206, 190, 160),
    (130, 138, 150),
)  # fmt: skip
WOOD: Colour = (128, 86, 54)


def toward(a: Point, b: Point, share: float) -> Point:
    """Return the point between two others."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def window_grid(
    c: Canvas, corners: tuple[Point, Point, Point, Point], rows: int, columns: int, depth: float,
    lit: float,
) -> None:  # fmt: skip
    """Draw windows on a wall given by its corners, clockwise from the top left."""
    a, b, d, e = corners
    for row in range(rows):
        for column in range(columns):
            quad = []
            for u, v in ((0.2, 0.25), (0.8, 0.25), (0.8, 0.8), (0.2, 0.8)):
                s, t = (column + u) / columns, (row + v) / rows
                quad.append(toward(toward(a, b, s), toward(e, d, s), t))
            if c.rng.random() < lit:
                glow = mix(WARM, c.accent(c.rng.randrange(3)), 0.25 * c.rng.random())
                c.shine(quad, mix(glow, c.air.mist, depth * 0.4), 0.4 * (1.0 - depth))
            else:
                c.polygon(quad, mix((58, 70, 92), c.air.middle, 0.35), depth)


def block(c: Canvas, box: tuple[float, float, float, float], colour: Colour, depth: float) -> None:
    """Paint a tall building seen from the front."""
    left, top, right, bottom = box
    c.rect(box, colour, depth)
    c.rect((right - (right - left) * 0.16, top, right, bottom), times(colour, 0.75), depth)
    rows = max(2, int((bottom - top) / 0.05))
    columns = max(2, int((right - left) / 0.04))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    window_grid(c, corners, min(rows, 9), min(columns, 5), depth, 0.5 if c.air.lamps else 0.04)


def street_wall(c: Canvas, side: int, colours: tuple[Colour, ...], height: float) -> None:
    """Paint a row of houses that runs to the vanishing point; side is -1 left or 1 right."""
    vanish = (c.focus, c.horizon)
    edge = 0.0 if side < 0 else c.aspect
    count, near = 5, 1.25
    for k in reversed(range(count)):
        t0, t1 = near * 0.58**k, near * 0.58 ** (k + 1)
        tall = height * c.rng.uniform(0.75, 1.2)
        x0 = vanish[0] + (edge - vanish[0] + side * 0.06) * t0
        x1 = vanish[0] + (edge - vanish[0] + side * 0.06) * t1
        top0, top1 = vanish[1] - tall * t0, vanish[1] - tall * t1
        low0, low1 = vanish[1] + 0.4 * t0, vanish[1] + 0.4 * t1
        depth = min(0.9, 0.1 + 0.2 * k)
        wall = colours[c.rng.randrange(len(colours))]
        c.polygon([(x0, top0), (x1, top1), (x1, low1), (x0, low0)],
                  times(wall, 0.8 if side < 0 else 1.0), depth)  # fmt: skip
        corners = ((x0, top0), (x1, top1), (x1, low1), (x0, low0))
        window_grid(c, corners, 5, 2, depth, 0.5 if c.air.lamps else 0.05)


def road(c: Canvas, colour: Colour, half: float, dashes: bool) -> None:
    """Paint a road to the vanishing point."""
    v = (c.focus, c.horizon)
    foot = c.aspect / 2 + (c.focus - c.aspect / 2) * 0.2
    c.polygon([(v[0] - 0.006, v[1]), (v[0] + 0.006, v[1]), (foot + half, 1.0), (foot - half, 1.0)],
              colour, 0.12)  # fmt: skip
    if not dashes:
        return
    for k in range(9):
        t0, t1 = 0.64**k, 0.64**k * 0.82
        wide0, wide1 = 0.022 * t0, 0.022 * t1
        x0, x1 = v[0] + (foot - v[0]) * t0, v[0] + (foot - v[0]) * t1
        y0, y1 = v[1] + (1.0 - v[1]) * t0, v[1] + (1.0 - v[1]) * t1
        c.polygon([(x0 - wide0, y0), (x0 + wide0, y0), (x1 + wide1, y1), (x1 - wide1, y1)],
                  (236, 214, 130))  # fmt: skip


def street_lamp(c: Canvas, at: Point, height: float) -> None:
    """Paint a lamp post, lit when it is dark."""
    x, y = at
    iron: Colour = (40, 42, 48)
    c.line([(x, y), (x, y - height)], height * 0.035, iron)
    head = (x, y - height)
    if c.air.lamps:
        c.lamp(head, height * 0.055, WARM, 5.0)
    else:
        c.ellipse(head, (height * 0.05, height * 0.05), (226, 226, 216))


def house(c: Canvas, at: Point, size: float, wall: Colour, depth: float, snowy: bool) -> None:
    """Paint a cottage with a pitched roof, a chimney and a lit window."""
    x, y = at
    roof: Colour = (236, 240, 248) if snowy else (136, 62, 48)
    c.rect((x - size * 0.5, y - size * 0.55, x + size * 0.5, y), wall, depth)
    c.rect((x + size * 0.2, y - size * 1.15, x + size * 0.33, y - size * 0.7), (110, 84, 76), depth)
    c.polygon([(x - size * 0.62, y - size * 0.5), (x + size * 0.62, y - size * 0.5),
               (x + size * 0.3, y - size), (x - size * 0.3, y - size)], roof, depth)  # fmt: skip
    c.rect((x + size * 0.12, y - size * 0.36, x + size * 0.32, y), (84, 54, 40), depth)
    pane = [(x - size * 0.36, y - size * 0.4), (x - size * 0.1, y - size * 0.4),
            (x - size * 0.1, y - size * 0.18), (x - size * 0.36, y - size * 0.18)]  # fmt: skip
    if c.air.lamps:
        c.shine(pane, WARM)
    else:
        c.polygon(pane, (70, 86, 108), depth)


def arch(
    c: Canvas, at: Point, size: Point, colour: Colour, depth: float, pointed: bool
) -> list[Point]:
    """Fill an arch standing on a point; return its outline."""
    (x, y), (half, height) = at, size
    spring = y - height + half * (1.2 if pointed else 1.0)
    points: list[Point] = [(x - half, y), (x - half, spring)]
    for k in range(1, 12):
        t = k / 12
        if pointed:
            dx = -half + 2 * half * t
            rise = half * 1.2 * (1.0 - abs(2 * t - 1) ** 1.7)
        else:
            dx, rise = -half * math.cos(math.pi * t), half * math.sin(math.pi * t)
        points.append((x + dx, spring - rise))
    points += [(x + half, spring), (x + half, y)]
    c.polygon(points, colour, depth)
    return points


def boat(c: Canvas, at: Point, size: float, colour: Colour, depth: float, sails: bool) -> None:
    """Paint a boat with a mast, its sails up or furled."""
    x, y = at
    c.polygon([(x - size * 0.6, y - size * 0.16), (x + size * 0.66, y - size * 0.2),
               (x + size * 0.42, y + size * 0.08), (x - size * 0.45, y + size * 0.08)],
              colour, depth)  # fmt: skip
    c.line([(x, y - size * 0.15), (x, y - size * 1.25)], size * 0.03, (70, 54, 44), depth)
    if sails:
        c.polygon([(x + size * 0.04, y - size * 1.2), (x + size * 0.04, y - size * 0.28),
                   (x + size * 0.62, y - size * 0.28)], (246, 240, 226), depth)  # fmt: skip
        c.polygon([(x - size * 0.04, y - size * 1.1), (x - size * 0.04, y - size * 0.28),
                   (x - size * 0.42, y - size * 0.28)], (222, 214, 200), depth)  # fmt: skip
    else:
        c.line([(x, y - size * 0.3), (x + size * 0.5, y - size * 0.34)], size * 0.06,
               (226, 220, 208), depth)  # fmt: skip
        c.line([(x, y - size * 1.2), (x + size * 0.62, y - size * 0.2)], 0.001, (60, 54, 50), depth)
    c.polygon([(x - size * 0.4, y + size * 0.1), (x + size * 0.4, y + size * 0.1),
               (x + size * 0.1, y + size * 0.5)], times(colour, 0.5), depth, 0.25)  # fmt: skip


def bunting(c: Canvas, start: Point, end: Point, count: int, size: float) -> None:
    """Hang little flags on a string that sags."""
    points = []
    for k in range(count + 1):
        t = k / count
        sag = 0.08 * math.sin(math.pi * t)
        points.append(
            (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t + sag)
        )
    c.line(points, 0.004, (70, 60, 60))
    for k, (a, b) in enumerate(itertools.pairwise(points)):
        middle = ((a[0] + b[0]) / 2, max(a[1], b[1]) + size)
        c.polygon([a, b, middle], c.accent(k))


def car(c: Canvas, at: Point, size: float, colour: Colour) -> None:
    """Paint a car from behind, its lights on when it is dark."""
    x, y = at
    c.ellipse((x, y), (size * 0.56, size * 0.08), (20, 20, 24), 0.0, 0.5)
    c.polygon([(x - size * 0.32, y - size * 0.34), (x - size * 0.24, y - size * 0.62),
               (x + size * 0.24, y - size * 0.62), (x + size * 0.32, y - size * 0.34)],
              (70, 84, 100))  # fmt: skip
    c.rect((x - size * 0.44, y - size * 0.38, x + size * 0.44, y - size * 0.08), colour)
    for side in (-1, 1):
        tyre = x + side * size * 0.28
        c.rect((tyre - size * 0.07, y - size * 0.12, tyre + size * 0.07, y), (24, 24, 28))
        lamp = (x + side * size * 0.34, y - size * 0.24)
        if c.air.lamps:
            c.lamp(lamp, size * 0.07, (255, 60, 40), 3.0)
        else:
            c.ellipse(lamp, (size * 0.06, size * 0.05), (190, 40, 34))
