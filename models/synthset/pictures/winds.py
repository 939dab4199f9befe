"""Instruments that are blown, as a player holds them or as they stand alone."""

from __future__ import annotations

from descant.models.synthset.pictures.canvas import Canvas
from descant.models.synthset.pictures.colour import Colour, times
from descant.models.synthset.pictures.strings import BLACK, BRASS

_SILVER: Colour = (214, 222, 232)
_REED: Colour = (206, 160, 88)


def trumpet(c: Canvas, x: float, y: float, h: float) -> None:
    """Straight ahead, with valves and a bell."""
    c.line([(x - 0.03 * h, y - 0.86 * h), (x - 0.4 * h, y - 0.8 * h)], 0.045 * h, BRASS)
    c.polygon([(x - 0.32 * h, y - 0.815 * h), (x - 0.5 * h, y - 0.93 * h),
               (x - 0.5 * h, y - 0.65 * h)], BRASS)  # fmt: skip
    c.line([(x - 0.1 * h, y - 0.84 * h), (x - 0.12 * h, y - 0.72 * h), (x - 0.26 * h, y - 0.7 * h),
            (x - 0.26 * h, y - 0.81 * h)], 0.03 * h, times(BRASS, 0.8))  # fmt: skip
    for k in range(3):
        px = x - (0.15 + 0.045 * k) * h
        c.line([(px, y - 0.9 * h), (px, y - 0.8 * h)], 0.022 * h, _SILVER)


def trombone(c: Canvas, x: float, y: float, h: float) -> None:
    """A slide far out to one side, the bell over the shoulder's height."""
    for dy in (0.0, 0.1):
        c.line([(x - 0.02 * h, y - (0.86 - dy) * h), (x - 0.66 * h, y - (0.74 - dy) * h)],
               0.024 * h, BRASS)  # fmt: skip
    c.line([(x - 0.66 * h, y - 0.74 * h), (x - 0.66 * h, y - 0.63 * h)], 0.026 * h, BRASS)
    c.line([(x + 0.02 * h, y - 0.76 * h), (x + 0.22 * h, y - 0.82 * h),
            (x + 0.22 * h, y - 0.98 * h),
            (x - 0.12 * h, y - 1.0 * h)], 0.03 * h, times(BRASS, 0.85))  # fmt: skip
    c.polygon([(x - 0.06 * h, y - 1.0 * h), (x - 0.28 * h, y - 1.13 * h),
               (x - 0.28 * h, y - 0.88 * h)], BRASS)  # fmt: skip


def french_horn(c: Canvas, x: float, y: float, h: float) -> None:
    """A coil, and a wide bell at the hip."""
    at = (x - 0.14 * h, y - 0.6 * h)
    c.ellipse(at, (0.19 * h, 0.18 * h), BRASS)
    c.ellipse(at, (0.14 * h, 0.13 * h), times(BRASS, 0.45))
    c.ellipse(at, (0.1 * h, 0.09 * h), BRASS)
    c.ellipse(at, (0.06 * h, 0.05 * h), times(BRASS, 0.45))
    c.line([(x - 0.02 * h, y - 0.86 * h), (x - 0.12 * h, y - 0.74 * h)], 0.03 * h, BRASS)
    c.ellipse((x + 0.1 * h, y - 0.46 * h), (0.16 * h, 0.15 * h), BRASS)
    c.ellipse((x + 0.11 * h, y - 0.45 * h), (0.1 * h, 0.09 * h), times(BRASS, 0.35))


def saxophone(c: Canvas, x: float, y: float, h: float) -> None:
    """Down and up again, like a pipe for smoking."""
    c.line([(x - 0.02 * h, y - 0.86 * h), (x - 0.12 * h, y - 0.88 * h),
            (x - 0.15 * h, y - 0.8 * h)],
           0.026 * h, times(BRASS, 0.8))  # fmt: skip
    c.line([(x - 0.15 * h, y - 0.8 * h), (x - 0.2 * h, y - 0.34 * h), (x - 0.3 * h, y - 0.29 * h),
            (x - 0.38 * h, y - 0.36 * h), (x - 0.38 * h, y - 0.5 * h)],
              0.07 * h, BRASS)  # fmt: skip
    c.polygon([(x - 0.34 * h, y - 0.44 * h), (x - 0.28 * h, y - 0.62 * h),
               (x - 0.5 * h, y - 0.62 * h), (x - 0.42 * h, y - 0.44 * h)], BRASS)  # fmt: skip
    c.ellipse((x - 0.39 * h, y - 0.62 * h), (0.11 * h, 0.03 * h), times(BRASS, 0.4))
    for k in range(4):
        c.ellipse((x - (0.14 + 0.012 * k) * h, y - (0.72 - 0.09 * k) * h), (0.024 * h, 0.024 * h),
                  (250, 236, 190))  # fmt: skip


