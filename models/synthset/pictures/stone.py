"""Old walls: castle, cathedral, dungeon."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import SNOW, STONE, bare_tree, ridge, rock
from descant.models.synthset.pictures.sky import beams, lightning, sky
from descant.models.synthset.pictures.town import WARM, arch


def _flagstones(c: Canvas, t0: float, t1: float, tone: Colour) -> None:
    v = (c.focus, c.horizon)
    low0, low1 = v[1] + 0.42 * t0, v[1] + 0.42 * t1
    for j in range(-3, 3):
        c.polygon([(v[0] + j * 0.207 * t0, low0), (v[0] + (j + 0.94) * 0.207 * t0, low0),
                   (v[0] + (j + 0.94) * 0.207 * t1, low1), (v[0] + j * 0.207 * t1, low1)],
                  times(tone, c.rng.uniform(0.5, 0.8)))  # fmt: skip
    roof = [(v[0] - 0.62 * t0 * math.cos(math.pi * j / 10),
             v[1] - 0.42 * t0 - 0.2 * t0 * math.sin(math.pi * j / 10))
            for j in range(11)]  # fmt: skip
    c.line(roof, 0.035 * t0, times(tone, 0.7))


def castle(c: Canvas) -> Stage:
    """A castle on its hill, a path winding up, bare trees."""
    sky(c)
    lightning(c, c.horizon)
    ridge(c, c.horizon + 0.03, 0.2, (96, 104, 112), 0.85, 0.55)
    snowy = c.air.weather == "snow"
    hill: Colour = SNOW if snowy else (88, 98, 70)
    mound = [(c.focus + (k / 10 - 1.0) * 0.9,
              c.horizon + 0.22 - 0.22 * math.sin(math.pi * k / 20) ** 1.4)
             for k in range(21)]  # fmt: skip
    c.polygon([*mound, (c.aspect + 1.0, 1.0), (-1.0, 1.0)], hill, 0.3)
    base = c.horizon + 0.03
    wall: Colour = (122, 118, 122)
    for dx, tall, wide in ((-0.26, 0.26, 0.05), (0.25, 0.22, 0.055), (-0.1, 0.38, 0.05),
                           (0.1, 0.32, 0.045),
                           (0.0, 0.5 if c.variant else 0.26, 0.06)):  # fmt: skip
        _tower(c, (c.focus + dx, base + 0.05 * abs(dx) * 4), (wide, min(tall, base - 0.08)), wall)
    for x0, x1, top in ((-0.26, 0.25, 0.12), (-0.1, 0.1, 0.2)):
        c.rect((c.focus + x0, base - top, c.focus + x1, base + 0.06), times(wall, 0.9), 0.25)
        for k in range(int((x1 - x0) / 0.04)):
            x = c.focus + x0 + 0.04 * k
            c.rect((x, base - top - 0.022, x + 0.02, base - top), times(wall, 0.9), 0.25)
    arch(c, (c.focus, base + 0.06), (0.04, 0.11), (30, 26, 30), 0.1, True)
    c.ground(c.horizon + 0.2, times(hill, 0.85), 0.55)
    path = [(c.focus + 0.16 * math.sin(k * 0.75) * k / 8,
             base + 0.06 + (0.94 - base) * (k / 8) ** 1.2)
            for k in range(9)]  # fmt: skip
    left = [(x - 0.012 - 0.014 * k, y) for k, (x, y) in enumerate(path)]
    right = [(x + 0.012 + 0.014 * k, y) for k, (x, y) in enumerate(path)]
    c.polygon([*left, *reversed(right)], (176, 158, 128) if not snowy else (200, 206, 218), 0.1)
    for side in (0, 1):
        if c.frame in ("both", ("left", "right")[side]):
            bare_tree(c, ((0.1, 0.9)[side] * c.aspect, 0.98), 0.75, (44, 36, 34), 0.0)
    return (path[7][0], 0.9), 0.2


def _tower(c: Canvas, at: Point, size: Point, wall: Colour) -> None:
    (x, y), (half, tall) = at, size
    c.rect((x - half, y - tall, x + half, y + 0.06), wall, 0.25)
    c.rect((x + half * 0.3, y - tall, x + half, y + 0.06), times(wall, 0.7), 0.25)
    c.rect(
        (x - half * 1.2, y - tall - 0.02, x + half * 1.2, y - tall + 0.015), times(wall, 1.05), 0.25
    )
    peak = y - tall - half * 2.6
    c.polygon([(x - half * 1.25, y - tall - 0.02), (x + half * 1.25, y - tall - 0.02), (x, peak)],
              (92, 62, 74), 0.22)  # fmt: skip
    c.line([(x, peak), (x, peak - 0.05)], 0.004, (60, 50, 50), 0.2)
    c.polygon([(x, peak - 0.05), (x + 0.05, peak - 0.036), (x, peak - 0.02)], c.accent(0), 0.1)
    for k in range(2):
        pane = [(x - half * 0.25, y - tall * (0.85 - 0.3 * k)),
                (x + half * 0.25, y - tall * (0.85 - 0.3 * k)),
                (x + half * 0.25, y - tall * (0.7 - 0.3 * k)),
                (x - half * 0.25, y - tall * (0.7 - 0.3 * k))]  # fmt: skip
        if c.air.lamps:
            c.shine(pane, WARM, 0.9)
        else:
            c.polygon(pane, (44, 42, 50), 0.2)


def cathedral(c: Canvas) -> Stage:
    """A nave: pointed arches towards a rose window, light falling in."""
    v = (c.focus, c.horizon)
    wall: Colour = (164, 152, 138)
    c.gradient(
        0.0, 1.0, (c.shade(times(wall, 0.4)), c.shade(times(wall, 0.75)), c.shade(times(wall, 0.6)))
    )
    for k in range(7):
        t = 0.62**k
        for side in (-1, 1):
            _pillar(c, k, side)
        rib = [(v[0] + t * math.cos(math.pi * j / 16),
                v[1] - 0.55 * t - 0.52 * t * math.sin(math.pi * j / 16) ** 0.75)
               for j in range(17)]  # fmt: skip
        c.line(rib, 0.045 * t, times(wall, 0.62 + 0.05 * k))
    _rose(c, (v[0], v[1] - 0.12), 0.1)
    c.polygon([(v[0] - 0.06, v[1] + 0.07), (v[0] + 0.06, v[1] + 0.07), (v[0] + 0.34, 1.0),
               (v[0] - 0.34, 1.0)],
              mix((150, 40, 44), c.accent(0), 0.3))  # fmt: skip
    for k in range(6):
        t = 0.68**k
        for side in (-1, 1):
            x0, x1 = v[0] + side * 0.42 * t, v[0] + side * 0.95 * t
            y = v[1] + 0.1 + 0.5 * t
            c.rect(
                (min(x0, x1), y - 0.16 * t, max(x0, x1), y), times((110, 72, 48), 0.7 + 0.05 * k)
            )
            c.rect((min(x0, x1), y - 0.17 * t, max(x0, x1), y - 0.14 * t), (150, 104, 70))
    if not c.air.dark:
        beams(c, (v[0] + 0.5, -0.2), mix(c.air.sun, c.accent(1), 0.25), 3, 0.8, 0.16)
    for side in (-1, 1):
        for k in range(3):
            c.lamp((v[0] + side * (0.09 + 0.02 * k), v[1] + 0.03), 0.006, WARM, 5.0)
    return (v[0], min(v[1] + 0.34, 0.93)), 0.24


def _pillar(c: Canvas, k: int, side: int) -> None:
    wall: Colour = (164, 152, 138)
    v, t = (c.focus, c.horizon), 0.62**k
    for side in (-1, 1):
        edge = v[0] + side * 1.0 * t
        tone = times(wall, 0.5 + 0.07 * k)
        c.polygon([(edge + side * 0.09 * t, 1.2 * t + v[1]),
                   (edge - side * 0.05 * t, 0.9 * t + v[1]),
                   (edge - side * 0.05 * t, v[1] - 0.55 * t),
                   (edge + side * 0.09 * t, v[1] - 0.75 * t)],
                  times(tone, 0.8 if side < 0 else 1.1))  # fmt: skip
        if k and c.variant:
            pane = (v[0] + side * 0.86 * t, v[1] + 0.1 * t)
            colour = mix(c.accent(k), (255, 250, 220), 0.2)
            lit = times(colour, 0.35 if c.air.dark else 0.95)
            outline = arch(c, pane, (0.06 * t, 0.44 * t), (40, 36, 40), 0.0, True)
            inner = [(pane[0] + (x - pane[0]) * 0.7, pane[1] - 0.02 * t + (y - pane[1]) * 0.88)
                     for x, y in outline]  # fmt: skip
            c.shine(inner, lit, 0.6)


def _rose(c: Canvas, at: Point, size: float) -> None:
    bright = 0.45 if c.air.dark else 1.0
    c.disc(at, size * 1.12, (52, 46, 48))
    for ring, count in ((0.78, 12), (0.42, 8)):
        for k in range(count):
            angle = 2 * math.pi * k / count
            centre = (at[0] + math.cos(angle) * size * ring, at[1] + math.sin(angle) * size * ring)
            petal = c.circle_points(centre, (size * 0.17, size * 0.17), 8)
            c.shine(petal, times(mix(c.accent(k), (255, 250, 230), 0.2), bright), 0.9)
    c.shine(c.circle_points(at, (size * 0.2, size * 0.2), 10), times((255, 236, 180), bright))


def dungeon(c: Canvas) -> Stage:
    """A vaulted passage of stone blocks, torches, bars and chains."""
    v = (c.focus, c.horizon)
    wall: Colour = (112, 106, 106)
    c.gradient(
        0.0, 1.0, (c.shade(times(wall, 0.4)), c.shade(times(wall, 0.5)), c.shade(times(wall, 0.45)))
    )
    for k in range(7):
        t0, t1 = 1.5 * 0.62**k, 1.5 * 0.62 ** (k + 1)
        tone = times(wall, max(0.22, 0.95 - 0.13 * k))
        for row in range(6):
            y = -0.42 + 0.14 * row
            for side in (-1, 1):
                x0, x1 = v[0] + side * 0.62 * t0, v[0] + side * 0.62 * t1
                c.polygon([(x0, v[1] + y * t0), (x1, v[1] + y * t1), (x1, v[1] + (y + 0.132) * t1),
                           (x0, v[1] + (y + 0.132) * t0)],
                          times(tone, c.rng.uniform(0.75, 1.1)))  # fmt: skip
        _flagstones(c, t0, t1, tone)
    arch(c, (v[0], v[1] + 0.06), (0.05, 0.15), (12, 10, 14), 0.0, False)
    if c.variant:
        for k in range(5):
            x = v[0] - 0.04 + 0.02 * k
            c.line([(x, v[1] - 0.08), (x, v[1] + 0.06)], 0.006, (70, 66, 70))
    for k in (1, 3):
        t = 1.5 * 0.62**k
        for side in (-1, 1):
            at = (v[0] + side * 0.55 * t, v[1] - 0.1 * t)
            c.line([at, (at[0], at[1] + 0.14 * t)], 0.025 * t, (74, 50, 36))
            flame = [
                (at[0] - 0.03 * t, at[1]),
                (at[0], at[1] - 0.12 * t),
                (at[0] + 0.03 * t, at[1]),
            ]
            c.shine(flame, (255, 170, 60))
            c.halo(at, 0.3 * t, times((255, 140, 50), 0.75))
    x = v[0] + (0.3 if c.focus < c.aspect / 2 else -0.3)
    for k in range(7):
        c.ellipse((x, 0.02 + 0.04 * k), (0.008, 0.022), (60, 58, 62))
    rock(c, (v[0] - 0.3, 0.99), 0.08, times(STONE, 0.6))
    return (v[0], min(v[1] + 0.36, 0.92)), 0.3
