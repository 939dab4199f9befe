"""The border to the sound card: PortAudio by way of sounddevice, loaded on first use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from descant.runtime.sound_cards import Direction, SoundCard, reason_of, sound_cards

Fill = Callable[[NDArray[np.float32], float], None]
"""Fills (n, A) float32 frames, of which the first is heard so many seconds from now."""
Why = Literal["no library", "no device", "missing", "failed", "lost"]

_MAX_LEAD = 2.0
"""Seconds; a card that says it plays later than that has no clock to trust."""
_card = threading.Lock()
"""Held while PortAudio is asked or started, or a stream is opened or closed: many threads play."""
_recording = threading.Lock()
_streams: set[int] = set()
"""Open outputs of this program, by identity."""


class NoOutputError(Exception):
    """Sound can't be played; ``why`` is for the program, ``detail`` for the curious."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why: Why = why
        self.detail = detail


class Stream(Protocol):
    """An output that asks for frames from a thread of its own once it was started."""

    sample_rate: int
    channels: int

    @property
    def active(self) -> bool:
        """Whether it is still asking."""

    def start(self) -> None:
        """Begin to ask."""

    def close(self) -> None:
        """Stop at once and let the card go; may be called again."""


class Backend(Protocol):
    """Finds devices and opens outputs. Every call may take a while and raises ``NoOutputError``."""

    def devices(self) -> tuple[str, ...]:
        """Return the names of what can be played on."""

    def microphones(self) -> tuple[str, ...]:
        """Return the names of what can be listened to."""

    def rescan(self) -> None:
        """Look for devices anew; only while no stream is open."""

    def open(self, device: str | None, sample_rate: int, fill: Fill) -> Stream:
        """Open a device (None: the system's) at ``sample_rate``, or else at its own rate."""


@contextmanager
def recording() -> Iterator[None]:
    """Hold off ``rescan`` for as long as this program listens to a microphone."""
    with _recording:
        yield


class PortAudio:
    """The machine's sound card."""

    def devices(self) -> tuple[str, ...]:
        """Return each output once, by its name."""
        return _names("output")

    def microphones(self) -> tuple[str, ...]:
        """Return each input once, by its name."""
        return _names("input")

    def rescan(self) -> None:
        """Start PortAudio again: it lists the devices only when it starts."""
        module = _load()
        with _card:
            if _streams or not _recording.acquire(blocking=False):
                return  # it would stop what is open
            try:
                module._terminate()
                module._initialize()
            except module.PortAudioError as error:
                raise NoOutputError("failed", reason_of(error)) from error
            finally:
                _recording.release()

    def open(self, device: str | None, sample_rate: int, fill: Fill) -> Stream:
        """See ``Backend``."""
        module = _load()
        with _card:
            found = _choose(module, device)
            channels = min(found.channels, 2)
            try:
                rate = _usable_rate(module, found, sample_rate, channels)
                return _PortAudioStream(module, found.index, rate, channels, fill)
            except (module.PortAudioError, ValueError, OSError) as error:
                raise NoOutputError("failed", reason_of(error)) from error


class _PortAudioStream:
    """Calls ``fill`` from PortAudio's thread."""

    def __init__(
        self, module: Any, index: int, sample_rate: int, channels: int, fill: Fill
    ) -> None:
        self.sample_rate, self.channels = sample_rate, channels
        self._error: type[Exception] = module.PortAudioError
        self._late = 0.1

        def callback(out: NDArray[np.float32], _: int, time: Any, __: object) -> None:
            lead = float(time.outputBufferDacTime - time.currentTime)
            fill(out, lead if 0 < lead < _MAX_LEAD else self._late)

        self._stream = module.OutputStream(
            samplerate=sample_rate,
            device=index,
            channels=channels,
            dtype="float32",
            latency="high",  # Python may be late; the position knows of it
            callback=callback,
        )
        self._late = float(self._stream.latency)
        _streams.add(id(self))

    @property
    def active(self) -> bool:
        try:
            return bool(self._stream.active)
        except self._error:
            return False

    def start(self) -> None:
        try:
            self._stream.start()
        except self._error as error:
            raise NoOutputError("failed", reason_of(error)) from error

    def close(self) -> None:
        with _card:
            if id(self) in _streams:
                self._stream.abort(ignore_errors=True)
                self._stream.close(ignore_errors=True)
                _streams.discard(id(self))


def _load() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise NoOutputError("no library", "sounddevice") from error
    except OSError as error:  # the wheel is there, the system's library is not
        raise NoOutputError("no library", "PortAudio") from error
    return sounddevice


def _names(direction: Direction) -> tuple[str, ...]:
    module = _load()
    with _card:
        return tuple(dict.fromkeys(card.name for card in _cards(module, direction)))


def _cards(module: Any, direction: Direction) -> list[SoundCard]:
    try:
        return sound_cards(module, direction)
    except module.PortAudioError as error:
        raise NoOutputError("failed", reason_of(error)) from error


def _choose(module: Any, device: str | None) -> SoundCard:
    found = _cards(module, "output")
    if not found:
        raise NoOutputError("no device")
    if device is None:
        return found[0]
    named = [output for output in found if output.name == device]
    if not named:
        raise NoOutputError("missing", device)
    return named[0]


def _usable_rate(module: Any, output: SoundCard, sample_rate: int, channels: int) -> int:
    """Return ``sample_rate`` if the device takes it, else the device's own."""
    try:
        module.check_output_settings(
            device=output.index, channels=channels, dtype="float32", samplerate=sample_rate
        )
    except (module.PortAudioError, ValueError):
        return output.sample_rate
    return sample_rate
