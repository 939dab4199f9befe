"""A player with an instrument of the music's family, larger than other figures."""

from __future__ import annotations

import math
from collections.abc import Callable

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, Point, mix, times

SKIN: tuple[Colour, ...] = ((232, 190, 160), (198, 142, 104), (140, 94, 66), (92, 62, 48))
_VARNISH: Colour = (178, 98, 48)
_BRASS: Colour = (240, 196, 84)
_BLACK: Colour = (34, 32, 38)


def add_player(c: Canvas, at: Point, height: float) -> None:
    """Draw a player standing at a point, and the instrument of the scene's family."""
    x, y = at
    h = height * 1.3
    if c.scene.instrument == "choir":
        for k in range(5):
            _body(c, (x + (k - 2) * h * 0.3, y), h * 0.85, c.accent(0), robe=True)
        return
    _body(c, (x, y), h, c.accent(1), robe=False)
    _INSTRUMENTS[c.scene.instrument](c, x, y, h)


def _body(c: Canvas, at: Point, h: float, cloth: Colour, robe: bool) -> None:
    x, y = at
    skin = SKIN[c.rng.randrange(4)]
    foot = 0.17 if robe else 0.1
    c.polygon([(x - foot * h, y), (x - 0.11 * h, y - 0.82 * h), (x + 0.11 * h, y - 0.82 * h),
               (x + foot * h, y)], cloth)  # fmt: skip
    if not robe:
        c.polygon([(x - 0.11 * h, y), (x - 0.09 * h, y - 0.45 * h), (x + 0.09 * h, y - 0.45 * h),
                   (x + 0.11 * h, y)], _BLACK)  # fmt: skip
    c.ellipse((x, y - 0.91 * h), (0.07 * h, 0.085 * h), skin)
    c.ellipse((x, y - 0.95 * h), (0.074 * h, 0.055 * h), (52, 38, 32))
    if robe:
        c.ellipse((x, y - 0.875 * h), (0.018 * h, 0.022 * h), (90, 30, 30))


def _arms(c: Canvas, x: float, y: float, h: float, hands: tuple[Point, Point]) -> None:
    for side, hand in zip((-1, 1), hands, strict=True):
        shoulder = (x + side * 0.1 * h, y - 0.77 * h)
        elbow = (x + side * 0.19 * h, y - 0.6 * h)
        c.line(
            [shoulder, elbow, (x + hand[0] * h, y - hand[1] * h)],
            0.06 * h,
            times(c.accent(1), 0.85),
        )


def _guitar(c: Canvas, x: float, y: float, h: float) -> None:
    neck = [(x + 0.02 * h, y - 0.52 * h), (x - 0.42 * h, y - 0.74 * h)]
    c.line(neck, 0.035 * h, (96, 62, 40))
    c.ellipse((x + 0.06 * h, y - 0.5 * h), (0.13 * h, 0.115 * h), _VARNISH)
    c.ellipse((x + 0.17 * h, y - 0.44 * h), (0.15 * h, 0.135 * h), _VARNISH)
    c.ellipse((x + 0.1 * h, y - 0.48 * h), (0.045 * h, 0.042 * h), _BLACK)
    _arms(c, x, y, h, ((-0.27, 0.66), (0.13, 0.46)))


def _violin(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x - 0.02 * h, y - 0.8 * h), (x - 0.36 * h, y - 0.72 * h)], 0.028 * h, (80, 50, 34))
    c.ellipse((x - 0.08 * h, y - 0.79 * h), (0.09 * h, 0.055 * h), _VARNISH)
    c.ellipse((x - 0.18 * h, y - 0.765 * h), (0.07 * h, 0.048 * h), _VARNISH)
    _arms(c, x, y, h, ((-0.32, 0.73), (0.14, 0.68)))
    c.line([(x + 0.18 * h, y - 0.58 * h), (x - 0.22 * h, y - 0.98 * h)], 0.014 * h, (240, 226, 200))


def _cello(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x + 0.02 * h, y - 0.3 * h), (x - 0.12 * h, y - 0.92 * h)], 0.035 * h, (80, 50, 34))
    for dy, size in ((0.2, 0.19), (0.38, 0.15)):
        c.ellipse((x + 0.04 * h - dy * 0.1 * h, y - dy * h), (size * h, size * 0.95 * h), _VARNISH)
    _arms(c, x, y, h, ((-0.1, 0.72), (0.2, 0.34)))
    c.line([(x + 0.34 * h, y - 0.3 * h), (x - 0.26 * h, y - 0.26 * h)], 0.014 * h, (240, 226, 200))


def _harp(c: Canvas, x: float, y: float, h: float) -> None:
    left, right, top = x - 0.38 * h, x - 0.02 * h, y - 0.95 * h
    for k in range(9):
        t = k / 8
        sx = left + (right - left) * t
        c.line([(sx, top + 0.02 * h + 0.2 * h * math.sin(math.pi * t) * 0.5),
                (sx, y - 0.06 * h - 0.56 * h * t)], 0.007 * h, (246, 240, 226))  # fmt: skip
    c.line([(left, y), (left, top), (left + 0.18 * h, top + 0.12 * h), (right, top + 0.03 * h),
            (right + 0.02 * h, y - 0.62 * h), (left, y)], 0.042 * h, _BRASS)  # fmt: skip
    _arms(c, x, y, h, ((-0.2, 0.62), (-0.1, 0.5)))


