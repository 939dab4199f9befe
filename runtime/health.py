"""The gate between the vocoder and the user: what is wrong is found, done again or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import NumericalError
from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]
Kind = Literal["silence", "noise", "clipping", "offset", "sameness"]

SILENCE_DB = -60.0
CLIPPED = 0.999
FLAT_RUN, FLAT_SHARE = 4, 0.002
"""A wave whose peak is held for so many samples, as often as this share of all, was cut off."""
OFFSET_SHARE = 0.3
"""Of the RMS, that the mean may be: music's is below 0.01."""
WASH_FLATNESS = 0.45
"""Spectral flatness of white noise is 0.56 by this measure; music stays below 0.3."""
_FRAMES = 64
"""That are judged at a time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a clip."""

    kind: Kind
    stage: str
    """Of the pipeline, whose work shows it."""
    text: str
    """In words, with what to do."""


def check_finite(samples: FloatArray, stage: str) -> None:
    """Refuse NaN and infinity.

    Raises:
        NumericalError: Names the stage.
    """
    if not np.isfinite(samples).all():
        raise NumericalError(
            f"{stage} produced NaN or infinity", hint="try another seed, or a lower guidance"
        )


def raw_findings(samples: FloatArray) -> Pieces[list[Finding]]:
    """Judge (N,) samples before the loudness is set: is there music in them at all?"""
    yield Piece("judge the level", samples.size)
    level = float(np.sqrt(np.vdot(samples, samples) / max(len(samples), 1)))
    if level < 10 ** (SILENCE_DB / 20):
        text = "the clip is silent: try another seed or prompt"
        return [Finding("silence", "vocode", text)]
    found = []
    if (yield from flatness(samples)) > WASH_FLATNESS:
        text = "the clip sounds like noise: try another seed or more steps"
        found.append(Finding("noise", "vocode", text))
    if abs(float(samples.mean(dtype=np.float64))) > OFFSET_SHARE * level:
        text = "the clip has an offset"
        found.append(Finding("offset", "vocode", text))
    return found


def cut_off_findings(samples: FloatArray) -> Pieces[list[Finding]]:
    """Judge whether (N,) samples were cut off at their peak, before their loudness was set.

    For waves that are made of spectra; a network that makes samples may bend them on purpose.
    """
    yield Piece("judge the peaks", samples.size)
    if not _is_flat_topped(samples):
        return []
    return [Finding("clipping", "vocode", "the clip is clipped")]


def final_findings(samples: FloatArray) -> list[Finding]:
    """Judge (A, N) samples as they will be saved: clipped runs of three samples and more."""
    high = np.abs(samples) >= CLIPPED
    runs = high[:, :-2] & high[:, 1:-1] & high[:, 2:]
    return [Finding("clipping", "finish", "the clip is clipped")] if bool(runs.any()) else []


def texts(findings: list[Finding]) -> list[str]:
    """Return what is to be said of findings."""
    return [finding.text for finding in findings]


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


def _is_flat_topped(samples: FloatArray) -> bool:
    """Whether a wave was cut off at its peak, before its loudness was set."""
    peak = float(np.abs(samples).max(initial=0.0))
    high = np.abs(samples) >= CLIPPED * peak
    if np.count_nonzero(high) <= FLAT_SHARE * len(samples):
        return False
    held = high[: len(high) - FLAT_RUN + 1].copy()
    for shift in range(1, FLAT_RUN):
        held &= high[shift : len(high) - FLAT_RUN + 1 + shift]
    return bool(held.sum() > FLAT_SHARE * len(samples))
