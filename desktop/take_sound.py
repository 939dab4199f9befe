"""A take's samples as the card wants them, and the level at which two takes are equally loud."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from descant.desktop.mixer import Mixer, Source
from descant.desktop.portaudio import Backend, NoOutputError
from descant.desktop.sound_session import Session
from descant.kernels.resample import resample
from descant.runtime.loudness import integrated_loudness

FloatArray = NDArray[np.float32]


class TakeSound:
    """The samples of one take; conversions are kept. The slow ones are for another thread."""

    def __init__(self, samples: FloatArray, sample_rate: int) -> None:
        """Keep (A, N) or (N,) float32 samples in [-1, 1]; not modified."""
        self.samples: FloatArray = np.atleast_2d(samples).astype(np.float32, copy=False)
        self.sample_rate = sample_rate
        self.gain = 1.0
        """Linear; below 1 while it is compared with a take that is less loud."""
        self._loudness: float | None = None
        self._frames: dict[tuple[int, int], FloatArray] = {}

    @property
    def length(self) -> int:
        """Samples."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length."""
        return self.length / self.sample_rate

    def loudness(self) -> float:
        """LUFS, measured once; minus infinity for silence. Takes 10 ms for each second."""
        if self._loudness is None:
            self._loudness = integrated_loudness(self.samples, self.sample_rate)
        return self._loudness

    def source(self, sample_rate: int, channels: int) -> Source:
        """Return the frames for a card, converted once."""
        key = (sample_rate, channels)
        if key not in self._frames:
            self._frames[key] = _frames(self.samples, self.sample_rate, sample_rate, channels)
        return Source(self._frames[key], self.gain)


def match_loudness(first: TakeSound, second: TakeSound) -> None:
    """Turn the louder one down to the other; never up, so that nothing can clip."""
    levels = (first.loudness(), second.loudness())
    finite = [level for level in levels if np.isfinite(level)]
    for take, level in zip((first, second), levels, strict=True):
        quietest = min(finite, default=level)
        take.gain = float(10 ** ((quietest - level) / 20)) if np.isfinite(level) else 1.0


def level(pair: tuple[TakeSound, TakeSound], session: Session | None) -> None:
    """Make two takes ready to be compared; for another thread."""
    match_loudness(*pair)
    if session is not None:
        convert(session, pair)


def open_session(
    backend: Backend,
    device: str | None,
    takes: Sequence[TakeSound],
    clock: Callable[[], float],
) -> Session:
    """Return a running session with all takes converted for it.

    It is one that the clock drives, and that knows why, where there is no card to be had.
    """
    session = Session(clock)
    rate = session.asked_rate = takes[0].sample_rate
    try:
        stream = backend.open(device, rate, session.fill)
        session.take(Mixer(stream.sample_rate, stream.channels))
        session.stream = stream
        session.start()
    except NoOutputError as error:
        session.close()
        session = silent_session(rate, error, clock)
    convert(session, takes)
    return session


def silent_session(rate: int, error: NoOutputError, clock: Callable[[], float]) -> Session:
    """Return a session that the clock drives because of ``error``."""
    session = Session(clock)
    session.asked_rate, session.error = rate, error
    session.take(Mixer(rate, 1))
    return session


def convert(session: Session, takes: Sequence[TakeSound]) -> None:
    """Make the frames of all takes that the session will ask for."""
    for take in takes:
        take.source(session.mixer.sample_rate, session.mixer.channels)


def _frames(samples: FloatArray, old: int, new: int, channels: int) -> FloatArray:
    if channels == 1:
        samples = samples.mean(axis=0, keepdims=True, dtype=np.float32)
    elif len(samples) == 1:
        samples = np.repeat(samples, channels, axis=0)
    return np.ascontiguousarray(resample(samples[:channels], old, new).T)
