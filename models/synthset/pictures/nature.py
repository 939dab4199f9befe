"""Things that grow and lie about: ridges, peaks, trees, rocks, water, flowers."""

from __future__ import annotations

import itertools
import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.sky import sun_place

BARK: Colour = (84, 60, 44)
LEAF: Colour = (62, 112, 50)
PINE: Colour = (34, 78, 58)
GRASS: Colour = (104, 146, 60)
STONE: Colour = (124, 120, 116)
SNOW: Colour = (244, 247, 252)


def profile(c: Canvas, base: float, height: float, rough: float, count: int = 33) -> list[Point]:
    """Return an uneven line from edge to edge by midpoint displacement."""
    rng = c.rng
    levels = [rng.uniform(0.0, 1.0), rng.uniform(0.0, 1.0)]
    swing = 0.5
    while len(levels) < count:
        finer = [levels[0]]
        for a, b in itertools.pairwise(levels):
            finer += [(a + b) / 2 + rng.uniform(-swing, swing), b]
        levels, swing = finer, swing * rough
    low, high = min(levels), max(levels)
    span = max(high - low, 1e-6)
    step = c.aspect / (len(levels) - 1)
    return [(k * step, base - height * (v - low) / span) for k, v in enumerate(levels)]


def ridge(
    c: Canvas, base: float, height: float, colour: Colour, depth: float, rough: float = 0.5
) -> list[Point]:
    """Paint hills from edge to edge; return their line."""
    line = profile(c, base, height, rough)
    c.polygon([*line, (c.aspect, 1.0), (0.0, 1.0)], colour, depth)
    return line


def peak(c: Canvas, at: Point, size: Point, colour: Colour, depth: float, snow: float) -> None:
    """Paint one mountain with a lit and a shaded side, and snow on its upper part."""
    rng = c.rng
    (x, base), (half, height) = at, size
    top = (x + rng.uniform(-0.15, 0.15) * half, base - height)
    left = [(x - half, base)]
    for k in range(1, 6):
        t = k / 6
        left.append((x - half + (top[0] - x + half) * t,
                     base - height * (t**1.15) + rng.uniform(-0.04, 0.04) * height))  # fmt: skip
    right = [(x + half, base)]
    for k in range(1, 6):
        t = k / 6
        right.append((x + half + (top[0] - x - half) * t,
                      base - height * (t**1.15) + rng.uniform(-0.04, 0.04) * height))  # fmt: skip
    spine = [top]
    for k in range(1, 5):
        spine.append((top[0] + rng.uniform(-0.14, 0.14) * half, top[1] + height * k / 4))
    sunny_left = sun_place(c, c.horizon)[0] < x
    light, dark = mix(colour, (255, 244, 224), 0.22), times(colour, 0.66)
    c.polygon([*left, *spine], light if sunny_left else dark, depth)
    c.polygon([*right, *spine], dark if sunny_left else light, depth)
    if snow > 0.0:
        _snow_cap(c, (left, right, spine), snow, depth, sunny_left)


def _snow_cap(
    c: Canvas,
    lines: tuple[list[Point], list[Point], list[Point]],
    snow: float,
    depth: float,
    sunny_left: bool,
) -> None:
    left, right, spine = lines
    count = max(1, round(5 * snow))
    bright, shadow = SNOW, (176, 194, 224)
    for side, lit in ((left, sunny_left), (right, not sunny_left)):
        upper = side[-count:]
        edge = upper[0]
        foot = spine[min(count, 4) - 1]
        steps = 5
        ragged = []
        for k in range(1, steps):
            t = k / steps
            drop = c.rng.uniform(-0.02, 0.05) * (1.0 if k % 2 else -0.4)
            ragged.append(
                (edge[0] + (foot[0] - edge[0]) * t, edge[1] + (foot[1] - edge[1]) * t + drop)
            )
        c.polygon([*upper, spine[0], *spine[1 : min(count, 4)], *reversed(ragged)],
                  bright if lit else shadow, depth)  # fmt: skip


