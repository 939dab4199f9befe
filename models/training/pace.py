"""How fast training goes at which time."""

from __future__ import annotations

import math


def pace(fraction: float, step: int) -> float:
    """Warm up over 100 steps, hold, then fall to 2 % along a cosine over the last 60 % of time."""
    warm = min(1.0, (step + 1) / 100)
    late = max(0.0, (min(fraction, 1.0) - 0.4) / 0.6)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * late)))
