"""Crowds under the sky: fairground, parade, battlefield."""

from __future__ import annotations

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import SNOW, ridge, rock
from descant.models.synthset.pictures.people import crowd, person
from descant.models.synthset.pictures.sky import lightning, sky
from descant.models.synthset.pictures.town import WALLS, block, bunting


def fairground(c: Canvas) -> Stage:
    """A big wheel, tents, lights and flags."""
    sky(c)
    ridge(c, c.horizon + 0.04, 0.08, (92, 110, 100), 0.75)
    wheel(c, (c.focus, c.horizon - 0.08), min(0.3, c.horizon - 0.06))
    c.ground(c.horizon + 0.1, (176, 156, 118), 0.75)
    for k, share in enumerate((0.12, 0.42, 0.72, 0.94)):
        x = share * c.aspect
        if c.variant or abs(x - c.focus) > 0.2:
            _tent(c, (x, c.horizon + 0.22 + 0.05 * (k % 2)), 0.26, k)
    bunting(c, (0.0, 0.06), (c.focus, 0.2), 9, 0.045)
    bunting(c, (c.focus, 0.2), (c.aspect, 0.05), 9, 0.045)
    for k in range(9):
        x = c.aspect * (k + 0.5) / 9
        if c.air.lamps:
            c.lamp((x, c.horizon + 0.12), 0.012, c.accent(k), 5.0)
    return (c.aspect - c.focus, 0.92), 0.28