def _horn(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x - 0.03 * h, y - 0.86 * h), (x - 0.4 * h, y - 0.8 * h)], 0.045 * h, _BRASS)
    c.polygon([(x - 0.32 * h, y - 0.815 * h), (x - 0.5 * h, y - 0.93 * h),
               (x - 0.5 * h, y - 0.65 * h)], _BRASS)  # fmt: skip
    c.line([(x - 0.1 * h, y - 0.84 * h), (x - 0.12 * h, y - 0.72 * h), (x - 0.26 * h, y - 0.7 * h),
            (x - 0.26 * h, y - 0.81 * h)], 0.03 * h, times(_BRASS, 0.8))  # fmt: skip
    _arms(c, x, y, h, ((-0.2, 0.74), (-0.12, 0.72)))


def _pipe(c: Canvas, x: float, y: float, h: float) -> None:
    c.line([(x - 0.02 * h, y - 0.86 * h), (x - 0.3 * h, y - 0.5 * h)], 0.045 * h, (66, 44, 34))
    holes = [(x - 0.06 * h, y - 0.81 * h), (x - 0.26 * h, y - 0.55 * h)]
    c.line(holes, 0.014 * h, (222, 214, 196))
    _arms(c, x, y, h, ((-0.2, 0.64), (-0.12, 0.72)))


def _piano(c: Canvas, x: float, y: float, h: float) -> None:
    left, right, top = x - 0.78 * h, x - 0.1 * h, y - 0.44 * h
    lid = [(left, top - 0.02 * h), (left + 0.04 * h, y - 0.95 * h)]
    c.polygon([*lid, (x - 0.26 * h, y - 0.78 * h), (right, top - 0.02 * h)], times(_BLACK, 1.4))
    c.rect((left, top - 0.03 * h, right, top + 0.13 * h), _BLACK)
    for k in (left + 0.06 * h, right - 0.06 * h):
        c.line([(k, top), (k, y)], 0.045 * h, _BLACK)
    c.rect((x - 0.26 * h, top, right + 0.03 * h, top + 0.05 * h), (248, 246, 240))
    for k in range(4):
        key = x - 0.24 * h + 0.045 * h * k
        c.rect((key, top, key + 0.018 * h, top + 0.028 * h), (20, 20, 24))
    _arms(c, x, y, h, ((-0.2, 0.48), (-0.12, 0.47)))


def _mallets(c: Canvas, x: float, y: float, h: float) -> None:
    for k in range(9):
        left = x - 0.44 * h + 0.1 * h * k
        tone = mix(c.accent(k), _VARNISH, 0.35)
        low = 0.3 + 0.016 * (8 - k)
        c.rect((left, y - 0.42 * h, left + 0.075 * h, y - low * h), tone)
    for side in (-0.42, 0.42):
        c.line([(x + side * h, y - 0.36 * h), (x + side * h, y)], 0.03 * h, _BLACK)
    _arms(c, x, y, h, ((-0.22, 0.56), (0.22, 0.56)))
    for side in (-1, 1):
        tip = (x + side * 0.12 * h, y - 0.44 * h)
        c.line([(x + side * 0.22 * h, y - 0.56 * h), tip], 0.013 * h, (236, 226, 206))
        c.ellipse(tip, (0.024 * h, 0.024 * h), c.accent(0))


def _synth(c: Canvas, x: float, y: float, h: float) -> None:
    top = y - 0.52 * h
    for side in (-1, 1):
        c.line([(x - side * 0.3 * h, top), (x + side * 0.26 * h, y)], 0.03 * h, (90, 90, 100))
    c.rect((x - 0.42 * h, top - 0.06 * h, x + 0.42 * h, top + 0.06 * h), _BLACK)
    keys = [(x - 0.39 * h, top + 0.01 * h), (x + 0.39 * h, top + 0.01 * h),
            (x + 0.39 * h, top + 0.05 * h), (x - 0.39 * h, top + 0.05 * h)]  # fmt: skip
    c.shine(keys, mix(c.accent(0), (255, 255, 255), 0.5), 0.7)
    for k in range(7):
        c.lamp((x - 0.33 * h + 0.11 * h * k, top - 0.03 * h), 0.014 * h, c.accent(k), 4.0)
    _arms(c, x, y, h, ((-0.16, 0.52), (0.16, 0.52)))


def _accordion(c: Canvas, x: float, y: float, h: float) -> None:
    for k in range(7):
        left = x - 0.21 * h + 0.06 * h * k
        c.rect((left, y - (0.7 + 0.01 * (k % 2)) * h, left + 0.05 * h, y - 0.44 * h),
               _BLACK if k % 2 else (200, 50, 46))  # fmt: skip
    for side in (-1, 1):
        edge = x + side * 0.23 * h
        c.rect((edge - 0.045 * h, y - 0.73 * h, edge + 0.045 * h, y - 0.42 * h), (236, 228, 212))
    _arms(c, x, y, h, ((-0.25, 0.55), (0.25, 0.55)))


_INSTRUMENTS: dict[str, Callable[[Canvas, float, float, float], None]] = {
    "guitar": _guitar,
    "violin": _violin,
    "cello": _cello,
    "harp": _harp,
    "horn": _horn,
    "pipe": _pipe,
    "piano": _piano,
    "mallets": _mallets,
    "synth": _synth,
    "accordion": _accordion,
}
