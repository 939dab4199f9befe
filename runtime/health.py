"""The gate between the vocoder and the user: what is wrong is said or refused, never hidden."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import NumericalError

FloatArray = NDArray[np.float32]

SILENCE_DB = -60.0
CLIPPED = 0.999
WASH_FLATNESS = 0.45
"""Spectral flatness of white noise is 0.56 by this measure; music stays below 0.3."""


def check_finite(samples: FloatArray, stage: str) -> None:
    """Refuse NaN and infinity.

    Raises:
        NumericalError: Names the stage.
    """
    if not np.isfinite(samples).all():
        raise NumericalError(
            f"{stage} produced NaN or infinity", hint="try another seed, or a lower guidance"
        )


def raw_warnings(samples: FloatArray) -> list[str]:
    """Judge (N,) samples before the loudness is set: is there music in them at all?"""
    level = float(np.sqrt(np.vdot(samples, samples) / max(len(samples), 1)))
    if level < 10 ** (SILENCE_DB / 20):
        return ["the clip is silent: try another seed or prompt"]
    if flatness(samples) > WASH_FLATNESS:
        return ["the clip sounds like noise: try another seed or more steps"]
    return []


def final_warnings(samples: FloatArray) -> list[str]:
    """Judge (A, N) samples as they will be saved: clipped runs of three samples and more."""
    high = np.abs(samples) >= CLIPPED
    runs = high[:, :-2] & high[:, 1:-1] & high[:, 2:]
    return ["the clip is clipped"] if bool(runs.any()) else []


def flatness(samples: FloatArray, n_fft: int = 2048) -> float:
    """Median over frames of geometric by arithmetic mean of the power between bins 5 and 400."""
    count = len(samples) // n_fft
    if count == 0:
        return 0.0
    window = np.hanning(n_fft)
    values = np.empty(count)
    for i in range(count):  # one by one: the spectra of a long clip would fill the memory
        part = samples[i * n_fft : (i + 1) * n_fft] * window
        power = np.abs(np.fft.rfft(part))[5:400] ** 2 + 1e-12
        values[i] = np.exp(np.log(power).mean()) / power.mean()
    return float(np.median(values))
