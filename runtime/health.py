"""The gate between the vocoder and the user: what is wrong is said or refused, never hidden."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import NumericalError
from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]

SILENCE_DB = -60.0
CLIPPED = 0.999
_FRAMES = 64
"""That are judged at a time."""
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


def raw_warnings(samples: FloatArray) -> Pieces[list[str]]:
    """Judge (N,) samples before the loudness is set: is there music in them at all?"""
    yield Piece("judge the level", samples.size)
    level = float(np.sqrt(np.vdot(samples, samples) / max(len(samples), 1)))
    if level < 10 ** (SILENCE_DB / 20):
        return ["the clip is silent: try another seed or prompt"]
    if (yield from flatness(samples)) > WASH_FLATNESS:
        return ["the clip sounds like noise: try another seed or more steps"]
    return []


def final_warnings(samples: FloatArray) -> list[str]:
    """Judge (A, N) samples as they will be saved: clipped runs of three samples and more."""
    high = np.abs(samples) >= CLIPPED
    runs = high[:, :-2] & high[:, 1:-1] & high[:, 2:]
    return ["the clip is clipped"] if bool(runs.any()) else []


def flatness(samples: FloatArray, n_fft: int = 2048) -> Pieces[float]:
    """Median over frames of geometric by arithmetic mean of the power between bins 5 and 400."""
    frames = samples[: len(samples) // n_fft * n_fft].reshape(-1, n_fft)
    window = np.hanning(n_fft).astype(np.float32)
    values = [np.zeros(0)]
    for begin in range(0, len(frames), _FRAMES):
        yield Piece("judge", n_fft * _FRAMES)
        spectra = np.fft.rfft(frames[begin : begin + _FRAMES] * window)
        power = np.abs(spectra[:, 5:400]).astype(np.float64) ** 2 + 1e-12
        values.append(np.exp(np.log(power).mean(1)) / power.mean(1))
    all_values = np.concatenate(values)
    return float(np.median(all_values)) if len(all_values) else 0.0
