"""Short-time Fourier transform and its inverse, centred frames, periodic Hann window."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=4)
def hann(n_fft: int) -> NDArray[np.float32]:
    """(n_fft,) float32 periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)


def stft(samples: NDArray[np.float32], n_fft: int, hop_length: int) -> NDArray[np.complex64]:
    """Transform samples; frame t is centred on sample ``t * hop_length``.

    Args:
        samples: (N,) float32. The ends are mirrored, or padded with zeros when N <= n_fft / 2.

    Returns:
        (n_fft // 2 + 1, N // hop_length) complex64.
    """
    half = n_fft // 2
    single = samples.astype(np.float32, copy=False)
    long_enough = len(samples) > half
    padded = np.pad(single, half, mode="reflect") if long_enough else np.pad(single, half)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    frames = frames[: len(samples) // hop_length]
    spectrum: NDArray[np.complex64] = np.fft.rfft(frames * hann(n_fft)).astype(np.complex64)
    return np.ascontiguousarray(spectrum.T)


def istft(spectrum: NDArray[np.complex64], n_fft: int, hop_length: int) -> NDArray[np.float32]:
    """Invert ``stft`` by weighted overlap-add.

    Args:
        spectrum: (n_fft // 2 + 1, T) complex64.

    Returns:
        (T * hop_length,) float32.
    """
    frame_count = spectrum.shape[1]
    window = hann(n_fft)
    frames = np.fft.irfft(spectrum.T, n_fft).astype(np.float32) * window
    parts = n_fft // hop_length
    blocks = frames.reshape(frame_count, parts, hop_length)
    weights = (window**2).reshape(parts, hop_length)
    total = np.zeros((frame_count + parts, hop_length), np.float32)
    weight = np.zeros_like(total)
    for part in range(parts):
        total[part : part + frame_count] += blocks[:, part]
        weight[part : part + frame_count] += weights[part]
    flat = (total / np.maximum(weight, 1e-8)).reshape(-1).astype(np.float32, copy=False)
    begin = n_fft // 2
    return flat[begin : begin + frame_count * hop_length]