def conifer(c: Canvas, at: Point, height: float, depth: float, snowy: bool = False) -> None:
    """Paint a fir."""
    x, y = at
    c.rect((x - height * 0.025, y - height * 0.15, x + height * 0.025, y), BARK, depth)
    sunny = 1.0 if sun_place(c, c.horizon)[0] > x else -1.0
    for k in range(5):
        low = y - height * (0.1 + 0.17 * k)
        top = low - height * 0.33
        half = height * 0.25 * (1.0 - 0.16 * k)
        c.polygon([(x - half, low), (x + half, low), (x, top)], times(PINE, 0.8 + 0.05 * k), depth)
        side = x + sunny * half
        lit = SNOW if snowy else mix(PINE, (150, 190, 110), 0.35)
        c.polygon(
            [(side, low), (x + sunny * half * 0.2, low - height * 0.06), (x, top)], lit, depth
        )


def round_tree(
    c: Canvas, at: Point, height: float, depth: float, leaf: Colour = LEAF, wide: float = 1.0
) -> None:
    """Paint a tree in leaf: dark masses below, lit ones towards the sun."""
    rng = c.rng
    x, y = at
    half = height * 0.045
    c.polygon(
        [(x - half * 1.3, y), (x + half * 1.3, y), (x + half * 0.6, y - height * 0.6),
         (x - half * 0.6, y - height * 0.6)], BARK, depth)  # fmt: skip
    sunny = 0.35 if sun_place(c, c.horizon)[0] > x else -0.35
    clumps = [
        (rng.uniform(-0.3, 0.3) * wide, rng.uniform(-0.22, 0.2), rng.uniform(0.13, 0.21))
        for _ in range(9)
    ]
    for shift, tone in (
        (0.0, times(leaf, 0.62)),
        (0.22, leaf),
        (0.4, mix(leaf, (230, 235, 130), 0.3)),
    ):
        for dx, dy, r in clumps:
            size = r * height * (1.0 - shift)
            centre = (x + dx * height + sunny * shift * r * height,
                      y - height * 0.68 + dy * height - shift * r * height * 0.6)  # fmt: skip
            c.ellipse(centre, (size, size * 0.86), tone, depth)


def bare_tree(c: Canvas, at: Point, height: float, colour: Colour, depth: float) -> None:
    """Paint a tree without leaves."""

    def branch(x: float, y: float, angle: float, length: float, order: int) -> None:
        end = (x + math.cos(angle) * length, y - math.sin(angle) * length)
        c.line([(x, y), end], 0.012 * height * 0.72 ** (5 - order) * 4.0, colour, depth)
        if order:
            for side in (-1, 1):
                turn = side * c.rng.uniform(0.25, 0.65)
                branch(*end, angle + turn, length * c.rng.uniform(0.62, 0.8), order - 1)

    branch(at[0], at[1], math.pi / 2 + c.rng.uniform(-0.15, 0.15), height * 0.3, 5)


def palm(c: Canvas, at: Point, height: float, depth: float, lean: float) -> None:
    """Paint a palm that leans to a side."""
    x, y = at
    trunk = [(x + lean * height * (k / 8) ** 1.6, y - height * k / 8) for k in range(9)]
    for a, b, k in zip(trunk, trunk[1:], range(8), strict=False):
        c.line([a, b], height * (0.05 - 0.003 * k), BARK, depth)
    top = trunk[-1]
    for k in range(9):
        angle = math.pi * (k / 8) * 1.24 - 0.38 + c.rng.uniform(-0.1, 0.1)
        reach = height * c.rng.uniform(0.38, 0.5)
        frond, under = [], []
        for step in range(6):
            t = step / 5
            px = top[0] + math.cos(angle) * reach * t
            py = top[1] - math.sin(angle) * reach * t + 0.42 * reach * t * t
            swell = 0.09 * reach * math.sin(math.pi * min(t + 0.06, 1.0))
            frond.append((px, py - swell))
            under.append((px, py + swell))
        tone = (52, 108, 52) if k % 2 else (80, 138, 58)
        c.polygon([*frond, *reversed(under)], tone, depth)


