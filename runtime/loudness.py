"""Loudness and true peak after ITU-R BS.1770-4, and the way to −14 LUFS without clipping."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

TARGET_LUFS = -14.0
MAX_TRUE_PEAK_DB = -1.0
MAX_GAIN_DB = 60.0
_LIMITER_CEILING_DB = -1.25
"""Below the promised peak: rounding to 16 bits and the 4x estimate cost up to 0.1 dB."""
_LOOK_AHEAD_SECONDS = 0.015
_MAX_ROUNDS = 16
"""Two are the rule; where one peak towers over a quiet clip the gate lets in more at each round."""
_PIECE = 1 << 22
"""Samples, 95 s: longer clips are measured and limited in pieces, to bound the memory."""
_TAPS = 16
"""Half-length of the interpolator, in input samples; measured error below 0.02 dB to 18 kHz."""


def integrated_loudness(samples: FloatArray, sample_rate: int) -> float:
    """Measure gated loudness.

    Args:
        samples: (A, N) or (N,) float32; one or two channels.
        sample_rate: Hz.

    Returns:
        LUFS; minus infinity for silence.
    """
    channels = (_k_weight(channel, sample_rate) for channel in np.atleast_2d(samples))
    return _gated_loudness(channels, sample_rate)


def _k_weighted(samples: FloatArray, sample_rate: int) -> FloatArray:
    return np.stack([_k_weight(channel, sample_rate) for channel in np.atleast_2d(samples)])


def _gated_loudness(weighted: Iterable[FloatArray], sample_rate: int) -> float:
    block, hop = int(0.4 * sample_rate), int(0.1 * sample_rate)
    power = reduce(np.add, (_block_power(channel, block, hop) for channel in weighted))
    loud = power[power > _power(-70.0)]
    if not len(loud):
        return -np.inf
    loud = loud[loud > loud.mean() * 0.1]  # 10 LU below the first mean
    return _lufs(float(loud.mean()))


def true_peak(samples: FloatArray) -> float:
    """Return the largest magnitude of (A, N) or (N,) samples at 4x oversampling, linear."""
    channels = np.atleast_2d(samples)
    return max((float(_peak_envelope(c).max(initial=0.0)) for c in channels), default=0.0)


def normalise(
    samples: FloatArray, sample_rate: int, target_lufs: float = TARGET_LUFS
) -> FloatArray:
    """Bring samples to ``target_lufs`` with a true peak of at most −1 dBFS.

    A plain gain where that fits; else a look-ahead limiter rounds off the highest peaks and the
    gain is raised until the target is met.

    Args:
        samples: (A, N) float32. Not modified.
        sample_rate: Hz.

    Returns:
        (A, N) float32. Silence is returned unchanged.
    """
    weighted = _k_weighted(samples, sample_rate)
    loudness = _gated_loudness(weighted, sample_rate)
    if not np.isfinite(loudness):
        return samples.copy()
    gain_db = float(np.clip(target_lufs - loudness, -120.0, MAX_GAIN_DB))
    envelope = reduce(np.maximum, (_peak_envelope(channel) for channel in np.atleast_2d(samples)))
    ceiling = 10 ** (_LIMITER_CEILING_DB / 20)
    if float(envelope.max()) * 10 ** (gain_db / 20) <= ceiling:
        return samples * np.float32(10 ** (gain_db / 20))
    curve = envelope
    for _ in range(_MAX_ROUNDS):
        del curve  # before the next is made: each is as long as the clip
        curve = _limiter_gain(envelope, 10 ** (gain_db / 20), ceiling, sample_rate)
        # The limiter moves too slowly to matter to the K filter: what it does to the samples it
        # does to the weighted ones, and a second pair of transforms is saved.
        missing = target_lufs - _gated_loudness(weighted * curve, sample_rate)
        if missing < 0.1:
            break
        gain_db = min(gain_db + missing * 1.1, MAX_GAIN_DB)
    return _below(samples * curve, 10 ** ((MAX_TRUE_PEAK_DB - 0.1) / 20))


def limit_peaks(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Round off peaks of (A, N) samples above −1 dBFS, in place; leave all else as loud."""
    envelope = reduce(np.maximum, (_peak_envelope(channel) for channel in samples))
    ceiling = 10 ** (_LIMITER_CEILING_DB / 20)
    if float(envelope.max(initial=0.0)) <= ceiling:
        return samples
    samples *= _limiter_gain(envelope, 1.0, ceiling, sample_rate)
    return _below(samples, 10 ** ((MAX_TRUE_PEAK_DB - 0.1) / 20))


def _below(samples: FloatArray, ceiling: float) -> FloatArray:
    """Scale down by the last hundredths of a decibel that a limiter's moving gain can leave."""
    peak = true_peak(samples)
    return samples * np.float32(ceiling / peak) if peak > ceiling else samples


