"""Log-frequency spectrum for the transcriber: two windows, three bins to a semitone, log power."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.kernels.stft import hann

SAMPLE_RATE = 22_050
HOP_LENGTH = 256
FRAME_RATE = SAMPLE_RATE / HOP_LENGTH
WINDOWS = (4096, 1024)
"""186 ms tell the pitches apart, 46 ms the onsets."""
BINS_PER_SEMITONE = 3
BINS = 312
"""Bin ``3 * k + 1`` is centred on MIDI pitch ``21 + k``: A0 … 10.5 kHz."""
LOWEST_PITCH = 21
LEVEL_RMS = 0.1
"""Root mean square that the samples are brought to."""
FLOOR = 1e-4
"""Amplitude under which nothing is heard, as a share of full scale."""
SPREAD = 4.0
"""Nepers of amplitude per unit of the spectrum."""


@lru_cache(maxsize=2)
def pitch_filterbank(window: int) -> NDArray[np.float32]:
    """(BINS, window // 2 + 1) float32 triangles over the powers of a transform; rows sum to 1.

    A triangle reaches to its neighbours' centres, or, where those are closer than the transform's
    lines, over one line to either side, which interpolates.
    """
    pitches = LOWEST_PITCH + (np.arange(BINS) - 1) / BINS_PER_SEMITONE
    centres = 440.0 * 2.0 ** ((pitches - 69.0) / 12.0)
    lines = np.arange(window // 2 + 1) * (SAMPLE_RATE / window)
    reach = np.maximum(centres * (2.0 ** (1.0 / (12 * BINS_PER_SEMITONE)) - 1.0), lines[1])
    triangles = np.maximum(0.0, 1.0 - np.abs(lines - centres[:, None]) / reach[:, None])
    bank: NDArray[np.float32] = (triangles / triangles.sum(1, keepdims=True)).astype(np.float32)
    return bank


def pitch_spectrum(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the transcriber hears of a recording, whatever its level.

    Args:
        samples: (N,) float32 at ``SAMPLE_RATE``, N at least ``HOP_LENGTH``.

    Returns:
        (2, BINS, N // HOP_LENGTH) float32, one plane per window: 0 at the floor, about 2 for a loud
        tone; frame t is centred on sample ``t * HOP_LENGTH``.
    """
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    levelled = samples * np.float32(LEVEL_RMS / max(rms, 1e-7))
    return np.stack([_plane(levelled, window) for window in WINDOWS])


def _plane(samples: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    half = window // 2
    frames = len(samples) // HOP_LENGTH
    cuts = np.lib.stride_tricks.sliding_window_view(np.pad(samples, half), window)
    spectrum = np.fft.rfft(cuts[::HOP_LENGTH][:frames] * (hann(window) * np.float32(2 / window)))
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    heard = pitch_filterbank(window) @ power.T.astype(np.float32, copy=False)
    plane: NDArray[np.float32] = np.log(heard / np.float32(FLOOR**2) + 1.0) / (2.0 * SPREAD)
    return plane
