"""From a film's pictures and packets to how much goes on in it, and to words for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Packets = tuple[FloatArray, NDArray[np.int64], NDArray[np.bool_]]
"""Of each packet: its second, its bytes, whether it is a key frame."""

STEP_SECONDS = 0.5
"""Between two levels."""
SMOOTH_SECONDS = 1.5
MIDDLE, LOWEST = 0.55, 0.15
FULL_SWING = np.log(4.0)
"""Where four times as much moves as elsewhere, the music goes all the way."""
CUT_DISTANCE = 0.45
"""Share of its colours that a picture must change to count as another scene."""
CUTS_SECONDS, MANY_CUTS = 8.0, 4.0
"""So many cuts in so many seconds are a hectic scene."""
LIFT, LEAST_RANGE = 0.3, 0.35
"""What pictures add to a level between the weakest and the strongest of a film; those that are
nearer to one another than calm is to energetic add less."""
DARK, BRIGHT = 0.3, 0.55
QUICK_CUTS = 12.0
"""Per minute."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One picture of a film."""

    second: float
    image: NDArray[np.uint8]
    """(H, W, 3) sRGB."""
    motion: float | None = None
    """Mean change of a value of 0 … 255 per second; None where no picture follows closely."""

    @property
    def brightness(self) -> float:
        """0 … 1."""
        return float(self.image[::4, ::4].mean()) / 255.0


NOTHING = np.zeros((1, 1, 3), np.uint8)
"""A picture."""


def find_cuts(looks: list[Look]) -> tuple[float, ...]:
    """Return the seconds of pictures whose colours differ from those of the one before."""
    shares = [_colours(look.image) for look in looks]
    return tuple(
        second.second
        for second, (before, after) in zip(looks[1:], pairwise(shares), strict=True)
        if np.abs(after - before).sum() / 2 > CUT_DISTANCE
    )


def energy(
    seconds: float, packets: Packets, looks: list[Look], cuts: tuple[float, ...]
) -> tuple[float, ...]:
    """Return 0 … 1 at even steps over a film: motion, beside it cuts and brightness.

    Motion is what is seen where pictures were decoded, and beside it, finer in time, the bytes
    that the codec spends on differences to other pictures.
    """
    count = max(round(seconds / STEP_SECONDS), 1)
    centres = (np.arange(count) + 0.5) * seconds / count
    times, sizes, keys = packets
    bins = np.clip((times[~keys] / seconds * count).astype(int), 0, count - 1)
    spent = np.log1p(np.bincount(bins, sizes[~keys], count))
    moving = [look for look in looks if look.motion is not None] or [Look(0.0, NOTHING, 0.0)]
    changes = [np.log1p(look.motion or 0.0) for look in moving]
    seen = np.interp(centres, [look.second for look in moving], changes)
    motion = 0.7 * _swing(_smooth(seen, count / seconds))
    motion += 0.3 * _swing(_smooth(spent, count / seconds))
    near = np.abs(centres[:, None] - np.array(cuts)[None]) < CUTS_SECONDS / 2
    hectic = np.minimum(near.sum(1) / MANY_CUTS, 1.0)
    light = np.interp(centres, [k.second for k in looks], [k.brightness for k in looks])
    level = MIDDLE + 0.35 * motion
    level += 0.25 * (hectic - hectic.mean()) + 0.2 * (light - light.mean())
    level = np.clip(_smooth(level, count / seconds), LOWEST, 1.0)
    return tuple(round(float(value), 3) for value in level)


def lifted(
    levels: tuple[float, ...], seconds: float, times: FloatArray, strength: NDArray[np.float32]
) -> tuple[float, ...]:
    """Lift levels where pictures ask for stronger music than the film's others do.

    Args:
        levels: At even steps over the film.
        seconds: Length of the film.
        times: (P,) of the pictures.
        strength: (P,) on any scale.
    """
    centres = (np.arange(len(levels)) + 0.5) * seconds / len(levels)
    swing = np.interp(centres, times, strength - strength.mean())
    swing = _smooth(swing, len(levels) / seconds) * LIFT / max(float(np.ptp(strength)), LEAST_RANGE)
    raised = np.clip(np.array(levels) + swing, LOWEST, 1.0)
    return tuple(round(float(value), 3) for value in raised)


def film_pace(cuts: tuple[float, ...], seconds: float) -> str:
    """Return a tempo word for a film."""
    return "fast" if len(cuts) / max(seconds, 1.0) * 60.0 >= QUICK_CUTS else "slow"


def film_words(looks: tuple[Look, ...], cuts: tuple[float, ...], seconds: float) -> str:
    """Say what music a film could have, from its light and its pace alone."""
    light = float(np.mean([look.brightness for look in looks]))
    pace = film_pace(cuts, seconds)
    quick = pace == "fast"
    if light < DARK:
        mood = "tense" if quick else "mysterious"
    elif light > BRIGHT:
        mood = "happy" if quick else "peaceful"
    else:
        mood = "energetic" if quick else "calm"
    return f"{mood} cinematic music for a film, {pace}"


def _swing(values: FloatArray) -> FloatArray:
    """Bring values to -1 … 1, less far where they hardly differ."""
    low, high = np.percentile(values, [5, 95])
    if high - low < 1e-6:
        return np.zeros(len(values))
    share = min((high - low) / FULL_SWING, 1.0)
    result: FloatArray = np.clip((values - low) / (high - low) * 2 - 1, -1, 1) * share
    return result


def _smooth(values: FloatArray, rate: float) -> FloatArray:
    """Weigh neighbours by a bell of ``SMOOTH_SECONDS``; ends are held."""
    width = SMOOTH_SECONDS * rate
    half = int(3 * width)
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / width) ** 2)
    padded = np.pad(values.astype(float), half, mode="edge")
    return np.convolve(padded, bell / bell.sum(), "valid")


def _colours(image: NDArray[np.uint8]) -> FloatArray:
    """(64,) shares of four steps of red by four of green by four of blue."""
    steps = (image[::4, ::4] // 64).reshape(-1, 3).astype(np.int64)
    counts = np.bincount(steps @ np.array([16, 4, 1]), minlength=64)
    shares: FloatArray = counts / max(counts.sum(), 1)
    return shares
