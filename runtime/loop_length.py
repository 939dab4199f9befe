"""How long music is that is asked for in bars, or that is to go round."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from descant.models.spec import LimitsSpec
from descant.runtime.errors import RequestError
from descant.runtime.request import Request
from descant.runtime.settled import Settled


@dataclass(frozen=True, slots=True)
class Metre:
    """What turns bars into seconds."""

    tempo_bpm: float
    """Quarter notes per minute."""
    beats_per_bar: int
    """Quarter notes."""
    tune_beats: float | None = None
    """Length of a given tune."""

    def seconds(self, bars: int) -> float:
        """Length of some bars."""
        return bars * self.beats_per_bar * 60.0 / self.tempo_bpm


def in_bars(
    request: Request, settled: Settled, limits: LimitsSpec, metre: Metre
) -> tuple[Settled, tuple[str, ...]]:
    """Settle on whole bars where the request asks for bars or a loop; return it with warnings.

    A loop of so many seconds, or as long as a film, has the nearest number of bars. One without any
    length goes once through a given tune, or else has 1, 2, 4, 8, … bars, whichever come nearest to
    the pack's own length.

    Args:
        request: As asked.
        settled: Its seconds are asked for, of a film, or the pack's default.
        limits: Of the clip's seconds.
        metre: Tempo and metre of the music.

    Raises:
        RequestError: The bars are shorter or longer than a clip may be.
    """
    if request.bars is not None:
        bars = int(request.bars)
        _check(bars, limits, metre)
    elif request.loop:
        bars = _within(_bars_of_loop(request, settled, metre), limits, metre)
    else:
        return settled, ()
    seconds = metre.seconds(bars)
    warnings: tuple[str, ...] = ()
    timed = request.bars is None and (request.seconds is not None or request.video is not None)
    if timed and abs(seconds - settled.seconds) >= 1e-3:
        warnings = (
            f"a loop has whole bars: {bars} at {metre.tempo_bpm:g} bpm last {seconds:.3f} s, "
            f"not {settled.seconds:g} s",
        )
    return replace(settled, seconds=seconds, bars=bars), warnings


def _bars_of_loop(request: Request, settled: Settled, metre: Metre) -> int:
    wanted = settled.seconds / metre.seconds(1)
    if request.seconds is not None or request.video is not None:
        return round(wanted)
    if metre.tune_beats is not None:
        return math.ceil(metre.tune_beats / metre.beats_per_bar - 1e-3)
    return int(2 ** max(round(math.log2(wanted)), 0))


def _within(bars: int, limits: LimitsSpec, metre: Metre) -> int:
    least, most = _room(limits, metre)
    return min(max(bars, least), most)


def _room(limits: LimitsSpec, metre: Metre) -> tuple[int, int]:
    """Fewest and most bars that a clip may have."""
    bar = metre.seconds(1)
    return (
        max(math.ceil(limits.min_seconds / bar - 1e-9), 1),
        max(math.floor(limits.max_seconds / bar + 1e-9), 1),
    )


def _check(bars: int, limits: LimitsSpec, metre: Metre) -> None:
    least, most = _room(limits, metre)
    if not least <= bars <= most:
        raise RequestError(
            f"bars must be between {least} and {most} at {metre.tempo_bpm:g} bpm, got {bars}: "
            f"clips last {limits.min_seconds:g} to {limits.max_seconds:g} s",
            hint=f"choose a number from {least} to {most}, or another tempo",
        )