def _limiter_gain(
    envelope: FloatArray, gain: float, ceiling: float, sample_rate: int
) -> FloatArray:
    """(N,) ``gain``, less where ``envelope`` would pass ``ceiling``.

    The minimum over a window, then the mean over the same window: never above what a peak needs,
    and as smooth as the window is long, before and after the peak alike.
    """
    half = int(_LOOK_AHEAD_SECONDS * sample_rate)
    curve = np.empty_like(envelope)
    for begin, end in _pieces(len(envelope)):
        first, last = max(begin - 2 * half, 0), min(end + 2 * half, len(envelope))
        part = envelope[first:last] * np.float32(gain)
        needed = np.minimum(1.0, ceiling / np.maximum(part, 1e-9)).astype(np.float32)
        held = _sliding_minimum(needed, half)
        padded = np.pad(held, half, mode="edge").astype(np.float64)
        total = np.concatenate([[0.0], np.cumsum(padded)])
        width = 2 * half + 1
        smooth = (total[width:] - total[:-width]) / width
        curve[begin:end] = smooth[begin - first : end - first]
    curve *= np.float32(gain)
    return curve


def _pieces(count: int) -> list[tuple[int, int]]:
    return [(begin, min(begin + _PIECE, count)) for begin in range(0, count, _PIECE)]


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


def _k_weight(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Filter (N,) samples by the K curve, in the frequency domain (the tail has died after 1 s)."""
    weighted = np.empty(len(samples), np.float32)
    for begin, end in _pieces(len(samples)):
        part = samples[max(begin - sample_rate, 0) : end].astype(np.float32, copy=False)
        size = _fast_size(len(part) + sample_rate)
        heard = np.fft.irfft(np.fft.rfft(part, size) * _k_curve(size, sample_rate), size)
        weighted[begin:end] = heard[len(part) - (end - begin) : len(part)]
    return weighted


@lru_cache(maxsize=4)
def _k_curve(size: int, sample_rate: int) -> NDArray[np.complex64]:
    """(size // 2 + 1,) response of the shelf and the high-pass of BS.1770, for any sample rate.

    The filters are the analogue prototypes behind the standard's 48 kHz coefficients.
    """
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    shelf_gain, shelf_q, shelf_hz = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = np.tan(np.pi * shelf_hz / sample_rate)
    high = 10 ** (shelf_gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / shelf_q + k * k
    shelf = (
        (high + band * k / shelf_q + k * k)
        + 2 * (k * k - high) * z
        + (high - band * k / shelf_q + k * k) * z**2
    ) / (a0 + 2 * (k * k - 1) * z + (1 - k / shelf_q + k * k) * z**2)
    pass_q, pass_hz = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * pass_hz / sample_rate)
    a0 = 1 + k / pass_q + k * k
    high_pass = (1 - 2 * z + z**2) / (
        1 + 2 * (k * k - 1) / a0 * z + (1 - k / pass_q + k * k) / a0 * z**2
    )
    curve: NDArray[np.complex64] = (shelf * high_pass).astype(np.complex64)
    return curve


def _block_power(samples: FloatArray, block: int, hop: int) -> NDArray[np.float64]:
    """Mean square of overlapping blocks; a clip shorter than a block is one block."""
    if len(samples) <= block:
        return np.array([np.square(samples, dtype=np.float64).sum() / max(len(samples), 1)])
    begin = np.arange(0, len(samples) - block + 1, hop)
    power = np.empty(len(begin))
    count = _PIECE // hop
    for i in range(0, len(begin), count):
        first = begin[i]
        starts = begin[i : i + count] - first
        part = samples[first : first + starts[-1] + block].astype(np.float64)
        total = np.concatenate([[0.0], np.cumsum(part**2)])
        power[i : i + count] = (total[starts + block] - total[starts]) / block
    return power


def _peak_envelope(samples: FloatArray) -> FloatArray:
    """(N,) largest magnitude among each sample and the three points that follow it at 4x."""
    envelope = np.abs(samples)
    for begin, end in _pieces(len(samples)):
        # With what the interpolators reach before and after the piece.
        first = max(begin - _TAPS, 0)
        part = samples[first : end + _TAPS]
        for phase in _interpolators():
            between = np.convolve(part, phase)[_TAPS - 1 + begin - first :][: end - begin]
            np.maximum(envelope[begin:end], np.abs(between), out=envelope[begin:end])
    return envelope


@lru_cache(maxsize=1)
def _interpolators() -> tuple[FloatArray, ...]:
    """Windowed sinc for the points 1/4, 1/2 and 3/4 between two samples."""
    phases = []
    for quarter in (1, 2, 3):
        offset = np.arange(-_TAPS + 1, _TAPS + 1) - quarter / 4
        window = np.i0(8.0 * np.sqrt(1 - (offset / (_TAPS + 0.5)) ** 2)) / np.i0(8.0)
        taps = np.sinc(offset) * window
        phases.append((taps / taps.sum()).astype(np.float32)[::-1].copy())
    return tuple(phases)


def _fast_size(size: int) -> int:
    """Smallest 2^a·3^b·5^c at or above ``size`` (b, c ≤ 2): quick to transform."""
    odd = (1, 3, 5, 9, 15, 25, 45, 75, 225)
    return min(o << max((-(-size // o) - 1).bit_length(), 0) for o in odd)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _lufs(power: float) -> float:
    return float(-0.691 + 10 * np.log10(power))
