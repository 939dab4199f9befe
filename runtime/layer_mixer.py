"""Plays one of several loops that run side by side, and changes between them at bars.

Everything happens at a frame that depends on nothing but the calls and the position at which they
were made, and every sample is a sum of products of single samples. So the same calls at the same
positions give the same bytes, in whatever pieces they are read.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.runtime.bar_grid import BarGrid

FloatArray = NDArray[np.float32]

FADE_SECONDS = 0.008
BLOCK = 4096
"""Frames that are mixed at once; longer reads are made of several."""
KNEE = 0.9
"""Below this, which is -0.9 dBFS and more than the peak of any clip, samples stay as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class _Voice:
    """A sound that is laid over the loops once."""

    start: int
    samples: FloatArray

    @property
    def end(self) -> int:
        return self.start + int(self.samples.shape[1])


@dataclass(frozen=True, slots=True)
class _Change:
    """From one loop to another; equal power, so that the new one is whole on the bar line."""

    to: int
    begin: int
    """Frame at which the fade begins; it ends with the bar."""


class LayerMixer:
    """Loops of one length, of which one is heard. Safe to use from several threads."""

    def __init__(self, levels: tuple[float, ...], channels: int, sample_rate: int) -> None:
        """Make room for a loop at every level.

        Args:
            levels: 0 … 1, ascending.
            channels: A, of all loops.
            sample_rate: Hz.
        """
        self._levels = levels
        self._lock = threading.Lock()
        self._loops: dict[int, FloatArray] = {}
        self._grid: BarGrid | None = None
        self._level = levels[0]
        self._now: int | None = None
        self._change: _Change | None = None
        self._position = 0
        self._voices: list[_Voice] = []
        self._fade = max(round(FADE_SECONDS * sample_rate), 1)
        turn = (np.arange(self._fade) + 1.0) / self._fade * np.pi / 2
        self._rise = np.sin(turn).astype(np.float32)
        self._fall = np.cos(turn).astype(np.float32)
        self._scratch = np.empty((channels, BLOCK), np.float32)
        self._over = np.empty((channels, BLOCK), np.float32)

    @property
    def grid(self) -> BarGrid | None:
        """Bars and beats; None until the first loop is there."""
        return self._grid

    @property
    def position(self) -> int:
        """Frames that have been played."""
        return self._position

    @property
    def level(self) -> float:
        """What was asked for last."""
        return self._level

    @property
    def playing(self) -> int | None:
        """Which loop is heard; None until there is one."""
        return self._now

    def add(self, place: int, samples: FloatArray, grid: BarGrid) -> None:
        """Take a loop (A, N), N frames as in the grid; it may be heard from the next bar on."""
        with self._lock:
            if self._grid is not None and grid != self._grid:
                raise ValueError(f"a loop of {grid} beside others of {self._grid}")
            self._grid = grid
            self._loops[place] = np.ascontiguousarray(samples, np.float32)
            self._aim()

    def set_level(self, level: float) -> None:
        """Change to the loop nearest to this level, at the next bar."""
        with self._lock:
            self._level = level
            self._aim()

    def lay_over(self, samples: FloatArray) -> None:
        """Play a sound (A, M) once, from the next beat on; nothing before there is a loop."""
        with self._lock:
            if self._grid is not None:
                start = self._grid.beat_at_or_after(self._position)
                self._voices.append(_Voice(start, samples))

    def read_into(self, out: FloatArray) -> None:
        """Fill (A, n) with what comes next; silence, and no time passes, before the first loop."""
        with self._lock:
            if self._grid is None:
                out[:] = 0.0
                return
            done, wanted = 0, out.shape[1]
            while done < wanted:
                count = self._steady(min(wanted - done, BLOCK), self._grid)
                self._mix(out[:, done : done + count], self._grid)
                done += count

    def _aim(self) -> None:
        """Settle which loop is next, and when; what has begun to fade is not turned back."""
        if self._grid is None or (self._change and self._change.begin < self._position):
            return
        best = min(self._loops, key=lambda place: (abs(self._levels[place] - self._level), place))
        if self._now is None or self._position == 0:
            self._now, self._change = best, None
        elif best == self._now:
            self._change = None
        else:
            bar = self._grid.bar_at_or_after(self._position + self._fade)
            self._change = _Change(best, bar - self._fade)

    def _steady(self, count: int, grid: BarGrid) -> int:
        """Return how many of ``count`` frames are mixed in one way."""
        room = grid.frames - self._position % grid.frames
        if self._change is not None:
            gone = self._position - self._change.begin
            room = min(room, -gone if gone < 0 else self._fade - gone)
        return min(count, room)

    def _mix(self, out: FloatArray, grid: BarGrid) -> None:
        """Fill (A, n) of one way, and go on to where they end."""
        count, begin = out.shape[1], self._position
        assert self._now is not None
        inside = slice(begin % grid.frames, begin % grid.frames + count)
        change, scratch = self._change, self._scratch[:, :count]
        if change is None or begin < change.begin:
            out[:] = self._loops[self._now][:, inside]
        else:
            faded = slice(begin - change.begin, begin - change.begin + count)
            np.multiply(self._loops[self._now][:, inside], self._fall[faded], out=out)
            np.multiply(self._loops[change.to][:, inside], self._rise[faded], out=scratch)
            out += scratch
        for voice in self._voices:
            first, last = max(voice.start, begin), min(voice.end, begin + count)
            if first < last:
                out[:, first - begin : last - begin] += voice.samples[
                    :, first - voice.start : last - voice.start
                ]
        round_off(out, scratch, self._over[:, :count])
        self._position = begin + count
        self._voices = [voice for voice in self._voices if voice.end > self._position]
        if change is not None and self._position == change.begin + self._fade:
            self._now, self._change = change.to, None
            self._aim()


def round_off(out: FloatArray, scratch: FloatArray, over: FloatArray) -> None:
    """Bend what is louder than ``KNEE`` so that it stays below 1, in place.

    Args:
        out: (A, n).
        scratch: Of the same shape, overwritten.
        over: As ``scratch``.
    """
    np.abs(out, out=scratch)
    np.subtract(scratch, KNEE, out=over)
    np.maximum(over, 0.0, out=over)
    if not over.any():
        return
    over /= np.float32(1.0 - KNEE)
    np.add(over, 1.0, out=scratch)
    over /= scratch  # t / (1 + t): as steep as before at the knee, and never 1
    over *= np.float32(1.0 - KNEE)
    np.clip(out, -KNEE, KNEE, out=scratch)
    np.copysign(over, out, out=over)
    np.add(scratch, over, out=out)
