"""Bring a sound to the length that the CLMP audio tower listens to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fit_length(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Repeat a short sound as often as it fits whole, then pad with silence; cut a long one.

    A long sound keeps its beginning, so that the same file always gives the same embedding.
    (AudioLDM cuts at random, which makes its ranking of candidates differ from call to call.)

    Args:
        samples: (N,) float32, N at least 1. Not modified.
        length: Samples wanted.

    Returns:
        (length,) float32.

    Raises:
        ValueError: There are no samples, or more than one axis.
    """
    if samples.ndim != 1 or not samples.size:
        raise ValueError(f"expected (N,) samples with N of at least 1, got {samples.shape}")
    if len(samples) >= length:
        return samples[:length]
    repeated = np.tile(samples, length // len(samples))
    return np.pad(repeated, (0, length - len(repeated)))
