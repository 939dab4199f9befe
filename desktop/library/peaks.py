"""The outline of a waveform, small enough for a list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLUMNS = 128


def outline(samples: NDArray[np.float32]) -> bytes:
    """Return the largest magnitude in each of ``COLUMNS`` even parts of a clip.

    Args:
        samples: (A, N) float32 in [-1, 1].

    Returns:
        ``COLUMNS`` bytes, 255 for full scale.
    """
    count = samples.shape[1]
    if count == 0:
        return bytes(COLUMNS)
    loud = np.abs(samples).max(axis=0)
    # A clip of fewer samples than columns repeats some; a part is never empty.
    begins = np.minimum(np.arange(COLUMNS) * count // COLUMNS, count - 1)
    levels = np.maximum.reduceat(loud, begins)
    return bytes(np.round(np.clip(np.nan_to_num(levels), 0.0, 1.0) * 255).astype(np.uint8))
