"""A melody as plucked strings, to hear notes before anything is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from descant.desktop.background import Background
from descant.desktop.player import Player
from descant.runtime import Note

RATE = 44_100
RING_SECONDS = 0.6
"""How long a string rings on when its note is over."""
MAX_SECONDS = 120.0
_LEVEL = 0.22
_HARMONICS = 8


def pluck(notes: Iterable[Note], tempo_bpm: float, rate: int = RATE) -> NDArray[np.float32]:
    """Render notes with a string for each.

    Args:
        notes: In beats from 0; what begins after ``MAX_SECONDS`` is left out.
        tempo_bpm: Of the beats.
        rate: Hz.

    Returns:
        (1, N) float32 in [-1, 1]; N is 0 without notes.
    """
    beat = 60.0 / tempo_bpm
    heard = [note for note in notes if note.start * beat < MAX_SECONDS]
    last = max((min(note.end * beat, MAX_SECONDS) for note in heard), default=-RING_SECONDS)
    out = np.zeros(round((last + RING_SECONDS) * rate), np.float32)
    for note in heard:
        begin = round(note.start * beat * rate)
        string = _string(note, note.duration * beat, rate)[: len(out) - begin]
        out[begin : begin + len(string)] += string
    peak = float(np.abs(out).max(initial=0.0))
    if peak > 0.9:
        out *= 0.9 / peak
    return out[None]


def _string(note: Note, seconds: float, rate: int) -> NDArray[np.float32]:
    """(N,) a few harmonics, the higher the sooner gone, damped when the note is over."""
    time = np.arange(round((seconds + RING_SECONDS) * rate), dtype=np.float32) / rate
    hertz = 440.0 * 2.0 ** ((note.pitch - 69) / 12)
    wave = np.zeros_like(time)
    for n in range(1, _HARMONICS + 1):
        if n * hertz < 0.45 * rate:
            fall = np.exp(-time * (1.2 + 0.9 * n))
            wave += np.sin(np.float32(2 * np.pi * n * hertz) * time) * fall / n**1.4
    attack = np.minimum(time / 0.004, 1.0)
    damped = np.minimum(1.0, np.exp(-(time - seconds) * 9.0))
    ended = np.minimum((time[-1:] - time) / 0.01, 1.0)
    wave *= attack * damped * ended * (_LEVEL * note.velocity / 100)
    return wave.astype(np.float32)


class Audition:
    """Plays notes beside the take, on an output of its own that is opened when it is needed."""

    def __init__(self, make_player: Callable[[], Player]) -> None:
        """Take what makes the player when something is first heard."""
        self._make_player = make_player
        self._player: Player | None = None
        self._work = Background("descant-audition")

    @property
    def playing(self) -> bool:
        """Whether notes are being heard."""
        return self._player is not None and self._player.state == "playing"

    def play(self, notes: Iterable[Note], tempo_bpm: float) -> None:
        """Hear these notes in place of what was heard before."""
        self._work.drop()
        self._work.run(lambda: pluck(notes, tempo_bpm), self._start)

    def _start(self, samples: NDArray[np.float32]) -> None:
        if not samples.size:
            return
        if self._player is None:
            self._player = self._make_player()
        self._player.load(samples, RATE)
        self._player.play()

    def stop(self) -> None:
        """Be quiet."""
        self._work.drop()
        if self._player is not None:
            self._player.stop()

    def close(self) -> None:
        """Let the output go."""
        self._work.close()
        if self._player is not None:
            self._player.close()
