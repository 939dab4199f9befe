"""Instruments with keys, bars and reeds, as a player stands at them or as they stand alone."""

from __future__ import annotations

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, mix, times
from descant.models.synthset.pictures.strings import BLACK, VARNISH

_IVORY: Colour = (248, 246, 240)


def piano(c: Canvas, x: float, y: float, h: float) -> None:
    """A wing with its lid up."""
    left, right, top = x - 0.78 * h, x - 0.1 * h, y - 0.44 * h
    lid = [(left, top - 0.02 * h), (left + 0.04 * h, y - 0.95 * h)]
    c.polygon([*lid, (x - 0.26 * h, y - 0.78 * h), (right, top - 0.02 * h)], times(BLACK, 1.4))
    c.rect((left, top - 0.03 * h, right, top + 0.13 * h), BLACK)
    for k in (left + 0.06 * h, right - 0.06 * h):
        c.line([(k, top), (k, y)], 0.045 * h, BLACK)
    c.rect((x - 0.26 * h, top, right + 0.03 * h, top + 0.05 * h), (248, 246, 240))
    for k in range(4):
        key = x - 0.24 * h + 0.045 * h * k
        c.rect((key, top, key + 0.018 * h, top + 0.028 * h), (20, 20, 24))


def mallets(c: Canvas, x: float, y: float, h: float) -> None:
    """Bars on a frame, and two mallets."""
    for k in range(9):
        left = x - 0.44 * h + 0.1 * h * k
        tone = mix(c.accent(k), VARNISH, 0.35)
        low = 0.3 + 0.016 * (8 - k)
        c.rect((left, y - 0.42 * h, left + 0.075 * h, y - low * h), tone)
    for side in (-0.42, 0.42):
        c.line([(x + side * h, y - 0.36 * h), (x + side * h, y)], 0.03 * h, BLACK)
    for side in (-1, 1):
        tip = (x + side * 0.12 * h, y - 0.44 * h)
        c.line([(x + side * 0.22 * h, y - 0.56 * h), tip], 0.013 * h, (236, 226, 206))
        c.ellipse(tip, (0.024 * h, 0.024 * h), c.accent(0))


def synth(c: Canvas, x: float, y: float, h: float) -> None:
    """A board of lit keys and lamps on a stand of two crossed legs."""
    top = y - 0.52 * h
    for side in (-1, 1):
        c.line([(x - side * 0.3 * h, top), (x + side * 0.26 * h, y)], 0.03 * h, (90, 90, 100))
    c.rect((x - 0.42 * h, top - 0.06 * h, x + 0.42 * h, top + 0.06 * h), BLACK)
    keys = [(x - 0.39 * h, top + 0.01 * h), (x + 0.39 * h, top + 0.01 * h),
            (x + 0.39 * h, top + 0.05 * h), (x - 0.39 * h, top + 0.05 * h)]  # fmt: skip
    c.shine(keys, mix(c.accent(0), (255, 255, 255), 0.5), 0.7)
    for k in range(7):
        c.lamp((x - 0.33 * h + 0.11 * h * k, top - 0.03 * h), 0.014 * h, c.accent(k), 4.0)


def accordion(c: Canvas, x: float, y: float, h: float) -> None:
    """Bellows before the chest."""
    for k in range(7):
        left = x - 0.21 * h + 0.06 * h * k
        c.rect((left, y - (0.7 + 0.01 * (k % 2)) * h, left + 0.05 * h, y - 0.44 * h),
               BLACK if k % 2 else (200, 50, 46))  # fmt: skip
    for side in (-1, 1):
        edge = x + side * 0.23 * h
        c.rect((edge - 0.045 * h, y - 0.73 * h, edge + 0.045 * h, y - 0.42 * h), (236, 228, 212))


def electric_piano(c: Canvas, x: float, y: float, h: float) -> None:
    """A flat case on thin legs, white keys in front."""
    top = y - 0.5 * h
    for side in (-1, 1):
        c.line([(x + side * 0.3 * h, top), (x + side * 0.38 * h, y)], 0.022 * h, (150, 150, 160))
    c.rect((x - 0.44 * h, top - 0.1 * h, x + 0.44 * h, top + 0.04 * h), (52, 40, 40))
    c.rect((x - 0.4 * h, top - 0.005 * h, x + 0.4 * h, top + 0.035 * h), _IVORY)
    for k in range(14):
        if k % 7 not in (2, 6):
            px = x + (-0.375 + 0.055 * k) * h
            c.rect((px, top - 0.005 * h, px + 0.025 * h, top + 0.018 * h), BLACK)


def organ(c: Canvas, x: float, y: float, h: float) -> None:
    """A wall of pipes over two manuals."""
    for k in range(11):
        px = x + (-0.5 + 0.093 * k) * h
        tall = 1.28 - 0.06 * abs(k - 5)
        c.rect((px, y - tall * h, px + 0.075 * h, y - 0.62 * h), (214, 190, 130))
        c.polygon([(px + 0.015 * h, y - 0.72 * h), (px + 0.06 * h, y - 0.72 * h),
                   (px + 0.0375 * h, y - 0.66 * h)], BLACK)  # fmt: skip
    c.rect((x - 0.54 * h, y - 0.64 * h, x + 0.54 * h, y - 0.18 * h), (92, 56, 34))
    for row in range(2):
        top = y - (0.5 - 0.09 * row) * h
        c.rect((x - 0.34 * h, top, x + 0.34 * h, top + 0.05 * h), _IVORY)
        for k in range(9):
            px = x + (-0.31 + 0.07 * k) * h
            c.rect((px, top, px + 0.025 * h, top + 0.025 * h), BLACK)


