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
    return stft_frames(samples, 0, len(samples) // hop_length, n_fft, hop_length)


def stft_frames(
    samples: NDArray[np.float32], first: int, last: int, n_fft: int, hop_length: int
) -> NDArray[np.complex64]:
    """Return frames ``first`` to ``last`` of ``stft``, (n_fft // 2 + 1, last - first) complex64."""
    half, count = n_fft // 2, len(samples)
    begin, end = first * hop_length - half, (last - 1) * hop_length + half
    if begin >= 0 and end <= count:
        part = samples[begin:end]
    elif count > half:
        places = np.abs(np.arange(begin, max(end, begin)))
        part = samples[np.where(places < count, places, 2 * (count - 1) - places)]
    else:
        part = np.pad(samples, half)[begin + half : max(end, begin) + half]
    part = part.astype(np.float32, copy=False)
    if last <= first:
        return np.zeros((half + 1, 0), np.complex64)
    frames = np.lib.stride_tricks.sliding_window_view(part, n_fft)[::hop_length]
    spectrum: NDArray[np.complex64] = np.fft.rfft(frames * hann(n_fft)).astype(np.complex64)
    return np.ascontiguousarray(spectrum.T)


def istft(spectrum: NDArray[np.complex64], n_fft: int, hop_length: int) -> NDArray[np.float32]:
    """Invert ``stft`` by weighted overlap-add.

    Args:
        spectrum: (n_fft // 2 + 1, T) complex64.

    Returns:
        (T * hop_length,) float32.
    """
    inverse = InverseStft(spectrum.shape[1], n_fft, hop_length)
    inverse.add(spectrum)
    return inverse.samples()


class InverseStft:
    """Inverts a transform that comes in pieces, so that it need not be in memory as a whole."""

    def __init__(self, frames: int, n_fft: int, hop_length: int) -> None:
        """Make room for the samples of ``frames`` frames."""
        self._frames, self._n_fft, self._hop_length = frames, n_fft, hop_length
        self._parts = n_fft // hop_length
        self._total = np.zeros((frames + self._parts, hop_length), np.float32)
        self._done = 0

    def add(self, spectrum: NDArray[np.complex64]) -> None:
        """Add the next frames, (n_fft // 2 + 1, t) complex64."""
        count = spectrum.shape[1]
        frames = np.fft.irfft(spectrum.T, self._n_fft).astype(np.float32) * hann(self._n_fft)
        blocks = frames.reshape(count, self._parts, self._hop_length)
        for part in range(self._parts):
            begin = self._done + part
            self._total[begin : begin + count] += blocks[:, part]
        self._done += count

    def samples(self) -> NDArray[np.float32]:
        """Return the (T * hop_length,) float32 samples; call once, after the last frames."""
        weights = (hann(self._n_fft) ** 2).reshape(self._parts, self._hop_length)
        last = self._parts - 1
        self._total[last : self._frames] /= np.maximum(weights.sum(0), 1e-8)
        # The first and last rows are covered by fewer frames than all others.
        for row in (*range(last), *range(max(self._frames, last), len(self._total))):
            here = [part for part in range(self._parts) if 0 <= row - part < self._frames]
            self._total[row] /= np.maximum(weights[here].sum(0), 1e-8)
        begin = self._n_fft // 2
        return self._total.reshape(-1)[begin : begin + self._frames * self._hop_length]
