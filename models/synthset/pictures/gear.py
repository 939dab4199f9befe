"""Gear of musicians: what stands on stages and in studios."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, times
from descant.models.synthset.pictures.strings import BLACK, BRASS, VARNISH

WHITE: Colour = (246, 244, 238)
STEEL: Colour = (186, 194, 206)


def microphone(c: Canvas, x: float, y: float, h: float) -> None:
    """Pop: a microphone on its stand, and a star."""
    c.line([(x, y), (x, y - 0.72 * h)], 0.025 * h, STEEL)
    c.line([(x - 0.14 * h, y), (x + 0.14 * h, y)], 0.03 * h, STEEL)
    c.ellipse((x, y - 0.78 * h), (0.07 * h, 0.09 * h), times(STEEL, 0.6))
    c.shine(_star(x, y - 0.34 * h, 0.16 * h), c.accent(2), 0.6)


def _star(x: float, y: float, r: float, points: int = 5) -> list[tuple[float, float]]:
    turns = [math.pi * k / points - math.pi / 2 for k in range(2 * points)]
    sizes = [r if k % 2 == 0 else 0.42 * r for k in range(2 * points)]
    return [(x + s * math.cos(t), y + s * math.sin(t)) for s, t in zip(sizes, turns, strict=True)]


def amplifiers(c: Canvas, x: float, y: float, h: float) -> None:
    """Rock: two cabinets."""
    for k in range(2):
        low = y - 0.36 * k * h
        c.rect((x - 0.2 * h, low - 0.35 * h, x + 0.2 * h, low), BLACK)
        for dx in (-0.09, 0.09):
            for dy in (0.1, 0.26):
                c.ellipse((x + dx * h, low - dy * h), (0.075 * h, 0.07 * h), (96, 94, 100))
        c.rect((x - 0.2 * h, low - 0.36 * h, x + 0.2 * h, low - 0.33 * h), BRASS)


def double_bass(c: Canvas, x: float, y: float, h: float) -> None:
    """Jazz: a double bass that leans there."""
    c.line([(x, y - 0.4 * h), (x + 0.05 * h, y - 1.1 * h)], 0.04 * h, (60, 38, 26))
    c.ellipse((x, y - 0.22 * h), (0.22 * h, 0.22 * h), times(VARNISH, 0.75))
    c.ellipse((x, y - 0.5 * h), (0.16 * h, 0.18 * h), times(VARNISH, 0.75))


def music_stand(c: Canvas, x: float, y: float, h: float) -> None:
    """Classical: a stand with its sheet."""
    c.line([(x, y), (x, y - 0.5 * h)], 0.025 * h, BLACK)
    c.polygon([(x - 0.24 * h, y - 0.78 * h), (x + 0.24 * h, y - 0.78 * h),
               (x + 0.2 * h, y - 0.48 * h), (x - 0.2 * h, y - 0.48 * h)], WHITE)  # fmt: skip
    for k in range(4):
        at = y - (0.73 - 0.06 * k) * h
        c.line([(x - 0.18 * h, at), (x + 0.18 * h, at)], 0.01 * h, BLACK)


def cassette(c: Canvas, x: float, y: float, h: float) -> None:
    """Lo-fi: a cassette."""
    c.rect((x - 0.28 * h, y - 0.46 * h, x + 0.28 * h, y - 0.08 * h), (60, 56, 66))
    c.rect((x - 0.23 * h, y - 0.43 * h, x + 0.23 * h, y - 0.2 * h), (240, 214, 170))
    for side in (-1, 1):
        c.ellipse((x + side * 0.11 * h, y - 0.3 * h), (0.065 * h, 0.065 * h), WHITE)
        c.ellipse((x + side * 0.11 * h, y - 0.3 * h), (0.025 * h, 0.025 * h), BLACK)


def decks(c: Canvas, x: float, y: float, h: float) -> None:
    """House: two record decks."""
    c.rect((x - 0.4 * h, y - 0.5 * h, x + 0.4 * h, y - 0.3 * h), (52, 54, 66))
    for side in (-1, 1):
        at = (x + side * 0.21 * h, y - 0.5 * h)
        c.ellipse(at, (0.17 * h, 0.07 * h), BLACK)
        c.ellipse(at, (0.05 * h, 0.02 * h), c.accent(1))
        c.line([(x + side * 0.34 * h, y - 0.3 * h), (x + side * 0.34 * h, y)], 0.03 * h, BLACK)


def machine(c: Canvas, x: float, y: float, h: float) -> None:
    """Techno: a rack of knobs and cables."""
    c.rect((x - 0.3 * h, y - 0.78 * h, x + 0.3 * h, y), (40, 42, 48))
    for row in range(4):
        for k in range(6):
            at = (x + (-0.24 + 0.096 * k) * h, y - (0.68 - 0.17 * row) * h)
            lit = (row * 5 + k * 3) % 4 == 0
            c.disc(at, 0.028 * h, c.accent(row) if lit else (96, 98, 106))
            c.line([at, (at[0] + 0.03 * h, at[1] + 0.1 * h)], 0.01 * h, c.accent(k))


def subwoofer(c: Canvas, x: float, y: float, h: float) -> None:
    """Trap: a loudspeaker with a golden cone."""
    c.rect((x - 0.3 * h, y - 0.62 * h, x + 0.3 * h, y), (30, 28, 34))
    c.ellipse((x, y - 0.31 * h), (0.25 * h, 0.25 * h), (120, 116, 126))
    c.ellipse((x, y - 0.31 * h), (0.2 * h, 0.2 * h), (44, 40, 48))
    c.ellipse((x, y - 0.31 * h), (0.08 * h, 0.08 * h), (212, 176, 60))
    c.line([(x - 0.2 * h, y - 0.66 * h), (x + 0.2 * h, y - 0.66 * h)], 0.04 * h, (212, 176, 60))


def timpani(c: Canvas, x: float, y: float, h: float) -> None:
    """Cinematic: kettledrums."""
    for side in (-1, 1):
        at = (x + side * 0.2 * h, y - 0.26 * h)
        c.ellipse((at[0], at[1] + 0.04 * h), (0.2 * h, 0.2 * h), (176, 98, 50))
        c.rect((at[0] - 0.2 * h, at[1] - 0.16 * h, at[0] + 0.2 * h, at[1]), (30, 28, 30), alpha=0.0)
        c.ellipse((at[0], at[1] - 0.08 * h), (0.2 * h, 0.06 * h), WHITE)


def side_drum(c: Canvas, x: float, y: float, h: float) -> None:
    """March: a laced drum and a flag."""
    c.rect((x - 0.22 * h, y - 0.5 * h, x + 0.22 * h, y - 0.14 * h), (190, 40, 44))
    for k in range(5):
        left = x + (-0.22 + 0.11 * k) * h
        c.line([(left, y - 0.5 * h), (left + 0.055 * h, y - 0.14 * h),
                (left + 0.11 * h, y - 0.5 * h)],
               0.012 * h, WHITE)  # fmt: skip
    c.ellipse((x, y - 0.5 * h), (0.22 * h, 0.06 * h), WHITE)
    c.line([(x, y - 0.1 * h), (x, y - 1.05 * h)], 0.015 * h, BRASS)
    c.polygon([(x, y - 1.05 * h), (x + 0.34 * h, y - 0.94 * h), (x, y - 0.8 * h)], (40, 70, 160))
