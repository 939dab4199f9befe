"""Pictures of nothing: fields of colour, strokes, geometry, marbling, rings and ribbons."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, mix, times
from descant.models.synthset.pictures.noise import smooth_noise


def _colours(c: Canvas) -> list[Colour]:
    """Return the palette from ground to accents, the ground light or dark by the scene's light."""
    p = c.palette
    ground, other = (p.light, p.shadow) if c.scene.light > 0.0 else (p.shadow, p.light)
    return [ground, p.middle, other, *p.accents]


def fields(c: Canvas) -> None:
    """Large soft rectangles, one over the other, or side by side."""
    colours = _colours(c)
    c.raw([(0.0, 0.0), (c.aspect, 0.0), (c.aspect, 1.0), (0.0, 1.0)], colours[0])
    count = 2 + int(3 * c.scene.energy)
    at = 0.06
    for k in range(count):
        size = (0.9 / count) * c.rng.uniform(0.6, 1.3)
        tone = mix(colours[1 + (k + c.scene.seed) % 5], colours[1], c.rng.uniform(0.0, 0.4))
        margin = c.rng.uniform(0.03, 0.1)
        box = [
            (margin, at),
            (c.aspect - margin, at),
            (c.aspect - margin, at + size),
            (margin, at + size),
        ]
        if c.variant:
            box = [(y * c.aspect, x / c.aspect) for x, y in box]
        c.raw(box, tone, 0.9)
        at += size + 0.03
    soft = c.scale * (0.035 - 0.028 * c.scene.energy)
    c.image.paste(c.image.filter(ImageFilter.GaussianBlur(soft)))


def strokes(c: Canvas) -> None:
    """Brush marks: long and level when calm, short and torn when wild."""
    colours = _colours(c)
    energy, rng = c.scene.energy, c.rng
    c.raw([(0.0, 0.0), (c.aspect, 0.0), (c.aspect, 1.0), (0.0, 1.0)], colours[0])
    heading = rng.uniform(-0.3, 0.3) + 0.9 * energy * rng.choice((-1, 1))
    for _ in range(int(60 + 110 * energy)):
        angle = heading + rng.gauss(0.0, 0.1 + 0.75 * energy**1.5)
        length = rng.uniform(0.1, 0.75 - 0.45 * energy)
        wide = rng.uniform(0.008, 0.05)
        x, y = rng.uniform(-0.1, c.aspect), rng.uniform(-0.05, 1.05)
        bend = rng.gauss(0.0, 0.06 + 0.1 * energy)
        points = []
        for k in range(7):
            t = k / 6
            along, aside = length * t, bend * math.sin(math.pi * t)
            points.append(
                (
                    x + math.cos(angle) * along - math.sin(angle) * aside,
                    y + math.sin(angle) * along + math.cos(angle) * aside,
                )
            )
        tone = mix(rng.choice(colours[1:]), colours[0], rng.uniform(0.0, 0.35))
        for bristle in range(3):
            shift = (bristle - 1) * wide * 0.33
            line = [(px, py + shift) for px, py in points]
            c.raw_line(line, wide * 0.4, mix(tone, (255, 255, 255), 0.07 * bristle), 0.85)
    for _ in range(int(40 * energy)):
        at = (rng.uniform(0.0, c.aspect), rng.random())
        c.disc(at, 0.014 * rng.random() ** 2 + 0.003, rng.choice(colours[2:]))


