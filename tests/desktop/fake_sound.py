"""A sound card that the test drives: it asks for frames when it is told to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from descant.desktop.player import Player
from descant.desktop.portaudio import Fill, NoOutputError, Stream

RATE = 44_100


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class FakeStream:
    """Keeps what it was given to play."""

    def __init__(self, clock: Clock, sample_rate: int, channels: int, fill: Fill) -> None:
        self.sample_rate, self.channels = sample_rate, channels
        self.active = False
        self.closed = False
        self._clock, self._fill = clock, fill
        self._played: list[NDArray[np.float32]] = []

    def start(self) -> None:
        self.active = True

    def close(self) -> None:
        self.active, self.closed = False, True

    def pump(self, frames: int, block: int = 441) -> NDArray[np.float32]:
        """Ask for frames in blocks, each heard at once; return (frames, A) of them."""
        out = np.full((frames, self.channels), np.nan, np.float32)
        for begin in range(0, frames, block):
            part = out[begin : begin + block]
            self._fill(part, 0.0)
            self._clock.now += len(part) / self.sample_rate
        self._played.append(out)
        return out


class FakeBackend:
    """Outputs by name; tests take them away and bring them back."""

    def __init__(self, clock: Clock, *names: str, rates: tuple[int, ...] = (44_100,)) -> None:
        self.clock = clock
        self.names: tuple[str, ...] = names
        self.inputs: tuple[str, ...] = ()
        self.rates = rates
        self.channels = 1
        self.error: NoOutputError | None = None
        self.streams: list[FakeStream] = []
        self.opened: list[str | None] = []
        self.rescans = 0

    @property
    def stream(self) -> FakeStream:
        """The one opened last."""
        return self.streams[-1]

    def devices(self) -> tuple[str, ...]:
        return self.names

    def microphones(self) -> tuple[str, ...]:
        return self.inputs

    def rescan(self) -> None:
        self.rescans += 1

    def open(self, device: str | None, sample_rate: int, fill: Fill) -> Stream:
        if self.error is not None:
            raise self.error
        if not self.names:
            raise NoOutputError("no device")
        if device is not None and device not in self.names:
            raise NoOutputError("missing", device)
        rate = sample_rate if sample_rate in self.rates else self.rates[0]
        self.streams.append(FakeStream(self.clock, rate, self.channels, fill))
        self.opened.append(device)
        return self.streams[-1]

    def unplug(self) -> None:
        """Take all outputs away; what plays stops being asked."""
        self.names = ()
        self.stream.active = False


def take(seconds: float = 2.0, level: float = 0.3, seed: int = 1) -> NDArray[np.float32]:
    """(1, N) noise: no two places of it are alike."""
    noise = np.random.default_rng(seed).uniform(-level, level, (1, round(seconds * RATE)))
    return noise.astype(np.float32)


def start(qtbot: QtBot, player: Player, card: FakeBackend) -> None:
    """Play, and wait until the card runs."""
    before = len(card.streams)
    player.play()
    qtbot.waitUntil(lambda: len(card.streams) > before and player._ready)