def harpsichord(c: Canvas, x: float, y: float, h: float) -> None:
    """A gilded wing on turned legs, its lid painted."""
    left, right, top = x - 0.8 * h, x - 0.06 * h, y - 0.46 * h
    c.polygon([(left, top), (left + 0.06 * h, y - 0.92 * h), (x - 0.3 * h, y - 0.84 * h),
               (right, top)], (70, 120, 110))  # fmt: skip
    c.rect((left, top, right, top + 0.13 * h), (206, 166, 84))
    c.rect((left + 0.03 * h, top + 0.03 * h, right - 0.03 * h, top + 0.09 * h), (120, 30, 40))
    for px in (left + 0.06 * h, (left + right) / 2, right - 0.06 * h):
        c.line([(px, top + 0.13 * h), (px, y)], 0.028 * h, (206, 166, 84))
    c.rect((x - 0.26 * h, top, right + 0.02 * h, top + 0.05 * h), BLACK)


def music_box(c: Canvas, x: float, y: float, h: float) -> None:
    """A small open chest with a dancer on it and a crank."""
    c.rect((x - 0.24 * h, y - 0.52 * h, x + 0.24 * h, y - 0.26 * h), (190, 74, 96))
    c.polygon([(x - 0.24 * h, y - 0.52 * h), (x - 0.2 * h, y - 0.8 * h),
               (x + 0.28 * h, y - 0.8 * h),
               (x + 0.24 * h, y - 0.52 * h)], (120, 44, 66))  # fmt: skip
    c.polygon([(x, y - 0.7 * h), (x - 0.08 * h, y - 0.57 * h), (x + 0.08 * h, y - 0.57 * h)],
              (250, 230, 236))  # fmt: skip
    c.ellipse((x, y - 0.73 * h), (0.026 * h, 0.03 * h), (238, 200, 170))
    c.line([(x + 0.24 * h, y - 0.4 * h), (x + 0.36 * h, y - 0.4 * h), (x + 0.36 * h, y - 0.5 * h)],
           0.022 * h, (236, 200, 100))  # fmt: skip


def kalimba(c: Canvas, x: float, y: float, h: float) -> None:
    """A small board with tongues of metal, in both hands."""
    c.polygon([(x - 0.17 * h, y - 0.72 * h), (x + 0.17 * h, y - 0.72 * h),
               (x + 0.13 * h, y - 0.42 * h), (x - 0.13 * h, y - 0.42 * h)], VARNISH)  # fmt: skip
    for k in range(7):
        px = x + (-0.12 + 0.04 * k) * h
        low = 0.5 + 0.025 * abs(k - 3)
        c.line([(px, y - 0.68 * h), (px, y - low * h)], 0.016 * h, (226, 230, 236))
    c.ellipse((x, y - 0.46 * h), (0.03 * h, 0.03 * h), BLACK)


def steel_drum(c: Canvas, x: float, y: float, h: float) -> None:
    """A shining bowl on a stand, with two sticks."""
    for side in (-1, 1):
        c.line([(x - 0.1 * h + side * 0.2 * h, y - 0.4 * h), (x - 0.1 * h + side * 0.26 * h, y)],
               0.022 * h, BLACK)  # fmt: skip
    c.rect((x - 0.42 * h, y - 0.5 * h, x + 0.22 * h, y - 0.3 * h), (120, 128, 140))
    c.ellipse((x - 0.1 * h, y - 0.5 * h), (0.32 * h, 0.1 * h), (206, 214, 226))
    for k in range(6):
        px = x + (-0.32 + 0.09 * k) * h
        c.ellipse((px, y - (0.5 + 0.03 * (k % 2)) * h), (0.045 * h, 0.025 * h), (150, 158, 172))
    for side in (-1, 1):
        c.line([(x + (-0.1 + side * 0.2) * h, y - 0.66 * h), (x + (-0.1 + side * 0.08) * h,
                y - 0.52 * h)], 0.014 * h, times(VARNISH, 1.2))  # fmt: skip


def glockenspiel(c: Canvas, x: float, y: float, h: float) -> None:
    """Bright bars in a case, and two thin mallets: glockenspiel and celesta."""
    c.polygon([(x - 0.44 * h, y - 0.3 * h), (x - 0.36 * h, y - 0.54 * h),
               (x + 0.36 * h, y - 0.54 * h), (x + 0.44 * h, y - 0.3 * h)],
              (60, 72, 130))  # fmt: skip
    for k in range(10):
        px = x + (-0.34 + 0.07 * k) * h
        reach = 0.09 - 0.005 * k
        c.rect(
            (px, y - (0.42 + reach) * h, px + 0.045 * h, y - (0.42 - reach) * h), (228, 236, 248)
        )
    for side in (-1, 1):
        c.line([(x + side * 0.22 * h, y - 0.62 * h), (x + side * 0.1 * h, y - 0.46 * h)],
               0.012 * h, (240, 226, 200))  # fmt: skip
