"""Log-mel spectrogram: triangular filters on the Slaney scale, natural logarithm of magnitude."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.kernels.slaney import hz_to_mel, mel_to_hz
from descant.kernels.stft import stft
from descant.models.spec import AudioSpec


@lru_cache(maxsize=4)
def mel_filterbank(audio: AudioSpec) -> NDArray[np.float32]:
    """(n_mels, n_fft // 2 + 1) float32 triangles from 20 Hz to Nyquist; rows sum to 1."""
    nyquist = audio.sample_rate / 2
    limits = hz_to_mel(np.array([20.0, nyquist]))
    edges = mel_to_hz(np.linspace(limits[0], limits[1], audio.n_mels + 2))
    bins = np.linspace(0.0, nyquist, audio.n_fft // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None]) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    # Below ~400 Hz a triangle can be narrower than a bin: give it its nearest bin.
    centres = np.searchsorted(bins, edges[1:-1] - (bins[1] / 2))
    empty = triangles.sum(1) < 0.5
    triangles[np.flatnonzero(empty), centres[empty]] = 1.0
    bank: NDArray[np.float32] = (triangles / triangles.sum(1, keepdims=True)).astype(np.float32)
    return bank


def log_mel(samples: NDArray[np.float32], audio: AudioSpec) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of mono samples.

    Args:
        samples: (N,) float32 in [-1, 1].
        audio: Front end's numbers.

    Returns:
        (n_mels, N // hop_length) float32, natural log of mean mel magnitude, floored at
        ``audio.mel_floor``.
    """
    magnitude = np.abs(stft(samples, audio.n_fft, audio.hop_length))
    mel: NDArray[np.float32] = np.log(
        np.maximum(mel_filterbank(audio) @ magnitude, audio.mel_floor)
    )
    return mel
