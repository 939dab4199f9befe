"""What stands beside music of a genre: one thing each, as a cover would show it."""

from __future__ import annotations

import math
from collections.abc import Callable

from descant.models.synthset.pictures import gear
from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import mix, times
from descant.models.synthset.pictures.gear import WHITE
from descant.models.synthset.pictures.strings import BLACK, BRASS


def add_prop(c: Canvas, genre: str, x: float, y: float, h: float) -> None:
    """Draw the thing of a genre, standing at (x, y), about half as tall as a player of ``h``."""
    PROPS[genre](c, x, y, h)


def _bottle(c: Canvas, x: float, y: float, h: float) -> None:
    c.rect((x - 0.2 * h, y - 0.34 * h, x + 0.2 * h, y), (110, 70, 40))  # a crate
    for dy in (0.1, 0.22):
        c.line([(x - 0.2 * h, y - dy * h), (x + 0.2 * h, y - dy * h)], 0.012 * h, (60, 38, 22))
    c.rect((x - 0.06 * h, y - 0.6 * h, x + 0.06 * h, y - 0.34 * h), (120, 66, 22))
    c.rect((x - 0.025 * h, y - 0.74 * h, x + 0.025 * h, y - 0.58 * h), (120, 66, 22))


def _campfire(c: Canvas, x: float, y: float, h: float) -> None:
    for side in (-1, 1):
        c.line([(x - side * 0.22 * h, y), (x + side * 0.16 * h, y - 0.1 * h)], 0.06 * h,
               (90, 58, 36))  # fmt: skip
    for wide, tall, tone in ((0.17, 0.5, (255, 120, 30)), (0.1, 0.32, (255, 214, 90))):
        c.shine([(x - wide * h, y - 0.06 * h), (x - 0.04 * h, y - 0.6 * tall * h),
                 (x + 0.02 * h, y - tall * h), (x + 0.06 * h, y - 0.55 * tall * h),
                 (x + wide * h, y - 0.06 * h)], tone, 0.9)  # fmt: skip


def _orbs(c: Canvas, x: float, y: float, h: float) -> None:
    for k in range(5):
        turn = 1.1 * k
        at = (x + 0.24 * h * math.cos(turn), y - (0.3 + 0.14 * k) * h)
        c.lamp(at, (0.07 - 0.007 * k) * h, mix(c.accent(k), WHITE, 0.4), 3.0)


def _sunset_grid(c: Canvas, x: float, y: float, h: float) -> None:
    for k in range(6):
        top = y - (0.86 - 0.11 * k) * h
        wide = 0.36 * math.sqrt(max(0.0, 1.0 - ((k - 2.5) / 3.2) ** 2))
        tone = mix((255, 214, 80), (255, 40, 150), k / 5)
        c.shine([(x - wide * h, top), (x + wide * h, top), (x + wide * h, top + 0.075 * h),
                 (x - wide * h, top + 0.075 * h)], tone, 0.5)  # fmt: skip
    for k in range(-3, 4):
        c.raw_line([(x + 0.05 * k * h, y - 0.16 * h), (x + 0.14 * k * h, y)], 0.012 * h,
                   (60, 230, 255))  # fmt: skip


def _mirror_ball(c: Canvas, x: float, y: float, h: float) -> None:
    c.raw_line([(x, 0.0), (x, y - 0.9 * h)], 0.01 * h, (120, 116, 130))
    c.disc((x, y - 0.72 * h), 0.22 * h, (150, 152, 170))
    for row in range(-3, 4):
        for k in range(-3, 4):
            if row * row + k * k < 12:
                at = (x + 0.06 * k * h, y - (0.72 + 0.06 * row) * h)
                c.disc(at, 0.022 * h, c.accent(row + k) if (row + k) % 2 else WHITE)


def _palm(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x, y), (x + 0.06 * h, y - 0.5 * h), (x, y - 0.95 * h)], 0.055 * h, (120, 84, 50))
    for k in range(6):
        turn = math.pi * (0.05 + 0.18 * k)
        tip = (x + 0.38 * h * math.cos(turn), y - (0.86 + 0.2 * math.sin(turn)) * h + 0.1 * h)
        c.line(
            [(x, y - 0.95 * h), tip],
            0.05 * h,
            ((40, 130, 60), (200, 180, 40), (190, 50, 40))[k % 3],
        )


def _sun_and_wave(c: Canvas, x: float, y: float, h: float) -> None:
    c.disc((x, y - 0.6 * h), 0.22 * h, (255, 196, 70))
    for row in range(3):
        line = [(x + (-0.4 + 0.1 * k) * h, y - (0.34 - 0.12 * row + 0.05 * (k % 2)) * h)
                for k in range(9)]  # fmt: skip
        c.line(line, 0.045 * h, WHITE if row % 2 else (40, 120, 190))


