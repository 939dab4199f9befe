"""Change of sample rate by a windowed sinc (Smith, "Digital Audio Resampling", 2002).

The window is cos^2 over six zero crossings of a low pass at 0.99 of the lower Nyquist frequency:
the defaults of torchaudio, which the published models were trained behind.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

ZERO_CROSSINGS = 6
"""Of the sinc, to either side."""
ROLLOFF = 0.99
"""Cut-off over the lower of the two Nyquist frequencies."""
BLOCK = 1 << 21
"""Input samples gathered per pass and channel; bounds the memory."""


def resample(
    samples: NDArray[np.float32], sample_rate: int, new_sample_rate: int
) -> NDArray[np.float32]:
    """Resample along the last axis; the first sample keeps its place.

    Args:
        samples: (..., N) float32. Beyond its ends there is silence.
        sample_rate: Hz.
        new_sample_rate: Hz.

    Returns:
        (..., ceil(N * new_sample_rate / sample_rate)) float32.

    Raises:
        ValueError: A rate is below 1 Hz.
    """
    if min(sample_rate, new_sample_rate) < 1:
        raise ValueError(f"rates must be at least 1 Hz, got {sample_rate} and {new_sample_rate}")
    if sample_rate == new_sample_rate or not samples.size:
        return samples.astype(np.float32)
    common = math.gcd(sample_rate, new_sample_rate)
    old, new = sample_rate // common, new_sample_rate // common
    filters = _filters(old, new)
    taps = filters.shape[1]
    half = taps // 2
    count = -(-new * samples.shape[-1] // old)
    edges = [(0, 0)] * (samples.ndim - 1) + [(half, half)]
    padded = np.pad(samples.astype(np.float32, copy=False), edges)
    windows = np.lib.stride_tricks.sliding_window_view(padded, taps, axis=-1)
    out = np.empty((*samples.shape[:-1], count), np.float32)
    step = max(BLOCK // taps, 1)
    for begin in range(0, count, step):
        index = np.arange(begin, min(begin + step, count))
        near = windows[..., index * old // new, :]  # (..., n, taps)
        out[..., index] = np.einsum("...nk,nk->...n", near, filters[index % new])
    return out


def _filters(old: int, new: int) -> NDArray[np.float32]:
    """(new, taps) float32: one filter per place that an output can have between two inputs.

    Tap ``half`` of a row lies on the last input at or before the output.
    """
    cutoff = min(old, new) * ROLLOFF  # in cycles per old * new output places, twice
    half = math.ceil(ZERO_CROSSINGS * old / cutoff) + 1
    offset = np.arange(-half, half + 1)  # inputs from the last one at or before the output
    place = (np.arange(new) * old % new) / new
    crossings = np.clip((offset - place[:, None]) / old * cutoff, -ZERO_CROSSINGS, ZERO_CROSSINGS)
    window = np.cos(crossings * np.pi / ZERO_CROSSINGS / 2) ** 2
    filters: NDArray[np.float32] = (np.sinc(crossings) * window * cutoff / old).astype(np.float32)
    return filters
