"""Loudness after ITU-R BS.1770-4, and the way to −14 LUFS without clipping."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.runtime.limiter import CEILING, below, limiter_gain
from descant.runtime.pieces import Piece, Pieces, drain
from descant.runtime.true_peak import PIECE, peak_envelope, spans

FloatArray = NDArray[np.float32]

TARGET_LUFS = -14.0
MAX_GAIN_DB = 60.0
_MAX_ROUNDS = 16
"""Two are the rule; where one peak towers over a quiet clip the gate lets in more at each round."""
HOPS = 4
"""Of 0.1 s, in a block."""
_TAIL_SECONDS = 0.1
"""In which the K filter forgets: its slowest part falls by 200 dB."""


def integrated_loudness(samples: FloatArray, sample_rate: int) -> float:
    """Measure gated loudness.

    Args:
        samples: (A, N) or (N,) float32; one or two channels.
        sample_rate: Hz.

    Returns:
        LUFS; minus infinity for silence.
    """
    return drain(measuring(samples, sample_rate))


def measuring(samples: FloatArray, sample_rate: int) -> Pieces[float]:
    """Measure gated loudness in pieces; see ``integrated_loudness``."""
    weighted = yield from _k_weighted(samples, sample_rate)
    return (yield from _gated_loudness(weighted, None, sample_rate))


def normalise(
    samples: FloatArray, sample_rate: int, target_lufs: float = TARGET_LUFS
) -> FloatArray:
    """Bring samples to ``target_lufs``; see ``normalising``."""
    return drain(normalising(samples, sample_rate, target_lufs))


def normalising(
    samples: FloatArray, sample_rate: int, target_lufs: float = TARGET_LUFS
) -> Pieces[FloatArray]:
    """Bring samples to ``target_lufs`` with a true peak of at most −1 dBFS.

    A plain gain where that fits; else a look-ahead limiter rounds off the highest peaks and the
    gain is raised until the target is met.

    Args:
        samples: (A, N) float32. Not modified.
        sample_rate: Hz.
        target_lufs: Loudness.

    Returns:
        (A, N) float32. Silence is returned unchanged.
    """
    weighted = yield from _k_weighted(samples, sample_rate)
    loudness = yield from _gated_loudness(weighted, None, sample_rate)
    if not np.isfinite(loudness):
        return samples.copy()
    gain_db = float(np.clip(target_lufs - loudness, -120.0, MAX_GAIN_DB))
    envelope = yield from peak_envelope(samples)
    if float(envelope.max()) * 10 ** (gain_db / 20) <= CEILING:
        return samples * np.float32(10 ** (gain_db / 20))
    curve = envelope
    for _ in range(_MAX_ROUNDS):
        del curve  # before the next is made: each is as long as the clip
        curve = yield from limiter_gain(envelope, 10 ** (gain_db / 20), sample_rate)
        # The limiter moves too slowly to matter to the K filter: what it does to the samples it
        # does to the weighted ones, and a second pair of transforms is saved.
        missing = target_lufs - (yield from _gated_loudness(weighted, curve, sample_rate))
        if missing < 0.1:
            break
        gain_db = min(gain_db + missing * 1.1, MAX_GAIN_DB)
    return (yield from below(samples * curve))


def _gated_loudness(
    weighted: FloatArray, curve: FloatArray | None, sample_rate: int
) -> Pieces[float]:
    """Return the LUFS of (A, N) weighted samples, multiplied by a (N,) curve if there is one."""
    power = yield from _block_power(weighted, curve, int(0.1 * sample_rate))
    loud = power[power > _power(-70.0)]
    if not len(loud):
        return -np.inf
    loud = loud[loud > loud.mean() * 0.1]  # 10 LU below the first mean
    return _lufs(float(loud.mean()))


def _k_weighted(samples: FloatArray, sample_rate: int) -> Pieces[FloatArray]:
    """Filter (A, N) or (N,) samples by the K curve, in the frequency domain."""
    channels = np.atleast_2d(samples)
    weighted = np.empty(channels.shape, np.float32)
    tail = int(_TAIL_SECONDS * sample_rate)
    for begin, end in spans(channels.shape[1]):
        yield Piece("K weighting", channels.shape[0] * (end - begin))
        first = max(begin - tail, 0)
        size = _fast_size(PIECE + 2 * tail)
        part = channels[:, first:end].astype(np.float32, copy=False)
        heard = np.fft.irfft(np.fft.rfft(part, size) * _k_curve(size, sample_rate), size)
        weighted[:, begin:end] = heard[:, begin - first : end - first]
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


def _block_power(
    weighted: FloatArray, curve: FloatArray | None, hop: int
) -> Pieces[NDArray[np.float64]]:
    """Mean square of blocks of four hops; a clip shorter than a block is one block."""
    length = weighted.shape[1]
    count = length // hop
    if count < HOPS:
        whole = weighted if curve is None else weighted * curve
        return np.array([np.square(whole, dtype=np.float64).sum() / max(length, 1)])
    sums, at_once = np.empty(count), max(PIECE // hop, 1)
    for first in range(0, count, at_once):
        last = min(first + at_once, count)
        yield Piece("loudness", weighted.shape[0] * (last - first) * hop)
        part = weighted[:, first * hop : last * hop]
        if curve is not None:
            part = part * curve[first * hop : last * hop]
        squares = np.square(part, dtype=np.float64).reshape(len(part), -1, hop)
        sums[first:last] = squares.sum((0, 2))
    blocks = np.lib.stride_tricks.sliding_window_view(sums, HOPS).sum(1)
    power: NDArray[np.float64] = blocks / (HOPS * hop)
    return power


def _fast_size(size: int) -> int:
    """Smallest 2^a·3^b·5^c at or above ``size`` (b, c ≤ 2): quick to transform."""
    odd = (1, 3, 5, 9, 15, 25, 45, 75, 225)
    return min(o << max((-(-size // o) - 1).bit_length(), 0) for o in odd)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _lufs(power: float) -> float:
    return float(-0.691 + 10 * np.log10(power))
