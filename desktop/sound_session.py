"""One mixer with what drives it: a sound card, or a clock where there is none."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.desktop.mixer import MAX_BLOCK, Mixer
from descant.desktop.portaudio import NoOutputError, Stream

PATIENCE = 1.0
"""Seconds without a question from the card after which it counts as lost."""
_MAX_GAP = 1.0
"""Seconds that the silent clock makes up for at once, such as after the machine slept."""
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class _Heard:
    at: float
    """Clock time at which the first frame is heard."""
    serial: int
    frame: int
    length: int


class Session:
    """Knows which frame is heard at this moment."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """Make a session that is neither driven by a card nor by the clock yet."""
        self.mixer = Mixer(44_100, 1)
        self.stream: Stream | None = None
        self.asked_rate = 0
        """Hz that the card was opened for; its own may be another."""
        self.error: NoOutputError | None = None
        """Why there is no card."""
        self._clock = clock
        self._heard: deque[_Heard] = deque(maxlen=_REMEMBERED)
        self._next_at = 0.0
        self._asked_at = self._advanced_at = clock()
        self._silence = np.zeros((MAX_BLOCK, 1), np.float32)

    def take(self, mixer: Mixer) -> None:
        """Play from another mixer; its channels are those of the stream."""
        self._heard.clear()
        self._silence = np.zeros((MAX_BLOCK, mixer.channels), np.float32)
        self._advanced_at = self._clock()
        self.mixer = mixer

    def start(self) -> None:
        """Let the card run."""
        self._asked_at = self._clock()
        if self.stream is not None:
            self.stream.start()

    def fill(self, out: NDArray[np.float32], lead: float) -> None:
        """Render a block whose first frame is heard in ``lead`` seconds; the card calls this."""
        now = self._clock()
        self._asked_at = now
        mixer = self.mixer
        mixer.render(out)
        at = now + lead
        # Threads wake up late by chance; the card's own pace is steady.
        if abs(at - self._next_at) < 0.05:
            at = self._next_at + 0.1 * (at - self._next_at)
        self._next_at = at + len(out) / mixer.sample_rate
        for part in mixer.stretches:
            heard = at + part.offset / mixer.sample_rate
            self._heard.append(_Heard(heard, part.serial, part.frame, part.length))

    def advance(self) -> None:
        """Where there is no card: render what the time since the last call holds, and drop it."""
        if self.stream is not None:
            return
        now = self._clock()
        begin = max(self._advanced_at, now - _MAX_GAP)
        frames = int((now - begin) * self.mixer.sample_rate)
        self._advanced_at = begin + frames / self.mixer.sample_rate
        while frames > 0:
            part = self._silence[: min(frames, MAX_BLOCK)]
            self.fill(part, -frames / self.mixer.sample_rate)
            frames -= len(part)

    def wake(self) -> None:
        """Let the clock go on from now, as if nothing had been missed."""
        self._advanced_at = self._clock()

    def settled(self, serial: int) -> bool:
        """Whether all that was asked for is heard and nothing moves."""
        return not self.mixer.sounding and self.position(serial) == self.mixer.frame

    def lost(self) -> bool:
        """Whether the card has stopped asking."""
        if self.stream is None:
            return False
        return not self.stream.active or self._clock() - self._asked_at > PATIENCE

    def position(self, serial: int) -> float | None:
        """Return the frame that is heard now; None while the jump ``serial`` is not heard yet."""
        now = self._clock()
        heard = tuple(self._heard)
        # A card that takes blocks faster than they sound leaves none of the past in the row.
        current = heard[0] if heard else None
        for part in heard:
            if part.at > now:
                break
            current = part
        if current is None or current.serial != serial:
            return None
        since = (now - current.at) * self.mixer.sample_rate
        return current.frame + min(max(since, 0.0), float(current.length))

    def close(self) -> None:
        """Let the card go."""
        if self.stream is not None:
            self.stream.close()
