"""Places of spectacle: club, stadium, ballroom."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.furniture import view
from descant.models.synthset.pictures.people import crowd, person
from descant.models.synthset.pictures.sky import beams, sky
from descant.models.synthset.pictures.town import WARM, arch


def dance_club(c: Canvas) -> Stage:
    """Beams of coloured light over a crowd, a stage or a mirror ball."""
    c.gradient(0.0, 1.0, ((14, 8, 30), mix((30, 14, 54), c.accent(0), 0.2), (12, 8, 24)))
    floor = c.horizon + 0.12
    tile = 0.16
    for row in range(5):
        y0 = floor + (1.0 - floor) * (row / 5) ** 1.5
        y1 = floor + (1.0 - floor) * ((row + 1) / 5) ** 1.5
        s0, s1 = 0.45 + 0.3 * row, 0.45 + 0.3 * (row + 1)
        for k in range(-7, 7):
            quad = [(c.focus + k * tile * s0, y0), (c.focus + (k + 1) * tile * s0, y0),
                    (c.focus + (k + 1) * tile * s1, y1), (c.focus + k * tile * s1, y1)]  # fmt: skip
            lit = c.rng.random() < 0.25 + 0.3 * c.scene.energy
            tone = mix((20, 16, 36), c.accent(row + k), 0.6 if lit else 0.1)
            c.raw(quad, tone)
    if c.variant:
        _mirror_ball(c, (c.focus, 0.2), 0.11)
    else:
        c.rect((c.focus - 0.34, floor - 0.2, c.focus + 0.34, floor + 0.03), (40, 34, 60))
        for side in (-1, 1):
            for k in range(2):
                x, y = c.focus + side * 0.27, floor - 0.27 - 0.15 * k
                c.rect((x - 0.075, y - 0.07, x + 0.075, y + 0.07), (26, 24, 36))
                c.ellipse((x, y), (0.05, 0.05), (84, 80, 100))
                c.ellipse((x, y), (0.02, 0.02), (24, 22, 30))
        person(c, (c.focus, floor - 0.1), 0.3, c.accent(1), "dance")
        c.shine([(c.focus - 0.14, floor - 0.2), (c.focus + 0.14, floor - 0.2),
                 (c.focus + 0.13, floor - 0.12), (c.focus - 0.13, floor - 0.12)],
                 c.accent(2))  # fmt: skip
    for k in range(4):
        source = (c.aspect * (0.12 + 0.25 * k), -0.06)
        beams(c, source, mix(c.accent(k), (255, 255, 255), 0.15), 3, 1.1, 0.2)
        c.lamp((source[0], 0.02), 0.02, c.accent(k), 6.0)
    crowd(c, (-0.05, c.aspect + 0.05), 1.04, 0.42, 11, c.scene.energy > 0.35)
    return (c.focus + 0.1, 0.86), 0.28


def _mirror_ball(c: Canvas, at: Point, size: float) -> None:
    x, y = at
    c.raw_line([(x, 0.0), at], 0.004, (120, 116, 130))
    c.disc(at, size, (120, 124, 140))
    for row in range(-4, 5):
        for column in range(-4, 5):
            px, py = column / 4.5, row / 4.5
            if px * px + py * py < 0.9:
                tone = mix((70, 74, 96), (250, 250, 255), c.rng.random() ** 2)
                if c.rng.random() < 0.3:
                    tone = c.accent(row + column)
                c.disc((x + px * size, y + py * size), size * 0.085, tone)
    c.halo(at, size * 2.4, (120, 120, 150))
    for _ in range(30):
        spot = (c.rng.uniform(0.0, c.aspect), c.rng.uniform(0.0, 0.75))
        c.disc(spot, 0.011, mix(c.accent(c.rng.randrange(3)), (255, 255, 255), 0.5), 0.7)


def stadium(c: Canvas) -> Stage:
    """A bowl of people, floodlights, and a pitch or a stage."""
    sky(c, 0.6)
    rim = c.horizon - 0.2
    for tier in range(5):
        y = rim + 0.065 * tier
        dip = 0.05
        line = [(c.aspect * k / 12, y + dip * math.sin(math.pi * k / 12)) for k in range(13)]
        c.polygon(
            [*line, (c.aspect, 1.0), (0.0, 1.0)], times((120, 116, 130), 0.8 - 0.08 * tier), 0.2
        )
        for _ in range(int(70 * c.aspect)):
            t = c.rng.random()
            at = (c.aspect * t, y + dip * math.sin(math.pi * t) + c.rng.uniform(0.012, 0.055))
            tone = c.accent(c.rng.randrange(3)) if c.rng.random() < 0.6 else (232, 222, 212)
            c.ellipse(at, (0.0085, 0.01), tone, 0.1)
    field = rim + 0.34
    if c.variant:
        c.ground(field, (58, 140, 62))
        for k in range(5):
            x0 = c.aspect * (k * 2) / 10
            c.polygon([(x0, field), (x0 + c.aspect / 10, field), (x0 * 1.3 - 0.1, 1.0),
                       (x0 * 1.3 - 0.28, 1.0)],
                      (74, 160, 72), 0.0, 0.6)  # fmt: skip
        c.ellipse((c.aspect / 2, field + 0.2), (0.26, 0.08), (230, 240, 230), 0.0, 0.35)
        c.line([(0.0, field + 0.03), (c.aspect, field + 0.03)], 0.008, (240, 244, 240))
    else:
        c.ground(field, (58, 54, 66), 0.6)
        c.rect((c.focus - 0.36, field - 0.2, c.focus + 0.36, field + 0.1), (40, 38, 52))
        beams(c, (c.focus, field - 0.62), mix(c.accent(0), (255, 255, 255), 0.4), 5, 1.4, 0.25)
        c.shine([(c.focus - 0.3, field - 0.16), (c.focus + 0.3, field - 0.16),
                 (c.focus + 0.3, field - 0.02), (c.focus - 0.3, field - 0.02)],
                times(c.accent(1), 0.8), 0.7)  # fmt: skip
    for side in (0.08, 0.92):
        x = side * c.aspect
        c.line([(x, rim + 0.1), (x, 0.1)], 0.014, (90, 90, 100), 0.2)
        for k in range(6):
            at = (x + (k % 3 - 1) * 0.035, 0.07 + 0.035 * (k // 3))
            c.lamp(at, 0.013, (250, 252, 255), 6.0 if c.air.dark else 2.0)
        c.raw([(x, 0.08), (c.focus - 0.5, 1.0), (c.focus + 0.5, 1.0)], (250, 250, 240), 0.07)
    return (c.focus, min(field + 0.22, 0.95)), 0.2


def ballroom(c: Canvas) -> Stage:
    """A hall with tall windows, chandeliers and a chequered floor."""
    wall: Colour = mix((214, 188, 150), c.accent(1), 0.18)
    floor = c.horizon + 0.14
    c.gradient(0.0, floor, (c.shade(times(wall, 0.7)), c.shade(wall)))
    for k in range(4):
        x = c.aspect * (k + 0.5) / 4
        view(c, (x - 0.085, 0.2, x + 0.085, floor - 0.06), (2, 4), (238, 226, 196))
        for side in (-1, 1):
            edge = x + side * 0.085
            c.polygon([(edge - side * 0.02, 0.16), (edge + side * 0.045, 0.16),
                       (edge + side * 0.06, floor - 0.02),
                       (edge + side * 0.005, floor - 0.02)], c.accent(0))  # fmt: skip
        arch(c, (x, 0.22), (0.12, 0.1), c.accent(0), 0.0, False)
        column = c.aspect * k / 4
        c.rect((column - 0.025, 0.05, column + 0.025, floor), (240, 230, 210))
        c.rect((column + 0.008, 0.05, column + 0.025, floor), (200, 186, 162))
    _chequers(c, floor)
    for x in (c.focus,) if c.variant else (c.focus - 0.3, c.focus + 0.3):
        _chandelier(c, (x, 0.15), 0.16 if c.variant else 0.11)
    for k in range(3):
        x, y = c.focus + (k - 1) * 0.42 + 0.1, floor + 0.07 + 0.04 * (k % 2)
        person(c, (x - 0.03, y), 0.22, c.accent(k + 1), "stand", dress=True)
        person(c, (x + 0.035, y), 0.23, (40, 38, 48), "stand")
    return (c.focus, min(floor + 0.24, 0.95)), 0.32


def _chequers(c: Canvas, floor: float) -> None:
    for row in range(7):
        y0 = floor + (1.0 - floor) * (row / 7) ** 1.4
        y1 = floor + (1.0 - floor) * ((row + 1) / 7) ** 1.4
        s0, s1 = 0.4 + 0.22 * row, 0.4 + 0.22 * (row + 1)
        for k in range(-9, 9):
            quad = [(c.focus + k * 0.17 * s0, y0), (c.focus + (k + 1) * 0.17 * s0, y0),
                    (c.focus + (k + 1) * 0.17 * s1, y1), (c.focus + k * 0.17 * s1, y1)]  # fmt: skip
            c.polygon(quad, (232, 220, 196) if (row + k) % 2 else (112, 78, 62))


def _chandelier(c: Canvas, at: Point, size: float) -> None:
    x, y = at
    c.line([(x, 0.0), (x, y)], 0.006, (170, 140, 80))
    c.halo((x, y + size * 0.3), size * 2.4, (255, 214, 140))
    for ring in range(2):
        half = size * (1.0 - 0.4 * ring)
        level = y + size * 0.5 - size * 0.35 * ring
        c.ellipse((x, level), (half, half * 0.16), (190, 156, 84))
        for k in range(9):
            angle = math.pi * k / 8
            c.lamp((x + half * math.cos(angle), level - size * 0.12), size * 0.06, WARM, 2.5)
