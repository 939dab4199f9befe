"""The city: street, neon lights, rooftops."""

from __future__ import annotations

from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import Colour, Point, mix, times
from descant.models.synthset.pictures.nature import SNOW
from descant.models.synthset.pictures.sky import lightning, sky
from descant.models.synthset.pictures.town import (
    WALLS,
    WARM,
    block,
    car,
    road,
    street_lamp,
    street_wall,
)

_TAR: Colour = (84, 84, 90)


def city_street(c: Canvas) -> Stage:
    """A street between houses, with lamps and a car; wet when it rains."""
    sky(c)
    lightning(c, c.horizon)
    snowy = c.air.weather == "snow"
    c.ground(c.horizon, (214, 218, 226) if snowy else (140, 132, 126))
    road(c, (170, 174, 184) if snowy else _TAR, 0.62, dashes=not snowy)
    for side in (-1, 1):
        street_wall(c, side, WALLS, 0.62)
    if c.air.weather in ("rain", "storm"):
        _wet(c)
    for k in reversed(range(4)):
        t = 0.6**k
        for side in (-1, 1):
            x = c.focus + side * 0.62 * t * (1.0 if side > 0 else 0.9)
            if 0.0 < x < c.aspect:
                street_lamp(c, (x, c.horizon + 0.3 * t), 0.5 * t)
    car(c, (c.focus + 0.16 * (1 if c.variant else -1), c.horizon + 0.22), 0.16, c.accent(0))
    return (c.aspect / 2 + (c.focus - c.aspect / 2) * 0.5, 0.92), 0.34


def _wet(c: Canvas) -> None:
    """Mirror the lights in the road."""
    for _ in range(26):
        x = c.rng.uniform(0.0, c.aspect)
        y = c.rng.uniform(c.horizon + 0.12, 0.95)
        tone = mix(WARM, c.air.low, c.rng.random()) if c.air.lamps else c.air.low
        c.raw(
            [(x - 0.008, y), (x + 0.008, y), (x + 0.012, y + 0.14), (x - 0.012, y + 0.14)],
            tone,
            0.28,
        )


def neon_city(c: Canvas) -> Stage:
    """Towers at the end of a canyon of glowing signs."""
    sky(c)
    for k in range(7):
        x = c.aspect * (k + c.rng.uniform(0.1, 0.9)) / 7
        tall = c.rng.uniform(0.25, 0.5)
        block(c, (x - 0.07, c.horizon - tall, x + 0.07, c.horizon + 0.02), (64, 62, 92), 0.6)
    c.ground(c.horizon, (46, 44, 62), 0.7)
    road(c, (36, 36, 50), 0.6, dashes=True)
    for side in (-1, 1):
        street_wall(c, side, ((58, 54, 84), (70, 56, 88), (46, 52, 78)), 0.85)
    for k in range(16):
        t = 0.3 + 0.9 * c.rng.random()
        side = 1 if k % 2 else -1
        edge = c.aspect if side > 0 else 0.0
        x = c.focus + (edge - c.focus) * t * 0.9
        y = c.horizon - c.rng.uniform(0.05, 0.55) * t
        wide, high = 0.035 * t, c.rng.uniform(0.06, 0.17) * t
        colour = mix(c.accent(k), (255, 255, 255), 0.2)
        c.shine([(x - wide, y - high), (x + wide, y - high * 0.94), (x + wide, y + high * 0.94),
                 (x - wide, y + high)], colour, 1.0)  # fmt: skip
        c.polygon([(x - wide * 0.6, y - high * 0.8), (x + wide * 0.6, y - high * 0.75),
                   (x + wide * 0.6, y + high * 0.75), (x - wide * 0.6, y + high * 0.8)],
                  times(colour, 0.4))  # fmt: skip
        mirror = c.horizon + (c.horizon - y) * 0.8 + 0.16
        c.raw([(x - wide, mirror), (x + wide, mirror), (x + wide * 1.3, mirror + high * 3),
               (x - wide * 1.3, mirror + high * 3)], colour, 0.22)  # fmt: skip
    if c.variant:
        c.lamp((c.focus, c.horizon - 0.05), 0.05, c.accent(0), 4.0)
    car(c, (c.focus + 0.1, c.horizon + 0.24), 0.17, (50, 50, 70))
    return (c.focus - 0.12, 0.93), 0.34


def rooftop(c: Canvas) -> Stage:
    """A skyline over a parapet, with a water tower and a line of washing."""
    sky(c, 0.9)
    lightning(c, 0.7)
    for depth, count, tall in ((0.85, 12, 0.4), (0.6, 9, 0.32), (0.3, 6, 0.22)):
        for k in range(count):
            x = c.aspect * (k + c.rng.uniform(0.2, 0.8)) / count
            half = c.aspect / count * c.rng.uniform(0.38, 0.62)
            top = 0.86 - tall * c.rng.uniform(0.5, 1.35) * (0.6 + c.horizon)
            block(c, (x - half, top, x + half, 0.92), WALLS[c.rng.randrange(6)], depth)
    roof: Colour = SNOW if c.air.weather == "snow" else (110, 98, 94)
    c.ground(0.82, roof, 0.7)
    c.rect((0.0, 0.79, c.aspect, 0.84), times(roof, 0.75))
    c.rect((0.0, 0.785, c.aspect, 0.798), times(roof, 1.1))
    tower = c.aspect - c.focus
    if c.variant:
        _water_tower(c, (tower, 0.86), 0.42)
    else:
        for k, x in enumerate((tower - 0.12, tower + 0.02, tower + 0.13)):
            c.rect((x - 0.045, 0.64 + 0.05 * (k % 2), x + 0.045, 0.86), (150, 92, 74))
            c.rect(
                (x - 0.055, 0.63 + 0.05 * (k % 2), x + 0.055, 0.66 + 0.05 * (k % 2)), (120, 74, 62)
            )
        c.line([(0.0, 0.6), (c.aspect, 0.63)], 0.005, (60, 56, 60))
        for k in range(6):
            x = c.aspect * (0.1 + 0.14 * k)
            c.polygon([(x, 0.61), (x + 0.1, 0.612), (x + 0.095, 0.74), (x + 0.01, 0.73)],
                      mix(c.accent(k), (240, 236, 226), 0.3))  # fmt: skip
    return (c.focus, 0.94), 0.32


def _water_tower(c: Canvas, at: Point, height: float) -> None:
    x, y = at
    half = height * 0.26
    for dx in (-0.8, -0.25, 0.25, 0.8):
        c.line([(x + dx * half, y), (x + dx * half * 0.9, y - height * 0.5)], 0.012, (70, 56, 48))
    c.rect((x - half, y - height * 0.9, x + half, y - height * 0.42), (138, 94, 62))
    c.rect((x + half * 0.4, y - height * 0.9, x + half, y - height * 0.42), (104, 70, 48))
    c.polygon([(x - half * 1.12, y - height * 0.88), (x + half * 1.12, y - height * 0.88),
               (x, y - height * 1.16)], (92, 70, 60))  # fmt: skip
