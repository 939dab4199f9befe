"""What the sound card's callback runs: reads takes, joins what is cut by short fades."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

FADE_SECONDS = 0.005
"""Of every start, stop, seek and change of take: too short to hear, long enough not to click."""
MAX_BLOCK = 8192
"""Frames rendered at once at most; larger blocks are rendered in parts."""
_HISTORY = 256
"""Stretches remembered, to know which of them is heard now."""


@dataclass(frozen=True, slots=True)
class Source:
    """One take, ready for the sound card."""

    frames: FloatArray
    """(N, A) float32 at the card's rate."""
    gain: float = 1.0
    """Linear, on top of the user's."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A stretch that is played again and again, in frames; ``end`` is not played."""

    start: int
    end: int
    fade: int
    """Frames over which the end fades into the start; 0 where they fit together as they are."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames that were rendered one after the other without a jump."""

    serial: int
    """Of the last jump that was asked for before them."""
    offset: int
    """Frames from the beginning of the block."""
    frame: int
    length: int
    """0 where nothing moved: a pause."""


@dataclass(slots=True)
class _Tail:
    """What sounded before a jump and fades out."""

    source: Source
    frame: int
    level: float
    faded: int = 0


class Mixer:
    """Renders blocks. Other threads only post what is to change; nothing here waits for a lock."""

    def __init__(self, sample_rate: int, channels: int, gain: float = 1.0) -> None:
        """Make all buffers that ``render`` will ever need."""
        self.sample_rate, self.channels = sample_rate, channels
        self.fade = max(round(FADE_SECONDS * sample_rate), 1)
        rise = (np.arange(self.fade, dtype=np.float32) + 0.5) / self.fade
        self._rise: FloatArray = np.repeat(rise[:, None], channels, axis=1)
        self._fall: FloatArray = self._rise[::-1].copy()
        self._scratch: FloatArray = np.zeros((MAX_BLOCK, channels), np.float32)
        self._steps: FloatArray = np.repeat(
            np.arange(1, MAX_BLOCK + 1, dtype=np.float32)[:, None], channels, axis=1
        )
        self._posted: deque[Callable[[], None]] = deque()
        self._source = Source(np.zeros((0, channels), np.float32))
        self._loop: Loop | None = None
        self._gain = self._wanted_gain = gain
        self._serial = 0
        self._on = False
        self._risen = 0  # frames since the main voice began to fade in
        self._tails: list[_Tail] = []
        self.frame = 0
        """Next frame to render."""
        self.ended = False
        """The take has been played to its end."""
        self.stretches: deque[Stretch] = deque(maxlen=_HISTORY)
        """Of the blocks rendered last; ``render`` empties it first."""

    @property
    def sounding(self) -> bool:
        """Whether the next block may hold more than silence."""
        return self._on or bool(self._tails) or bool(self._posted)

    def post(
        self,
        *,
        serial: int | None = None,
        on: bool | None = None,
        frame: int | None = None,
        source: Source | None = None,
    ) -> None:
        """Ask for a jump, at the next block: start, stop, seek or another take, or all at once."""
        self._posted.append(lambda: self._jump(serial, on, frame, source))

    def post_loop(self, loop: Loop | None) -> None:
        """Ask for another loop, at the next block."""
        self._posted.append(lambda: self._take_loop(loop))

    def set_gain(self, gain: float) -> None:
        """Ask for a linear gain; the next block moves there in a straight line."""
        self._wanted_gain = gain

    def render(self, out: FloatArray) -> None:
        """Fill ``out``, (n, A) float32, and move on by as much."""
        self.stretches.clear()
        for begin in range(0, len(out), MAX_BLOCK):
            part = out[begin : begin + MAX_BLOCK]
            part.fill(0.0)
            done = 0
            while done < len(part):
                done += self._segment(part[done:], begin + done)
            self._apply_gain(part)

    def _segment(self, out: FloatArray, offset: int) -> int:
        """Render up to the next frame at which anything changes; return how many that were."""
        while self._posted and not self._tails:
            self._posted.popleft()()
        count = len(out)
        for tail in self._tails:
            count = min(count, self.fade - tail.faded)
        if self._on:
            count = min(count, self._until_jump())
        if self._on and count == 0:
            self._turn()
            return 0
        self.stretches.append(Stretch(self._serial, offset, self.frame, count * self._on))
        if self._on:
            self._play(out[:count])
        for tail in self._tails:
            self._play_tail(tail, out[:count])
        if self._tails and self._tails[0].faded >= self.fade:
            del self._tails[0]
        return count

    def _until_jump(self) -> int:
        """Frames that the main voice can go on for."""
        stops = [self._last() - self.frame]
        if self._risen < self.fade:
            stops.append(self.fade - self._risen)
        if self._loop is not None and self.frame <= self._loop.end:
            stops.append(self._loop.end - self.frame)
        return max(min(stops), 0)

    def _last(self) -> int:
        """Frame at which the take stops: its end, or the start of the fade before it."""
        size = len(self._source.frames)
        looped = self._loop is not None and self.frame <= self._loop.end
        return size if looped else max(size - self.fade, 0)

    def _turn(self) -> None:
        """Do what is due at the loop's or the take's end."""
        if self._loop is not None and self.frame == self._loop.end:
            if self._loop.fade:
                self._leave()
                self._risen = 0
            self.frame = self._loop.start
        else:
            self._leave()
            self._on, self.ended = False, True
            self.frame = len(self._source.frames)

    def _jump(
        self, serial: int | None, on: bool | None, frame: int | None, source: Source | None
    ) -> None:
        if self._on:
            self._leave()
        self._risen = 0
        self._source = source or self._source
        if frame is not None:
            self.frame, self.ended = frame, False
        self.frame = min(self.frame, len(self._source.frames))
        self._on = self._on if on is None else on
        self._serial = self._serial if serial is None else serial

    def _take_loop(self, loop: Loop | None) -> None:
        self._loop = loop

    def _leave(self) -> None:
        """Let what sounds now fade out beside what comes."""
        level = min(self._risen / self.fade, 1.0)
        if level and self.frame < len(self._source.frames):
            self._tails.append(_Tail(self._source, self.frame, level))

    def _play(self, out: FloatArray) -> None:
        source, count = self._source, len(out)
        np.multiply(source.frames[self.frame : self.frame + count], source.gain, out=out)
        if self._risen < self.fade:
            out *= self._rise[self._risen : self._risen + count]
            self._risen += count
        self.frame += count

    def _play_tail(self, tail: _Tail, out: FloatArray) -> None:
        there = tail.source.frames[tail.frame : tail.frame + len(out)]
        part = self._scratch[: len(there)]
        np.multiply(there, self._fall[tail.faded : tail.faded + len(there)], out=part)
        part *= tail.source.gain * tail.level
        heard = out[: len(there)]
        heard += part
        tail.frame += len(out)
        tail.faded += len(out)

    def _apply_gain(self, out: FloatArray) -> None:
        wanted = self._wanted_gain
        if wanted == self._gain:
            if wanted != 1.0:
                out *= wanted
            return
        ramp = self._scratch[: len(out)]
        np.multiply(self._steps[: len(out)], (wanted - self._gain) / len(out), out=ramp)
        ramp += self._gain
        out *= ramp
        self._gain = wanted


def seam_fade(frames: FloatArray, start: int, end: int, fade: int) -> int:
    """Return how long a loop's end has to fade into its start: 0 where the step is a small one.

    Args:
        frames: (N, A) float32.
        start: First frame of the loop.
        end: Frame after its last.
        fade: Frames, if one is needed.
    """
    if end <= start:
        return fade
    step = np.abs(frames[start] - frames[end - 1]).max()
    near = [frames[max(end - 64, start) : end], frames[start : min(start + 64, end)]]
    usual = max(float(np.abs(np.diff(part, axis=0)).max(initial=0.0)) for part in near)
    return 0 if step <= max(1.5 * usual, 1e-3) else fade
