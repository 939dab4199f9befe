"""Colours as three floats of 0 … 255, and the palettes that a picture is graded with."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

Colour = tuple[float, float, float]
Point = tuple[float, float]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return ``a`` moved towards ``b``: 0 is ``a``, 1 is ``b``."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def times(a: Colour, factor: float) -> Colour:
    """Return a darker or lighter colour."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def filtered(a: Colour, light: Colour) -> Colour:
    """Return what a surface looks like in a light of 0 … 1 per channel."""
    return (a[0] * light[0], a[1] * light[1], a[2] * light[2])


def grey(a: Colour) -> float:
    """Return the luminance."""
    return 0.299 * a[0] + 0.587 * a[1] + 0.114 * a[2]


def turned(a: Colour, turn: float) -> Colour:
    """Return a colour with its hue moved by a part of the circle."""
    hue, light, fullness = colorsys.rgb_to_hls(a[0] / 255, a[1] / 255, a[2] / 255)
    red, green, blue = colorsys.hls_to_rgb((hue + turn) % 1.0, light, fullness)
    return (red * 255, green * 255, blue * 255)


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours: the shadows, middle and lights of a picture, and what stands out."""

    shadow: Colour
    middle: Colour
    light: Colour
    accents: tuple[Colour, Colour, Colour]
    strength: float
    """How far the picture is pulled towards it, 0 … 1."""
    fullness: float
    """Saturation: 0 grey, 1 as drawn."""


def _rgb(text: str) -> Colour:
    return (int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16))


def _palette(colours: str, strength: float, fullness: float) -> Palette:
    shadow, middle, light, *accents = (_rgb(word) for word in colours.split())
    return Palette(shadow, middle, light, (accents[0], accents[1], accents[2]), strength, fullness)


PALETTES: dict[str, Palette] = {
    "sunlit": _palette("123a5c 5aa6c8 fff3c4 ffcf33 ff6f3c 2fb7a3", 0.17, 1.3),
    "gold": _palette("2b1705 b8842a fff0b8 ffd24a c8402a 3a5fa0", 0.35, 1.0),
    "rose": _palette("3a1230 c9708c ffe6e0 ff7f9f f2b5a7 8a4fa0", 0.33, 1.0),
    "amber": _palette("1f0f08 a8662c ffdf9e ff9f2e b5442a 4f7a74", 0.37, 0.95),
    "faded": _palette("3a3530 9a8f7c f0e4c8 d98f5c 7f9c8f b56a6a", 0.39, 0.6),
    "ice": _palette("0c2240 6f9ec4 f2fbff a8d8f0 c4b8f0 ffffff", 0.39, 0.7),
    "slate": _palette("10161f 5b6b7c cfd8df 8fa3b5 a6988a 5f7f9c", 0.43, 0.45),
    "noir": _palette("030305 3f4048 d8d6cf c23a32 8f8f95 d8b24a", 0.48, 0.4),
    "blood": _palette("0a0203 6e1418 f0b49a ff2a22 c44a1f 7f0f1a", 0.43, 0.9),
    "ember": _palette("0d0503 8a3512 ffcf7a ff7a1a ffb52e c4261a", 0.39, 1.05),
    "moss": _palette("0a1a10 4f7a46 e4efc4 a4c25a d8b45c 5f9f8f", 0.33, 0.9),
    "spring": _palette("1c3a24 7fb86a fbffe0 ff9fb8 ffe066 8fd0f0", 0.2, 1.15),
    "lagoon": _palette("06304a 2f9fae e6fff4 ffd27a 4fe0c4 ff8f7a", 0.28, 1.15),
    "violet": _palette("120828 6f4aa8 f4dcff c45af0 5a8fff ff9fe0", 0.37, 1.05),
    "neon": _palette("06021a 3f2a8f c4f4ff ff2fb8 22e0ff f0ff3c", 0.31, 1.35),
    "candy": _palette("3a1a6f ff6fa8 fffbd8 ff4f8f 3cc8ff ffe03c", 0.19, 1.4),
    "toxic": _palette("040a06 4f6f2f e0ffb0 a8ff2a 6f3fa0 d8e03c", 0.41, 0.95),
}
