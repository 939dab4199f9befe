"""Instruments with strings, as a player holds them or as they stand alone."""

from __future__ import annotations

import math

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, times

VARNISH: Colour = (178, 98, 48)
BRASS: Colour = (240, 196, 84)
BLACK: Colour = (34, 32, 38)
_NECK: Colour = (80, 50, 34)
_HAIR: Colour = (240, 226, 200)


def guitar(c: Canvas, x: float, y: float, h: float) -> None:
    """Acoustic, its body a figure of eight with a hole."""
    c.line([(x + 0.02 * h, y - 0.52 * h), (x - 0.42 * h, y - 0.74 * h)], 0.035 * h, (96, 62, 40))
    c.ellipse((x + 0.06 * h, y - 0.5 * h), (0.13 * h, 0.115 * h), VARNISH)
    c.ellipse((x + 0.17 * h, y - 0.44 * h), (0.15 * h, 0.135 * h), VARNISH)
    c.ellipse((x + 0.1 * h, y - 0.48 * h), (0.045 * h, 0.042 * h), BLACK)
    c.line([(x + 0.22 * h, y - 0.45 * h), (x + 0.24 * h, y - 0.38 * h)], 0.02 * h, BLACK)


def electric_guitar(c: Canvas, x: float, y: float, h: float) -> None:
    """Two horns, a pale plate and a lead to the amplifier."""
    body = c.accent(0)
    c.line([(x + 0.04 * h, y - 0.5 * h), (x - 0.46 * h, y - 0.76 * h)], 0.03 * h, (110, 74, 48))
    c.polygon([(x - 0.5 * h, y - 0.8 * h), (x - 0.44 * h, y - 0.79 * h),
               (x - 0.42 * h, y - 0.7 * h)], body)  # fmt: skip
    c.polygon([(x - 0.06 * h, y - 0.62 * h), (x + 0.03 * h, y - 0.54 * h),
               (x + 0.1 * h, y - 0.55 * h), (x + 0.27 * h, y - 0.42 * h),
               (x + 0.2 * h, y - 0.3 * h), (x + 0.08 * h, y - 0.37 * h),
               (x - 0.02 * h, y - 0.38 * h), (x + 0.01 * h, y - 0.47 * h)], body)  # fmt: skip
    c.polygon([(x + 0.06 * h, y - 0.5 * h), (x + 0.2 * h, y - 0.41 * h),
               (x + 0.12 * h, y - 0.38 * h)], (246, 242, 232))  # fmt: skip
    c.line([(x + 0.22 * h, y - 0.34 * h), (x + 0.34 * h, y - 0.12 * h), (x + 0.28 * h, y)],
           0.012 * h, BLACK)  # fmt: skip


def banjo(c: Canvas, x: float, y: float, h: float) -> None:
    """A white drum with a long neck."""
    c.line([(x + 0.1 * h, y - 0.47 * h), (x - 0.48 * h, y - 0.74 * h)], 0.028 * h, (120, 80, 50))
    c.ellipse((x + 0.13 * h, y - 0.46 * h), (0.155 * h, 0.155 * h), times(BRASS, 0.7))
    c.ellipse((x + 0.13 * h, y - 0.46 * h), (0.13 * h, 0.13 * h), (250, 246, 236))


def sitar(c: Canvas, x: float, y: float, h: float) -> None:
    """A gourd, and a neck that is longer than the player is wide."""
    c.line([(x + 0.16 * h, y - 0.3 * h), (x - 0.42 * h, y - 1.0 * h)], 0.055 * h, (136, 70, 30))
    for k in range(6):
        px, py = x + (0.06 - 0.075 * k) * h, y - (0.42 + 0.091 * k) * h
        c.line([(px - 0.03 * h, py - 0.01 * h), (px + 0.03 * h, py + 0.01 * h)], 0.01 * h, BRASS)
    c.ellipse((x + 0.2 * h, y - 0.24 * h), (0.17 * h, 0.16 * h), (166, 84, 34))
    c.ellipse((x - 0.33 * h, y - 0.96 * h), (0.07 * h, 0.07 * h), (150, 76, 30))


def violin(c: Canvas, x: float, y: float, h: float) -> None:
    """Under the chin, with a bow across."""
    c.line([(x - 0.02 * h, y - 0.8 * h), (x - 0.36 * h, y - 0.72 * h)], 0.028 * h, _NECK)
    c.ellipse((x - 0.08 * h, y - 0.79 * h), (0.09 * h, 0.055 * h), VARNISH)
    c.ellipse((x - 0.18 * h, y - 0.765 * h), (0.07 * h, 0.048 * h), VARNISH)
    c.line([(x + 0.18 * h, y - 0.58 * h), (x - 0.22 * h, y - 0.98 * h)], 0.014 * h, _HAIR)


def cello(c: Canvas, x: float, y: float, h: float) -> None:
    """As large as the player, with a bow across."""
    c.line([(x + 0.02 * h, y - 0.3 * h), (x - 0.12 * h, y - 0.92 * h)], 0.035 * h, _NECK)
    for dy, size in ((0.2, 0.19), (0.38, 0.15)):
        c.ellipse((x + 0.04 * h - dy * 0.1 * h, y - dy * h), (size * h, size * 0.95 * h), VARNISH)
    for side in (-1, 1):
        c.line([(x + (0.03 + side * 0.06) * h, y - 0.32 * h),
                (x + (0.03 + side * 0.08) * h, y - 0.22 * h)], 0.012 * h, BLACK)  # fmt: skip
    c.line([(x + 0.34 * h, y - 0.3 * h), (x - 0.26 * h, y - 0.26 * h)], 0.014 * h, _HAIR)


def harp(c: Canvas, x: float, y: float, h: float) -> None:
    """A gilded frame with its strings."""
    left, right, top = x - 0.38 * h, x - 0.02 * h, y - 0.95 * h
    for k in range(9):
        t = k / 8
        sx = left + (right - left) * t
        c.line([(sx, top + 0.02 * h + 0.2 * h * math.sin(math.pi * t) * 0.5),
                (sx, y - 0.06 * h - 0.56 * h * t)], 0.007 * h, (246, 240, 226))  # fmt: skip
    c.line([(left, y), (left, top), (left + 0.18 * h, top + 0.12 * h), (right, top + 0.03 * h),
            (right + 0.02 * h, y - 0.62 * h), (left, y)], 0.042 * h, BRASS)  # fmt: skip


def zither(c: Canvas, x: float, y: float, h: float) -> None:
    """A long board of strings across a low stand: koto and dulcimer."""
    board = [(x - 0.52 * h, y - 0.36 * h), (x + 0.42 * h, y - 0.48 * h),
             (x + 0.46 * h, y - 0.38 * h), (x - 0.48 * h, y - 0.24 * h)]  # fmt: skip
    c.polygon(board, VARNISH)
    for k in range(4):
        dy = 0.025 * k * h
        c.line([(x - 0.5 * h, y - 0.35 * h + dy), (x + 0.43 * h, y - 0.47 * h + dy)],
               0.006 * h, (248, 240, 220))  # fmt: skip
    for k in range(5):
        px = x + (-0.3 + 0.15 * k) * h
        c.polygon([(px, y - 0.34 * h - 0.02 * k * h), (px + 0.05 * h, y - 0.34 * h - 0.02 * k * h),
                   (px + 0.025 * h, y - 0.42 * h - 0.02 * k * h)], (250, 246, 236))  # fmt: skip
    for px in (-0.38, 0.34):
        c.line([(x + px * h, y - 0.3 * h), (x + px * h, y)], 0.03 * h, times(VARNISH, 0.6))
