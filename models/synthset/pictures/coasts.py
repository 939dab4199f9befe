"""Places by and under water: shore, harbour, underwater, swamp."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import STONE, bare_tree, palm, ridge, rock, water
from descant.models.synthset.pictures.sky import beams, lightning, sky
from descant.models.synthset.pictures.town import WALLS, WARM, WOOD, boat, house

_SEA: Colour = (30, 116, 150)
_SAND: Colour = (226, 200, 150)


def shore(c: Canvas) -> Stage:
    """A beach, a bay with sails, palms or an umbrella."""
    sky(c)
    if c.variant:
        ridge(c, c.horizon + 0.005, 0.09, (86, 110, 90), 0.8)
    lightning(c, c.horizon)
    low = c.horizon + (1.0 - c.horizon) * 0.48
    water(c, c.horizon, 1.0, _SEA, 1.0 + c.scene.energy)
    boat(c, (c.focus, c.horizon + 0.03), 0.1, (180, 70, 60), 0.5, sails=True)
    tilt = 0.16 if c.focus < c.aspect / 2 else -0.16
    edge = [
        (c.aspect * k / 12, low + tilt * (k / 12 - 0.5) + 0.018 * math.sin(k * 1.7 + c.scene.seed))
        for k in range(13)
    ]
    for drop, colour in (
        (-0.03, (150, 206, 204)),
        (0.0, (250, 252, 250)),
        (0.018, (178, 152, 112)),
    ):
        line = [(x, y + drop) for x, y in edge]
        c.polygon([*line, (c.aspect, 1.0), (0.0, 1.0)], colour)
    line = [(x, y + 0.05) for x, y in edge]
    c.polygon([*line, (c.aspect, 1.0), (0.0, 1.0)], _SAND)
    for _ in range(30):
        at = (c.rng.uniform(0.0, c.aspect), c.rng.uniform(low + 0.14, 1.0))
        c.ellipse(at, (0.012, 0.004), times(_SAND, 0.8))
    for side in (0, 1):
        if c.frame in ("both", ("left", "right")[side]):
            x = (0.1, 0.9)[side] * c.aspect
            palm(c, (x, 0.98), 0.78, 0.0, (0.22, -0.22)[side])
    stage = (c.focus, min(low + 0.24, 0.96))
    if c.frame == "open" and not c.air.dark:
        _umbrella(c, (c.aspect - c.focus * 0.8, min(low + 0.3, 0.97)), 0.3)
    return stage, 0.26


def _umbrella(c: Canvas, at: Point, size: float) -> None:
    x, y = at
    c.line([(x, y), (x + size * 0.1, y - size)], 0.012, (230, 226, 216))
    top = (x + size * 0.1, y - size)
    for k in range(6):
        a, b = math.pi * (1 - k / 6), math.pi * (1 - (k + 1) / 6)
        rim = [(top[0] + math.cos(t) * size * 0.55, top[1] + size * (0.34 - 0.24 * math.sin(t)))
               for t in (a, (a + b) / 2, b)]  # fmt: skip
        c.polygon([top, *rim], c.accent(0) if k % 2 else (250, 246, 236))


def harbour(c: Canvas) -> Stage:
    """A harbour with boats, a lighthouse and a row of houses on the quay."""
    sky(c)
    ridge(c, c.horizon + 0.02, 0.1, (88, 112, 96), 0.75)
    lightning(c, c.horizon)
    water(c, c.horizon + 0.02, 1.0, (36, 92, 116), 0.6)
    far_side = c.focus > c.aspect / 2
    for k in range(5):
        x = (0.04 + 0.12 * k) * c.aspect
        at = (x if far_side else c.aspect - x, c.horizon + 0.045)
        house(
            c,
            at,
            0.12 + 0.03 * (k % 2),
            WALLS[(k + c.scene.seed) % 6],
            0.35,
            c.air.weather == "snow",
        )
    _lighthouse(c, (c.aspect * (0.86 if far_side else 0.14), c.horizon + 0.05), 0.4)
    for k in range(3):
        y = c.horizon + 0.12 + 0.09 * k
        x = c.focus + (k - 1) * 0.3 * c.aspect + c.rng.uniform(-0.05, 0.05)
        boat(c, (x, y), 0.17 + 0.07 * k, c.accent(k), 0.2, sails=c.variant == 1)
    c.polygon([(0.0, 0.9), (c.aspect, 0.86), (c.aspect, 1.0), (0.0, 1.0)], STONE)
    for k in range(12):
        x = c.aspect * (k + 0.5) / 12
        c.line([(x, 0.89), (x - 0.03, 1.0)], 0.004, times(STONE, 0.7))
    for k in range(3):
        c.rect(
            (c.aspect * (0.2 + 0.3 * k) - 0.015, 0.83, c.aspect * (0.2 + 0.3 * k) + 0.015, 0.9),
            WOOD,
        )
    return (c.focus, 0.93), 0.26


def _lighthouse(c: Canvas, at: Point, height: float) -> None:
    x, y = at
    rock(c, (x, y + 0.03), 0.09, STONE, 0.3)
    half = height * 0.1
    for k in range(5):
        t0, t1 = k / 5, (k + 1) / 5
        wide0, wide1 = half * (1 - 0.4 * t0), half * (1 - 0.4 * t1)
        c.polygon([(x - wide0, y - height * t0), (x + wide0, y - height * t0),
                   (x + wide1, y - height * t1), (x - wide1, y - height * t1)],
                  (196, 56, 48) if k % 2 else (242, 238, 230), 0.3)  # fmt: skip
    lantern = (x, y - height * 1.06)
    c.rect((x - half * 0.5, y - height * 1.13, x + half * 0.5, y - height), (60, 60, 66), 0.2)
    if c.air.lamps or c.air.weather == "fog":
        c.lamp(lantern, 0.022, WARM, 5.0)
        reach = -1.2 if x > c.aspect / 2 else 1.2
        c.raw([lantern, (x + reach, lantern[1] - 0.16), (x + reach, lantern[1] + 0.06)], WARM, 0.16)
    c.polygon([(x - half * 0.7, y - height * 1.13), (x + half * 0.7, y - height * 1.13),
               (x, y - height * 1.24)], (140, 44, 40), 0.3)  # fmt: skip


def underwater(c: Canvas) -> Stage | None:
    """The sea from below: rays of light, a reef, weeds and fish."""
    day = 0.35 if c.air.dark else 1.0
    top = mix((120, 224, 226), c.air.low, 0.3)
    c.gradient(
        0.0, 1.0, [times(colour, day) for colour in (top, (22, 116, 160), (6, 44, 92), (4, 22, 56))]
    )
    beams(c, (c.focus, -0.3), (220, 250, 246), 7, 1.5, 0.1 * day + 0.02)
    for depth, height in ((0.5, 0.2), (0.2, 0.13)):
        ridge(c, 0.97 if depth < 0.3 else 0.9, height, (30, 84, 104), depth, 0.65)
    c.ground(0.93, (150, 150, 110))
    for k in range(7):
        x = c.aspect * (k + c.rng.random()) / 7
        _weed(c, (x, 1.0), c.rng.uniform(0.25, 0.6 if k % 2 else 0.3))
    for k in range(9):
        _coral(
            c, (c.aspect * (k + c.rng.random()) / 9, 0.98), c.rng.uniform(0.08, 0.18), c.accent(k)
        )
    heading = 1.0 if c.focus < c.aspect / 2 else -1.0
    for k in range(14 if c.variant else 6):
        at = (c.focus + c.rng.gauss(0.0, 0.22), 0.42 + c.rng.gauss(0.0, 0.13))
        size = c.rng.uniform(0.025, 0.045) * (1.0 if c.variant else 2.0)
        _fish(c, at, size, heading, c.accent(k))
    for _ in range(22):
        at = (c.focus * 0.6 + c.rng.gauss(0.2, 0.1), c.rng.uniform(0.05, 0.9))
        c.disc(at, c.rng.uniform(0.004, 0.012), (210, 244, 250), 0.4)
    return None


def _weed(c: Canvas, at: Point, height: float) -> None:
    phase = c.rng.uniform(0.0, 6.0)
    left, right = [], []
    for k in range(9):
        t = k / 8
        x = at[0] + 0.035 * math.sin(phase + t * 5) * t
        wide = 0.018 * (1.0 - t) + 0.003
        left.append((x - wide, at[1] - height * t))
        right.append((x + wide, at[1] - height * t))
    c.polygon([*left, *reversed(right)], (36, 122, 84), 0.15)


def _coral(c: Canvas, at: Point, size: float, colour: Colour) -> None:
    for k in range(5):
        angle = math.pi * (0.2 + 0.15 * k)
        tip = (at[0] + math.cos(angle) * size, at[1] - math.sin(angle) * size)
        c.line([at, tip], size * 0.22, colour, 0.1)
        c.ellipse(tip, (size * 0.15, size * 0.15), mix(colour, (255, 255, 255), 0.25), 0.1)


def _fish(c: Canvas, at: Point, size: float, heading: float, colour: Colour) -> None:
    x, y = at
    c.ellipse(at, (size, size * 0.5), mix(colour, (255, 255, 255), 0.15), 0.1)
    c.polygon([(x - heading * size * 0.8, y), (x - heading * size * 1.6, y - size * 0.5),
               (x - heading * size * 1.6, y + size * 0.5)], colour, 0.1)  # fmt: skip
    c.disc((x + heading * size * 0.55, y - size * 0.1), size * 0.12, (10, 12, 20))


def swamp(c: Canvas) -> Stage | None:
    """Still dark water among dead trees, reeds and lily pads."""
    sky(c)
    for depth, height in ((0.92, 0.22), (0.75, 0.16)):
        line = ridge(c, c.horizon + 0.03, height, (64, 84, 66), depth, 0.85)
        for x, y in line[::3]:
            c.ellipse((x, y), (0.06, 0.05), (64, 84, 66), depth)
    water(c, c.horizon + 0.03, 1.0, (42, 62, 46), 0.1)
    for k in range(6):
        depth = 0.65 - 0.12 * k
        x = c.focus + (-1) ** k * (0.12 + 0.13 * k) * c.aspect * 0.9
        y = c.horizon + 0.06 + 0.055 * k
        height = 0.42 + 0.1 * k
        bare_tree(c, (x, y), height, (54, 48, 44), max(depth, 0.0))
        c.polygon([(x - 0.015, y), (x + 0.015, y), (x + 0.03, y + height * 0.3),
                   (x, y + height * 0.35)],
                  (20, 26, 22), 0.0, 0.4)  # fmt: skip
    for _ in range(16):
        t = c.rng.random()
        at = (c.rng.uniform(0.0, c.aspect), c.horizon + 0.12 + (0.86 - c.horizon) * t)
        size = 0.02 + 0.045 * t
        c.ellipse(at, (size, size * 0.3), (74, 118, 60))
        if c.rng.random() < 0.25:
            c.ellipse((at[0], at[1] - size * 0.2), (size * 0.3, size * 0.25), c.accent(0))
    for _ in range(26):
        x, high = c.rng.uniform(0.0, c.aspect), c.rng.uniform(0.1, 0.3)
        tip = (x + c.rng.uniform(-0.03, 0.03), 1.0 - high)
        c.line([(x, 1.0), tip], 0.007, (70, 84, 44))
        c.line([tip, (tip[0], tip[1] + 0.05)], 0.018, (84, 56, 36))
    for _ in range(9 if c.air.dark else 0):
        at = (c.rng.uniform(0.0, c.aspect), c.rng.uniform(c.horizon, 0.9))
        c.lamp(at, 0.006, (216, 255, 130), 5.0)
    return None
