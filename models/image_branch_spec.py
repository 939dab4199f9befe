"""How a picture becomes keys and values; training and runtime follow the same path."""

from __future__ import annotations

SIDE = 64
"""Pixels of the image branch's square pictures."""
PICTURE_SIDE = 2 * SIDE
"""Pixels of the square that a picture is brought to first, as for the picture tower."""
PATCH = 8
TOKENS = (SIDE // PATCH) ** 2
INVERSION_STEPS = 4
"""Euler steps from the picture (time 0) towards noise."""
INVERSION_END = 0.5
"""Time at which the inversion stops; keys and values are those of its last step."""


def inversion_times() -> tuple[float, ...]:
    """Return the times from 0 to ``INVERSION_END``, one more than there are steps."""
    return tuple(INVERSION_END * i / INVERSION_STEPS for i in range(INVERSION_STEPS + 1))