def tufts(c: Canvas, top: float, count: int, colour: Colour) -> None:
    """Draw blades of grass, larger towards the eye."""
    for _ in range(count):
        t = c.rng.random() ** 0.8
        y = top + (1.05 - top) * t
        x = c.rng.uniform(0.0, c.aspect)
        height = 0.01 + 0.06 * t * t
        tone = mix(colour, times(colour, 0.55), c.rng.random())
        bend = c.rng.uniform(-0.5, 0.5) * height
        c.polygon([(x - height * 0.1, y), (x + height * 0.1, y), (x + bend, y - height)], tone)


def flowers(c: Canvas, box: tuple[float, float, float, float], count: int, near: float) -> None:
    """Scatter flowers in the palette's colours; ``near`` is their size at the bottom."""
    for _ in range(count):
        t = c.rng.random()
        at = (c.rng.uniform(box[0], box[2]), box[1] + (box[3] - box[1]) * t)
        colour = c.accent(c.rng.randrange(3)) if c.rng.random() < 0.85 else (255, 250, 240)
        size = near * (0.3 + 0.7 * t)
        c.ellipse(at, (size, size * 0.7), colour)
        c.ellipse(at, (size * 0.35, size * 0.25), (250, 220, 90))


def rock(c: Canvas, at: Point, size: float, colour: Colour, depth: float = 0.0) -> None:
    """Paint a boulder with a lit top."""
    x, y = at
    outline = []
    for k in range(9):
        angle = math.pi * (1.0 - k / 8)
        r = size * c.rng.uniform(0.8, 1.15)
        outline.append((x + math.cos(angle) * r * 1.2, y - math.sin(angle) * r * 0.8))
    c.polygon(outline, times(colour, 0.7), depth)
    lit = [
        (x + (px - x) * 0.72 - size * 0.12, y - size * 0.12 + (py - y) * 0.78) for px, py in outline
    ]
    c.polygon(lit[1:7], mix(colour, (255, 250, 235), 0.15), depth)


def water(c: Canvas, top: float, bottom: float, colour: Colour, waves: float = 0.5) -> None:
    """Paint water that mirrors the sky, with lines of waves and the light's path."""
    air = c.air
    far = mix(air.low, c.shade(colour, 0.3), 0.45)
    near = mix(times(air.top, 0.8), c.shade(colour), 0.65)
    c.gradient(top, bottom, (far, mix(far, near, 0.6), near))
    depth = bottom - top
    for _ in range(int(60 * c.aspect)):
        t = c.rng.random() ** 1.5
        y = top + depth * t
        half = (0.015 + 0.1 * t) * c.rng.uniform(0.5, 1.2)
        x = c.rng.uniform(0.0, c.aspect)
        tone = mix(near, (255, 255, 255) if c.rng.random() < 0.5 else (0, 10, 30), 0.3)
        lift = 0.012 * t * waves
        c.raw_line([(x - half, y), (x, y - lift), (x + half, y)], 0.002 + 0.005 * t, tone, 0.45)
    _glitter(c, top, depth)


def _glitter(c: Canvas, top: float, depth: float) -> None:
    clear = 1.0 - c.air.veil
    if clear < 0.2 or c.air.height > 0.85:
        return
    x0 = sun_place(c, c.horizon)[0]
    for k in range(26):
        t = (k + c.rng.random()) / 26
        half = (0.008 + 0.05 * t) * c.rng.uniform(0.4, 1.3)
        x = x0 + c.rng.uniform(-1.0, 1.0) * (0.015 + 0.05 * t)
        y = top + depth * t
        c.raw_line([(x - half, y), (x + half, y)], 0.002 + 0.006 * t, c.air.sun, 0.75 * clear)
