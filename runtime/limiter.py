"""A look-ahead limiter: no true peak above −1 dBFS, and nothing else changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.runtime.pieces import Piece, Pieces, drain
from descant.runtime.true_peak import finding_peak, peak_envelope, spans

FloatArray = NDArray[np.float32]

MAX_TRUE_PEAK_DB = -1.0
CEILING = float(10 ** (-1.25 / 20))
"""Below the promised peak: rounding to 16 bits and the 4x estimate cost up to 0.1 dB."""
_LOOK_AHEAD_SECONDS = 0.015


def limit_peaks(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Round off peaks of (A, N) samples above −1 dBFS, in place; leave all else as loud."""
    envelope = drain(peak_envelope(samples))
    if float(envelope.max(initial=0.0)) <= CEILING:
        return samples
    samples *= drain(limiter_gain(envelope, 1.0, sample_rate))
    return drain(below(samples))


def below(samples: FloatArray) -> Pieces[FloatArray]:
    """Scale down by the last hundredths of a decibel that a limiter's moving gain can leave."""
    ceiling = 10 ** ((MAX_TRUE_PEAK_DB - 0.1) / 20)
    peak = yield from finding_peak(samples)
    return samples * np.float32(ceiling / peak) if peak > ceiling else samples


def limiter_gain(envelope: FloatArray, gain: float, sample_rate: int) -> Pieces[FloatArray]:
    """(N,) ``gain``, less where ``envelope`` would pass the ceiling.

    The minimum over a window, then the mean over the same window: never above what a peak needs,
    and as smooth as the window is long, before and after the peak alike.
    """
    half = int(_LOOK_AHEAD_SECONDS * sample_rate)
    curve = np.empty_like(envelope)
    for begin, end in spans(len(envelope)):
        yield Piece("limiter", end - begin)
        first, last = max(begin - 2 * half, 0), min(end + 2 * half, len(envelope))
        part = envelope[first:last] * np.float32(gain)
        needed = np.minimum(1.0, CEILING / np.maximum(part, 1e-9)).astype(np.float32)
        held = _sliding_minimum(needed, half)
        padded = np.pad(held, half, mode="edge").astype(np.float64)
        total = np.concatenate([[0.0], np.cumsum(padded)])
        width = 2 * half + 1
        smooth = (total[width:] - total[:-width]) / width
        curve[begin:end] = smooth[begin - first : end - first]
    curve *= np.float32(gain)
    return curve


def _sliding_minimum(values: FloatArray, half: int) -> FloatArray:
    """(N,) minimum over the ``2 * half + 1`` samples around each; doubling spans, O(N log half)."""
    width = 2 * half + 1
    low = np.pad(values, half, mode="edge")
    span = 1
    while span * 2 <= width:
        low = np.minimum(low[:-span], low[span:])
        span *= 2
    rest = width - span
    return np.minimum(low[: len(low) - rest], low[rest:]) if rest else low