def flute(c: Canvas, x: float, y: float, h: float) -> None:
    """A silver line to the side."""
    c.line([(x + 0.06 * h, y - 0.86 * h), (x - 0.52 * h, y - 0.82 * h)], 0.034 * h, _SILVER)
    for k in range(5):
        c.ellipse((x - (0.16 + 0.07 * k) * h, y - (0.85 - 0.005 * k) * h), (0.012 * h, 0.012 * h),
                  BLACK)  # fmt: skip


def clarinet(c: Canvas, x: float, y: float, h: float) -> None:
    """Black, held down, with a little bell: clarinet and oboe."""
    c.line([(x - 0.02 * h, y - 0.86 * h), (x - 0.26 * h, y - 0.44 * h)], 0.045 * h, BLACK)
    c.polygon([(x - 0.22 * h, y - 0.47 * h), (x - 0.36 * h, y - 0.38 * h),
               (x - 0.24 * h, y - 0.32 * h)], BLACK)  # fmt: skip
    for k in range(5):
        c.ellipse((x - (0.07 + 0.036 * k) * h, y - (0.78 - 0.063 * k) * h), (0.013 * h, 0.013 * h),
                  _SILVER)  # fmt: skip


def whistle(c: Canvas, x: float, y: float, h: float) -> None:
    """A short bright pipe."""
    c.line([(x - 0.02 * h, y - 0.86 * h), (x - 0.17 * h, y - 0.58 * h)], 0.034 * h, BRASS)
    c.line([(x - 0.02 * h, y - 0.87 * h), (x - 0.05 * h, y - 0.81 * h)], 0.044 * h, (60, 150, 90))


def pan_flute(c: Canvas, x: float, y: float, h: float) -> None:
    """Pipes side by side, each shorter than the last."""
    for k in range(8):
        px = x + (-0.17 + 0.042 * k) * h
        c.rect((px, y - 0.84 * h, px + 0.034 * h, y - (0.5 + 0.032 * k) * h), _REED)
    c.line([(x - 0.18 * h, y - 0.72 * h), (x + 0.17 * h, y - 0.74 * h)], 0.024 * h, (150, 60, 40))


def harmonica(c: Canvas, x: float, y: float, h: float) -> None:
    """A bright block before the mouth."""
    c.rect((x - 0.13 * h, y - 0.9 * h, x + 0.11 * h, y - 0.83 * h), _SILVER)
    c.rect((x - 0.13 * h, y - 0.875 * h, x + 0.11 * h, y - 0.855 * h), (150, 40, 40))


def bagpipes(c: Canvas, x: float, y: float, h: float) -> None:
    """A tartan bag under the arm, drones over the shoulder."""
    c.ellipse((x + 0.12 * h, y - 0.6 * h), (0.19 * h, 0.13 * h), (150, 34, 40))
    for k in range(3):
        dx = 0.08 * k
        c.line([(x + (0.02 + dx) * h, y - 0.58 * h), (x + (0.02 + dx) * h, y - 0.49 * h)],
               0.02 * h, (28, 70, 50))  # fmt: skip
        c.line([(x + (0.1 + dx) * h, y - 0.7 * h), (x + (0.16 + 1.6 * dx) * h, y - 1.14 * h)],
               0.026 * h, BLACK)  # fmt: skip
        c.ellipse((x + (0.16 + 1.6 * dx) * h, y - 1.14 * h), (0.022 * h, 0.03 * h), (248, 244, 230))
    c.line([(x - 0.01 * h, y - 0.86 * h), (x + 0.04 * h, y - 0.68 * h)], 0.022 * h, BLACK)
    c.line([(x - 0.02 * h, y - 0.56 * h), (x - 0.12 * h, y - 0.3 * h)], 0.03 * h, BLACK)
