"""Made sound beside recorded sound: at its rate, level and channels, and without a seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.kernels.resample import resample
from descant.models.spec import AudioSpec
from descant.runtime.decode import FADE_IN_SECONDS, FADE_OUT_SECONDS
from descant.runtime.limiter import limit_peaks
from descant.runtime.original import Original
from descant.runtime.splice import (
    FADE_SECONDS,
    SHIFT_SECONDS,
    best_shift,
    crossfade,
    meeting_point,
    prolong,
    put_in,
)
from descant.runtime.windows import BORDER_FRAMES

FloatArray = NDArray[np.float32]

LEVEL_RANGE = (0.7, 1.4)
"""How far the made sound's level may be corrected by that of what both have."""
BALANCE_RANGE = (0.25, 2.0)
MEETING_SECONDS = 0.6
"""Before a recording's end: somewhere in it the made sound, which has heard it, takes over."""
AROUND_SECONDS = 3.0
"""To either side of a border: what its seam is compared with."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Samples that the model has made of a part of a recording and what is new."""

    samples: FloatArray
    """(A, M) at the recording's rate, level and channels."""
    first: int
    """Sample of the recording that they begin at."""


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A clip, and how well what is new goes with what was there."""

    samples: FloatArray
    """(A, N)."""
    seam_score: float | None
    """How much the sound moves at the borders over how it moves around them."""


def beside(
    original: Original,
    raw: FloatArray,
    heard: FloatArray,
    known: NDArray[np.bool_],
    first: int,
    sample_rate: int,
) -> Made:
    """Bring made samples to a recording's rate, level and channels.

    Args:
        original: The recording.
        raw: (M,) made, at ``sample_rate``.
        heard: (M',) the recording as it is there, mono, at ``sample_rate``.
        known: (M',) where both are the same music.
        first: Sample of the recording at which both begin.
        sample_rate: Hz.
    """
    count = min(len(raw), len(heard))
    both = known[:count]
    lengths = [float(np.linalg.norm(part[:count][both])) for part in (heard, raw)]
    level = float(np.clip(lengths[0] / max(lengths[1], 1e-9), *LEVEL_RANGE)) if both.any() else 1.0
    mono = resample(raw * np.float32(level), sample_rate, original.sample_rate)
    return Made(_balance(original)[:, None] * mono, first)


def replaced(original: Original, made: Made, region: tuple[int, int], audio: AudioSpec) -> Joined:
    """Put a region in; outside of it the recording stays as it is, bit by bit.

    Args:
        original: All of the file.
        made: Covers the region.
        region: First and last-plus-one sample of the file.
        audio: Of the pack; its mel measures the seam.
    """
    rate = original.sample_rate
    inside = made.samples[:, region[0] - made.first : region[1] - made.first]
    inside = limit_peaks(np.ascontiguousarray(inside), rate)
    samples = put_in(original.samples, inside, region[0], rate)
    borders = [place for place in region if 0 < place < original.total]
    return Joined(samples, border_score(samples, borders, rate, audio))


def continued(original: Original, made: Made, count: int, joined: bool, audio: AudioSpec) -> Joined:
    """Let made sound go on where a recording ends.

    Args:
        original: The file, or its end.
        made: Begins in the recording and goes on past its end.
        count: Samples wanted after the file's end.
        joined: Give the recording too; a short fade at its end is then played over, and the made
            sound takes over a little before it.
        audio: Of the pack; its mel measures the seam.
    """
    rate, end = original.sample_rate, original.sound_end
    border = (end if joined else original.total) - original.first
    if joined:
        end = _meeting(original, made, end)
        new = made.samples[:, end - made.first :].copy()
        fade = round(FADE_SECONDS * rate)
        new[:, :fade] = crossfade(_recorded(original, end, end + fade), new[:, :fade])
    elif original.total > end:  # the file has faded out: there is nothing to fade from
        end = original.total
        new = _faded_in(made.samples[:, end - made.first :].copy(), rate)
    else:
        new = _gone_on(original.samples, made, end, rate)
    new = new[:, : original.total - end + count]
    new = limit_peaks(_faded_out(new, rate), rate)
    whole = np.concatenate([_recorded(original, original.first, end), new], axis=1)
    score = border_score(whole, [border], rate, audio)
    return Joined(whole if joined else new, score)


def border_score(
    samples: FloatArray, borders: Sequence[int], sample_rate: int, audio: AudioSpec
) -> float | None:
    """How much the spectrum moves at borders, over how it moves around them.

    Args:
        samples: (A, N).
        borders: Samples.
        sample_rate: Hz.
        audio: Of the mel.

    Returns:
        About 1 where borders can't be told from the rest; None without borders.
    """
    near, around = [], []
    reach = round(AROUND_SECONDS * sample_rate)
    for border in borders:
        first = max(border - reach, 0)
        part = samples[:, first : border + reach].mean(0)
        mel = log_mel(resample(part, sample_rate, audio.sample_rate), audio)
        moves = np.abs(np.diff(mel, axis=1)).mean(0)
        place = round((border - first) / sample_rate * audio.frame_rate) - 1
        mask = np.zeros(len(moves), bool)
        mask[max(place - BORDER_FRAMES, 0) : place + BORDER_FRAMES + 1] = True
        near.append(moves[mask].mean())
        around.append(moves[~mask].mean())
    return float(np.mean(near) / max(float(np.mean(around)), 1e-9)) if near else None


def _recorded(original: Original, begin: int, end: int) -> FloatArray:
    return original.samples[:, begin - original.first : end - original.first]


def _meeting(original: Original, made: Made, end: int) -> int:
    """Return the sample, not long before ``end``, at which made sound takes over best."""
    begin = max(end - round(MEETING_SECONDS * original.sample_rate), made.first, original.first)
    recorded = _recorded(original, begin, end)
    heard = made.samples[:, begin - made.first :][:, : recorded.shape[1]]
    return begin + meeting_point(recorded, heard, original.sample_rate)


def _gone_on(tail: FloatArray, made: Made, end: int, rate: int) -> FloatArray:
    """(A, M) what was made from sample ``end`` on, led in from the recording's prolongation."""
    fade, most = round(FADE_SECONDS * rate), round(SHIFT_SECONDS * rate)
    begin = end - made.first
    ahead = prolong(tail, fade, rate)
    seen = made.samples[:, begin - most : begin + fade + most].mean(0)
    shift = best_shift(ahead.mean(0), seen, rate)
    new = made.samples[:, begin + shift :].copy()
    new[:, :fade] = crossfade(ahead, new[:, :fade])
    return new


def _faded_out(samples: FloatArray, rate: int) -> FloatArray:
    fall = min(round(FADE_OUT_SECONDS * rate), samples.shape[1] // 4)
    curve = np.cos(np.linspace(0.0, np.pi / 2, fall)).astype(np.float32) ** 2
    samples[:, samples.shape[1] - fall :] *= curve
    return samples


def _faded_in(samples: FloatArray, rate: int) -> FloatArray:
    rise = min(round(FADE_IN_SECONDS * rate), samples.shape[1] // 4)
    samples[:, :rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    return samples


def _balance(original: Original) -> FloatArray:
    """(A,) how loud each channel is beside the mean of all."""
    mono = np.linalg.norm(original.samples.mean(0))
    channels = np.linalg.norm(original.samples, axis=1)
    if len(channels) == 1 or mono <= 0.0:
        return np.ones(len(channels), np.float32)
    balance: FloatArray = np.clip(channels / mono, *BALANCE_RANGE).astype(np.float32)
    return balance
