"""The mel spectrogram of a clip of any length, and what a view shows of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.kernels.slaney import hz_to_mel
from descant.models.spec import AudioSpec

FloatArray = NDArray[np.float32]

_PIECE = 1 << 10
"""Frames computed at once: 12 s, 20 MB."""
RANGE_DB = 62.0
"""Shown below the loudest."""


def mel_levels(samples: FloatArray, sample_rate: int) -> NDArray[np.uint8]:
    """Compute what a spectrogram shows: 0.1 s for 10 s, for another thread.

    Args:
        samples: (A, N) float32; the mean of the channels is taken.
        sample_rate: Hz.

    Returns:
        (n_mels, T) uint8: 255 is the loudest, 0 is ``RANGE_DB`` below it or less; row 0 is the
        lowest pitch. Column t is centred on sample ``512 t``.
    """
    audio = AudioSpec(sample_rate=sample_rate, mel_floor=1e-5)
    mono = np.atleast_2d(samples).mean(axis=0, dtype=np.float32)
    frames = max(len(mono) // audio.hop_length, 1)
    mono = np.pad(mono, (0, max(audio.hop_length - len(mono), 0)))
    context = audio.n_fft // audio.hop_length
    mel = np.empty((audio.n_mels, frames), np.float32)
    for begin in range(0, frames, _PIECE):
        end = min(begin + _PIECE, frames)
        first = max(begin - context, 0)
        part = mono[first * audio.hop_length : (end + context) * audio.hop_length]
        mel[:, begin:end] = log_mel(part, audio)[:, begin - first : end - first]
    decibels = mel * np.float32(20 / np.log(10))
    top = max(float(np.percentile(decibels, 99.9)), -60.0)
    shares = np.clip((decibels - top) / RANGE_DB + 1, 0, 1)
    levels: NDArray[np.uint8] = np.rint(shares * 255).astype(np.uint8)
    return levels


def visible(levels: NDArray[np.uint8], start: float, end: float, count: int) -> NDArray[np.uint8]:
    """Return (n_mels, count) of what lies between two frames: the loudest of each column.

    Args:
        levels: (n_mels, T).
        start: In frames.
        end: In frames.
        count: Columns; where they are more than frames, values between frames are interpolated.
    """
    size = levels.shape[1]
    edges = np.linspace(start, end, count + 1)
    if end - start >= 2 * count:
        places = np.clip(edges, 0, size - 1).astype(np.intp)
        loudest: NDArray[np.uint8] = np.maximum.reduceat(levels, places, axis=1)[:, :-1]
        return loudest
    middle = np.clip((edges[:-1] + edges[1:]) / 2, 0, size - 1)
    left = middle.astype(np.intp)
    share = (middle - left).astype(np.float32)
    right = np.minimum(left + 1, size - 1)
    mixed = levels[:, left] * (1 - share) + levels[:, right] * share
    between: NDArray[np.uint8] = np.rint(mixed).astype(np.uint8)
    return between


def mel_row(hertz: float, sample_rate: int, n_mels: int = 128) -> float:
    """Return the row of a frequency, 0 being the lowest."""
    low, high, here = hz_to_mel(np.array([20.0, sample_rate / 2, hertz]))
    return float((here - low) / (high - low) * (n_mels + 1) - 1)
