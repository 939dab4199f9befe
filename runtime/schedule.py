"""Noise levels of the flow: from 1, noise, down to 0, music."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def flow_times(steps: int, shift: float = 1.0) -> NDArray[np.float32]:
    """Return the times between which the solver steps.

    Args:
        steps: Solver steps, at least 1.
        shift: Above 1, more of the steps are spent where noise prevails (Esser et al. 2024,
            eq. 23).

    Returns:
        (steps + 1,) float32, decreasing from 1 to 0.
    """
    if steps < 1 or not shift > 0:
        raise ValueError(f"steps must be at least 1 and shift above 0, got {steps} and {shift}")
    even = np.linspace(1.0, 0.0, steps + 1)
    return (shift * even / (1.0 + (shift - 1.0) * even)).astype(np.float32)
