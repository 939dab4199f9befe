"""Smooth noise from a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def smooth_noise(
    seed: int, shape: tuple[int, int], cells: int, octaves: int = 1
) -> NDArray[np.float32]:
    """Return (H, W) noise of about -1 … 1.

    Args:
        seed: Chooses it.
        shape: Height and width.
        cells: Bumps along the height in the first octave; each further one has twice as many.
        octaves: How many are added, each half as strong.
    """
    rng = np.random.default_rng(seed)
    height, width = shape
    total = np.zeros(shape, dtype=np.float32)
    for octave in range(octaves):
        rows = cells * 2**octave + 2
        columns = max(2, round(rows * width / height))
        coarse = rng.uniform(-1.0, 1.0, (rows, columns)).astype(np.float32)
        fine = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(fine, dtype=np.float32) * np.float32(0.5**octave)
    return total
