"""Mel filters as the published front ends have them: Slaney's scale, triangles of equal area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BREAK_HZ, _BREAK_MEL = 1000.0, 15.0
_HZ_PER_MEL = 200.0 / 3.0
_LOG_STEP = np.log(6.4) / 27.0


def hz_to_mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Slaney's mel (Auditory Toolbox, 1998): linear up to 1 kHz, logarithmic above."""
    above = _BREAK_MEL + np.log(np.maximum(hertz, 1e-9) / _BREAK_HZ) / _LOG_STEP
    return np.where(hertz < _BREAK_HZ, hertz / _HZ_PER_MEL, above)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the frequency in Hz of Slaney's mel."""
    above = _BREAK_HZ * np.exp((mel - _BREAK_MEL) * _LOG_STEP)
    return np.where(mel < _BREAK_MEL, mel * _HZ_PER_MEL, above)


def slaney_filterbank(
    sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> NDArray[np.float64]:
    """Return triangular filters whose area over frequency is 1.

    Args:
        sample_rate: Hz.
        n_fft: Length of the transform, in samples.
        n_mels: Number of filters.
        fmin: Lower corner of the first triangle, in Hz.
        fmax: Upper corner of the last triangle, in Hz.

    Returns:
        (n_mels, n_fft // 2 + 1) float64; multiplies a spectrum from the left.
    """
    limits = hz_to_mel(np.array([fmin, fmax], np.float64))
    corners = mel_to_hz(np.linspace(limits[0], limits[1], n_mels + 2))
    low, peak, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    bins = np.linspace(0.0, sample_rate / 2, n_fft // 2 + 1)
    triangles = np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))
    return np.maximum(triangles, 0.0) * (2.0 / (high - low))
