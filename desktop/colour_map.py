"""A colour map whose steps look even, made in OKLab (Ottosson, 2020)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

STEPS = 256

_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@lru_cache(maxsize=4)
def heat_map(background: str, dark: bool) -> NDArray[np.uint8]:
    """Return the colours from silence, which is ``background``, to the loudest.

    Lightness moves in even steps: up in a dark window, down in a light one, so that louder always
    stands out more and the map reads the same without colour.

    Args:
        background: ``#rrggbb``.
        dark: Whether louder is lighter.

    Returns:
        (256, 3) uint8 sRGB.
    """
    first = oklab(np.array([[int(background[i : i + 2], 16) for i in (1, 3, 5)]], np.uint8))[0]
    share = np.linspace(0.0, 1.0, STEPS)
    lightness = first[0] + ((0.95 if dark else 0.22) - first[0]) * share
    # From the accent's green over blue and violet to a warm end.
    hue = np.deg2rad(np.interp(share, [0, 0.35, 0.7, 1], [185, 250, 330, 420 if dark else 370]))
    chroma = (0.15 if dark else 0.12) * np.sin(np.pi * np.clip(share * 0.92, 0, 1)) ** 1.2
    tint = np.minimum(share / 0.1, 1.0)
    a = chroma * np.cos(hue) * tint + first[1] * (1 - tint)
    b = chroma * np.sin(hue) * tint + first[2] * (1 - tint)
    return _in_gamut(lightness, a, b)


def oklab(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (n, 3) lightness, a and b of (n, 3) uint8 sRGB colours."""
    srgb = colours / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lms: NDArray[np.float64] = np.linalg.solve(_RGB, linear.T)
    lab: NDArray[np.float64] = np.linalg.solve(_LMS, np.cbrt(lms)).T
    return lab


def _in_gamut(
    lightness: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Give up as much colour as the screen can't show, and none of the lightness."""
    keep = np.ones_like(lightness)
    for _ in range(40):
        linear = _linear(lightness, a * keep, b * keep)
        outside = (linear < -1e-4).any(0) | (linear > 1.0 + 1e-4).any(0)
        if not outside.any():
            break
        keep = np.where(outside, keep * 0.93, keep)
    linear = np.clip(_linear(lightness, a * keep, b * keep), 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    colours: NDArray[np.uint8] = np.rint(srgb.T * 255).astype(np.uint8)
    return colours


def _linear(
    lightness: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]
) -> NDArray[np.float64]:
    linear: NDArray[np.float64] = _RGB @ (_LMS @ np.stack([lightness, a, b])) ** 3
    return linear
