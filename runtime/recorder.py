"""A take from the microphone, kept whatever ends it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.checks import check_number
from descant.runtime.errors import BackendError
from descant.runtime.files import write_atomically
from descant.runtime.sound_cards import USUAL_RATE, SoundCard, reason_of, sound_cards
from descant.runtime.wav import wav_bytes

MAX_SECONDS = 600.0
QUIET_PEAK, LOUD_PEAK = 0.01, 0.99
PATIENCE_S = 3.0
"""Seconds without a sample after which a microphone counts as gone."""


@dataclass(frozen=True, slots=True)
class Take:
    """What was recorded."""

    seconds: float
    sample_rate: int
    warnings: tuple[str, ...] = ()


def record_take(
    path: str | Path,
    seconds: float | None,
    microphone: str | None = None,
    on_start: Callable[[], None] = lambda: None,
) -> Take:
    """Record until the time is up or Ctrl-C is pressed, then write a 16-bit WAV file.

    Args:
        path: Where it goes, whole or not at all.
        seconds: Length; None records until Ctrl-C, ten minutes at most.
        microphone: A part of its name, or its number; None takes the system's.
        on_start: Called when the microphone is open.

    Raises:
        BackendError: sounddevice is not installed, there is no microphone, it can't be used, or
            nothing came from it.
        OutputError: The file can't be written.
    """
    check_number("seconds", seconds, 0.1, MAX_SECONDS)
    device = load_sounddevice()
    name, rate = find_microphone(device, microphone)
    samples = _listen(device, name, rate, MAX_SECONDS if seconds is None else seconds, on_start)
    if not len(samples):
        raise BackendError("nothing was recorded", hint="leave it a moment before Ctrl-C")
    frames = np.round(samples.clip(-1.0, 1.0) * 32767).astype(np.int32)
    write_atomically(path, wav_bytes(frames[:, None], rate, 16, ""))
    return Take(len(samples) / rate, rate, judge_take(samples))


def load_sounddevice() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise BackendError(
            "sounddevice is not installed", hint="pip install 'descant[record]'"
        ) from error
    except OSError as error:  # the wheel is there, the system's library is not
        raise BackendError(
            f"PortAudio can't be loaded: {str(error)[:200]}",
            hint="install libportaudio2",
        ) from error
    return sounddevice


def find_microphone(device: Any, microphone: str | None) -> tuple[int, int]:
    """Return the number and the usual rate of an input.

    Args:
        device: sounddevice.
        microphone: Its name, a part of it, or its number; None takes the system's.

    Raises:
        BackendError: There is none, or none of this name.
    """
    try:
        wanted: str | int | None = microphone
        if microphone is not None and microphone.isdecimal():
            wanted = int(microphone)
        elif microphone is not None and (card := _named(device, microphone)) is not None:
            return card.index, card.sample_rate
        found = device.query_devices(wanted, "input")
    except (device.PortAudioError, ValueError) as error:
        named = "" if microphone is None else f" like {microphone!r:.100}"
        raise BackendError(
            f"there is no microphone{named}: {reason_of(error)}",
            hint="plug one in, or allow access to it in the system's settings",
        ) from error
    return int(found["index"]), round(found.get("default_samplerate") or USUAL_RATE)


def _named(device: Any, name: str) -> SoundCard | None:
    """The input that is called so, or else so in part: PortAudio refuses a name that several of a
    card's host APIs share."""
    cards = sound_cards(device, "input")
    whole = [card for card in cards if card.name == name]
    part = [card for card in cards if name.casefold() in card.name.casefold()]
    return next(iter(whole or part), None)


def _listen(
    device: Any, number: int, rate: int, seconds: float, on_start: Callable[[], None]
) -> NDArray[np.float32]:
    """(N,) samples; Ctrl-C ends them."""
    blocks: queue.SimpleQueue[NDArray[np.float32]] = queue.SimpleQueue()
    wanted, parts, got = round(seconds * rate), [np.zeros(0, np.float32)], 0

    def keep(block: NDArray[np.float32], *_: object) -> None:
        blocks.put(block[:, 0].copy())

    try:
        with device.InputStream(
            samplerate=rate, device=number, channels=1, dtype="float32", callback=keep
        ):
            on_start()
            latest = time.monotonic()
            while got < wanted and time.monotonic() - latest < PATIENCE_S:
                try:
                    parts.append(blocks.get(timeout=0.1))
                except queue.Empty:
                    continue
                got, latest = got + len(parts[-1]), time.monotonic()
    except KeyboardInterrupt:
        while not blocks.empty():
            parts.append(blocks.get())
    except device.PortAudioError as error:
        if not got:
            raise BackendError(
                f"the microphone can't be used: {reason_of(error)}",
                hint="close the program that holds it, or choose another with --microphone",
            ) from error
    return np.nan_to_num(np.concatenate(parts)[:wanted])


def judge_take(samples: NDArray[np.float32]) -> tuple[str, ...]:
    peak = float(np.abs(samples).max())
    if peak < QUIET_PEAK:
        return ("the take is very quiet: is this the right microphone?",)
    return (
        ("the take is clipped: sing less loud or turn the gain down",) if peak > LOUD_PEAK else ()
    )