def wheel(c: Canvas, centre: Point, radius: float) -> None:
    """Paint a big wheel with its cabins."""
    x, y = centre
    for side in (-1, 1):
        c.line([centre, (x + side * radius * 0.6, y + radius * 1.35)], 0.014, (130, 126, 136), 0.15)
    rim = c.circle_points(centre, (radius, radius), 28)
    for size in (1.0, 0.9):
        ring = [(x + (px - x) * size, y + (py - y) * size) for px, py in rim]
        c.line([*ring, ring[0]], 0.011, mix(c.accent(0), (230, 230, 230), 0.4), 0.15)
    for k in range(0, 28, 2):
        c.line([centre, rim[k]], 0.004, (196, 196, 204), 0.15)
        px, py = rim[k]
        c.rect((px - 0.018, py, px + 0.018, py + 0.034), c.accent(k // 2), 0.1)
        if c.air.lamps:
            c.lamp((px, py), 0.009, c.accent(k // 2 + 1), 5.0)
    c.ellipse(centre, (0.022, 0.022), c.accent(1), 0.1)


def _tent(c: Canvas, at: Point, size: float, number: int) -> None:
    x, y = at
    half = size * 0.5
    for k in range(8):
        x0, x1 = x - half + size * k / 8, x - half + size * (k + 1) / 8
        tone = c.accent(number) if k % 2 else (248, 242, 230)
        c.polygon(
            [(x0, y - size * 0.42), (x1, y - size * 0.42), (x1, y), (x0, y)], times(tone, 0.86), 0.1
        )
        c.polygon([(x, y - size * 0.86), (x + (x0 - x) * 1.12, y - size * 0.38),
                   (x + (x1 - x) * 1.12, y - size * 0.38)], tone, 0.1)  # fmt: skip
    c.line([(x, y - size * 0.86), (x, y - size * 1.04)], 0.006, (90, 76, 70))
    c.polygon(
        [(x, y - size * 1.04), (x + size * 0.16, y - size * 0.98), (x, y - size * 0.93)],
        c.accent(number + 1),
    )


def parade(c: Canvas) -> Stage:
    """A marching band down a street hung with flags, confetti in the air."""
    sky(c)
    for k in range(8):
        x = c.aspect * (k + 0.5) / 8
        gap = abs(x - c.focus) / c.aspect
        top = c.horizon - 0.18 - 0.75 * gap
        block(c, (x - 0.11, top, x + 0.11, c.horizon + 0.1), WALLS[k % 6], 0.5 - 0.45 * gap)
    c.ground(c.horizon + 0.04, (170, 160, 152))
    for side in (-1, 1):
        edge = 0.0 if side < 0 else c.aspect
        for k in range(3):
            near = 0.3 + 0.3 * k
            span = sorted((edge, c.focus + side * (0.26 + 0.14 * k)))
            crowd(
                c,
                (span[0], span[1]),
                c.horizon + 0.12 + 0.14 * k,
                0.2 + 0.1 * k,
                int(5 + 3 * near),
                True,
            )
    _band(c)
    for k in range(3):
        bunting(c, (0.0, 0.1 + 0.11 * k), (c.aspect, 0.08 + 0.12 * k), 12, 0.05)
    for _ in range(80):
        at = (c.rng.uniform(0.0, c.aspect), c.rng.uniform(0.0, 0.9))
        c.ellipse(at, (0.009, 0.006), c.accent(c.rng.randrange(3)))
    return (c.aspect - c.focus, 0.95), 0.3


def _band(c: Canvas) -> None:
    for row in range(4):
        y = c.horizon + 0.14 + 0.1 * row + 0.015 * row * row
        size = 0.15 + 0.06 * row
        for k in range(3):
            x = c.focus + (k - 1) * size * 0.55
            person(c, (x, y), size, c.accent(0), "walk")
            c.rect(
                (x - size * 0.07, y - size * 1.16, x + size * 0.07, y - size * 0.98), c.accent(2)
            )
            if row % 2:
                c.ellipse((x, y - size * 0.5), (size * 0.18, size * 0.15), (244, 238, 222))
            else:
                c.line(
                    [(x, y - size * 0.86), (x + size * 0.28, y - size * 0.9)],
                    size * 0.09,
                    (232, 190, 80),
                )


def battlefield(c: Canvas) -> Stage:
    """Banners and spears against smoke and fire."""
    sky(c)
    lightning(c, c.horizon)
    fire: Colour = (255, 128, 40)
    for k in range(3):
        x = c.focus + (k - 1) * 0.42
        c.halo((x, c.horizon + 0.02), 0.26, times(fire, 0.8))
        for puff in range(11):
            t = puff / 10
            at = (x + 0.16 * t + c.rng.gauss(0.0, 0.02), c.horizon - 0.46 * t)
            c.disc(at, 0.03 + 0.07 * t, mix((52, 44, 44), c.air.middle, 0.2 + 0.5 * t), 0.5)
        flame = [(x - 0.05, c.horizon + 0.03), (x - 0.02, c.horizon - 0.06), (x, c.horizon - 0.02),
                 (x + 0.02, c.horizon - 0.09), (x + 0.05, c.horizon + 0.03)]  # fmt: skip
        c.shine(flame, fire)
    ridge(c, c.horizon + 0.05, 0.08, (92, 84, 70), 0.5, 0.6)
    _army(c, c.horizon + 0.08, 0.11, 30, 0.4)
    c.ground(c.horizon + 0.07, SNOW if c.air.weather == "snow" else (112, 98, 70), 0.6)
    _army(c, c.horizon + 0.22, 0.22, 14 if c.variant else 20, 0.1)
    for k in range(5):
        rock(c, (c.aspect * (k + c.rng.random()) / 5, c.rng.uniform(0.86, 1.0)), 0.04, (92, 86, 80))
    for k in range(4):
        x = c.aspect * (k + c.rng.random()) / 4
        tip = (x + c.rng.uniform(-0.12, 0.12), 0.7)
        c.line([(x, 0.97), tip], 0.009, (84, 64, 48))
    return (c.focus, 0.93), 0.3


def _army(c: Canvas, y: float, size: float, count: int, depth: float) -> None:
    for k in range(count):
        x = c.aspect * (k + c.rng.uniform(0.1, 0.9)) / count
        tone: Colour = (52, 50, 58)
        c.polygon([(x - size * 0.16, y), (x - size * 0.12, y - size * 0.66),
                   (x + size * 0.12, y - size * 0.66),
                   (x + size * 0.16, y)], tone, depth)  # fmt: skip
        c.ellipse((x, y - size * 0.78), (size * 0.1, size * 0.12), tone, depth)
        lean = c.rng.uniform(-0.04, 0.04)
        c.line(
            [(x + size * 0.16, y), (x + size * 0.16 + lean, y - size * 1.5)],
            0.006,
            (70, 60, 52),
            depth,
        )
        if k % 5 == 0:
            top = (x + size * 0.16 + lean, y - size * 1.8)
            c.line([(x + size * 0.16, y), top], 0.009, (70, 60, 52), depth)
            c.polygon([top, (top[0] + size * 0.62, top[1] + size * 0.16), (top[0],
                                                                           top[1] + size * 0.5)],
                      c.accent(k // 5), depth)  # fmt: skip