def geometry(c: Canvas) -> None:
    """Circles, bars and triangles on a grid, or lines and fields at right angles."""
    colours, rng = _colours(c), c.rng
    c.raw([(0.0, 0.0), (c.aspect, 0.0), (c.aspect, 1.0), (0.0, 1.0)], colours[0])
    count = 3 + int(3.5 * c.scene.energy)
    cell = 1.0 / count
    for row in range(count):
        for column in range(math.ceil(c.aspect / cell)):
            x, y = column * cell, row * cell
            tone = mix(rng.choice(colours[1:]), colours[0], rng.uniform(0.0, 0.3))
            box = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
            form = rng.randrange(6)
            if c.variant or form == 0:
                c.raw(box, tone if rng.random() < 0.45 else colours[0])
            elif form == 1:
                c.disc((x + cell / 2, y + cell / 2), cell * rng.uniform(0.25, 0.48), tone)
            elif form == 2:
                c.raw([box[0], box[1], box[rng.choice((2, 3))]], tone)
            elif form == 3:
                corner = rng.choice(box)
                quarter = c.circle_points(corner, (cell, cell), 40)
                inside = [
                    (min(max(px, x), x + cell), min(max(py, y), y + cell)) for px, py in quarter
                ]
                c.raw(inside, tone)
            elif form == 4:
                for k in range(4):
                    top = y + cell * k / 4
                    c.raw(
                        [
                            (x, top),
                            (x + cell, top),
                            (x + cell, top + cell / 8),
                            (x, top + cell / 8),
                        ],
                        tone,
                    )
    if c.variant:
        for k in range(1, count):
            c.raw_line([(0.0, k * cell), (c.aspect, k * cell)], 0.02, colours[2])
            c.raw_line([(k * cell * c.aspect, 0.0), (k * cell * c.aspect, 1.0)], 0.02, colours[2])


def marbling(c: Canvas) -> None:
    """Noise that flows: bands of the palette bent by more noise."""
    colours = _colours(c)
    width, height = c.image.size
    seed = c.rng.randrange(2**31)
    detail = 2 + round(3 * c.scene.energy)
    warp = [smooth_noise(seed + k, (height, width), detail, 3) for k in (0, 1)]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(height)
    turn = c.rng.uniform(0.0, math.pi)
    base = math.cos(turn) * x + math.sin(turn) * y
    flow = base * (1.5 + 2.0 * c.variant) + (0.4 + 0.5 * c.scene.energy) * warp[0] + 0.2 * warp[1]
    at = (flow * len(colours)) % len(colours)
    table = np.asarray([*colours, colours[0]], dtype=np.float32)
    rgb = np.stack([np.interp(at, range(len(table)), table[:, k]) for k in range(3)], -1)
    c.image.paste(Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)))


def rings(c: Canvas) -> None:
    """Circles in circles that meet, as light breaking up."""
    colours, rng = _colours(c), c.rng
    c.raw([(0.0, 0.0), (c.aspect, 0.0), (c.aspect, 1.0), (0.0, 1.0)], colours[0])
    centres = [(c.focus, c.horizon)]
    centres += [
        (rng.uniform(0.0, c.aspect), rng.random()) for _ in range(1 + int(5 * c.scene.energy))
    ]
    for centre in reversed(centres):
        size = rng.uniform(0.18, 0.5)
        count = rng.randrange(4, 9)
        for k in range(count):
            tone = mix(colours[(k * 2 + c.scene.seed) % 6], colours[rng.randrange(6)], 0.25)
            radius = size * (1.0 - k / count)
            c.disc(centre, radius, tone, 0.92)
            if c.variant:
                half = [
                    p
                    for p in c.circle_points(centre, (radius, radius), 32)
                    if p[0] >= centre[0] - 1e-9
                ]
                half.sort(key=lambda p: math.atan2(p[1] - centre[1], p[0] - centre[0]))
                c.raw([*half, centre], colours[(k * 2 + 3) % 6], 0.92)


def ribbons(c: Canvas) -> None:
    """Waves over waves, gentle or steep."""
    colours, rng = _colours(c), c.rng
    p = c.palette
    c.gradient(0.0, 1.0, (colours[0], mix(colours[0], p.middle, 0.5)))
    count = 7 + 3 * c.variant
    for k in range(count):
        phase, waves = rng.uniform(0.0, 6.3), rng.uniform(0.5, 1.2 + 2.2 * c.scene.energy)
        swing = rng.uniform(0.03, 0.06 + 0.12 * c.scene.energy)
        level = (k + 0.6) / count
        line = [
            (c.aspect * j / 24, level + swing * math.sin(phase + waves * 6.3 * j / 24))
            for j in range(25)
        ]
        share = k / (count - 1)
        tone = mix(
            mix(p.accents[k % 3], p.middle, 0.4),
            p.shadow if c.scene.light > 0 else p.light,
            0.35 * share,
        )
        c.raw([*line, (c.aspect, 1.1), (0.0, 1.1)], tone, 0.88)
        c.raw_line(line, 0.006, mix(times(tone, 1.25), p.light, 0.3), 0.8)