def _hay(c: Canvas, x: float, y: float, h: float) -> None:
    c.ellipse((x, y - 0.24 * h), (0.28 * h, 0.25 * h), (222, 180, 80))
    c.ellipse((x, y - 0.24 * h), (0.18 * h, 0.16 * h), (196, 150, 60))
    c.polygon([(x - 0.3 * h, y - 0.5 * h), (x + 0.3 * h, y - 0.5 * h), (x + 0.2 * h, y - 0.45 * h),
               (x - 0.2 * h, y - 0.45 * h)], (110, 70, 40))  # fmt: skip
    c.ellipse((x, y - 0.56 * h), (0.14 * h, 0.1 * h), (110, 70, 40))  # a hat on it


def _chandelier(c: Canvas, x: float, y: float, h: float) -> None:
    top = y - 1.02 * h
    c.line([(x, 0.0), (x, top)], 0.012 * h, BRASS)
    c.line([(x - 0.3 * h, top), (x - 0.18 * h, top + 0.14 * h), (x + 0.18 * h, top + 0.14 * h),
            (x + 0.3 * h, top)], 0.025 * h, BRASS)  # fmt: skip
    for k in range(5):
        c.lamp((x + (-0.3 + 0.15 * k) * h, top - 0.03 * h), 0.032 * h, (255, 226, 150), 3.0)


def _skull(c: Canvas, x: float, y: float, h: float) -> None:
    c.polygon([(x - 0.36 * h, y - 0.9 * h), (x - 0.06 * h, y - 0.6 * h),
               (x - 0.14 * h, y - 0.54 * h),
               (x + 0.12 * h, y - 0.2 * h), (x - 0.02 * h, y - 0.48 * h),
               (x + 0.06 * h, y - 0.54 * h)], (255, 70, 40))  # fmt: skip
    c.ellipse((x + 0.1 * h, y - 0.3 * h), (0.19 * h, 0.2 * h), WHITE)
    c.rect((x, y - 0.18 * h, x + 0.2 * h, y - 0.02 * h), WHITE)
    for side in (-1, 1):
        c.ellipse((x + (0.1 + side * 0.08) * h, y - 0.3 * h), (0.05 * h, 0.06 * h), BLACK)


def _pixel_heart(c: Canvas, x: float, y: float, h: float) -> None:
    rows = ("0110110", "1111111", "1111111", "0111110", "0011100", "0001000")
    for r, row in enumerate(rows):
        for k, bit in enumerate(row):
            if bit == "1":
                px, py = x + (k - 3.5) * 0.085 * h, y - (0.72 - 0.085 * r) * h
                c.shine([(px, py), (px + 0.085 * h, py), (px + 0.085 * h, py + 0.085 * h),
                         (px, py + 0.085 * h)], (255, 50, 90), 0.3)  # fmt: skip


def _clover(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x, y - 0.5 * h), (x + 0.05 * h, y)], 0.035 * h, (30, 110, 50))
    for dx, dy in ((-0.13, 0.5), (0.13, 0.5), (0.0, 0.72)):
        c.ellipse((x + dx * h, y - dy * h), (0.14 * h, 0.13 * h), (46, 150, 70))


def _moon_and_cradle(c: Canvas, x: float, y: float, h: float) -> None:
    c.disc((x, y - 0.8 * h), 0.15 * h, (255, 240, 190))
    c.ellipse((x + 0.07 * h, y - 0.84 * h), (0.13 * h, 0.13 * h), times(c.air.top, 0.7))
    c.ellipse((x, y - 0.1 * h), (0.3 * h, 0.1 * h), (150, 100, 70))
    c.rect((x - 0.26 * h, y - 0.36 * h, x + 0.26 * h, y - 0.12 * h), (244, 206, 214))
    c.ellipse((x - 0.14 * h, y - 0.38 * h), (0.09 * h, 0.07 * h), WHITE)


def _broken_wave(c: Canvas, x: float, y: float, h: float) -> None:
    for k in range(9):
        tall = (0.2, 0.62, 0.34, 0.86, 0.28, 0.7, 0.16, 0.5, 0.3)[k]
        left = x + (-0.36 + 0.08 * k) * h
        c.shine([(left, y - (0.45 + tall / 2) * h), (left + 0.045 * h, y - (0.45 + tall / 2) * h),
                 (left + 0.045 * h, y - (0.45 - tall / 2) * h),
                 (left, y - (0.45 - tall / 2) * h)], (170, 255, 60), 0.5)  # fmt: skip


PROPS: dict[str, Callable[[Canvas, float, float, float], None]] = {
    "pop": gear.microphone,
    "rock": gear.amplifiers,
    "jazz": gear.double_bass,
    "blues": _bottle,
    "folk": _campfire,
    "classical": gear.music_stand,
    "ambient": _orbs,
    "lo-fi hip hop": gear.cassette,
    "house": gear.decks,
    "techno": gear.machine,
    "synthwave": _sunset_grid,
    "trap": gear.subwoofer,
    "funk": _mirror_ball,
    "reggae": _palm,
    "bossa nova": _sun_and_wave,
    "country": _hay,
    "waltz": _chandelier,
    "cinematic": gear.timpani,
    "metal": _skull,
    "chiptune": _pixel_heart,
    "celtic": _clover,
    "march": gear.side_drum,
    "lullaby": _moon_and_cradle,
    "drum and bass": _broken_wave,
}
