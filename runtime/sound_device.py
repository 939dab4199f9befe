"""The way to the loudspeakers: PortAudio by sounddevice, an extra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import BackendError
from descant.runtime.recorder import load_sounddevice
from descant.runtime.sound_cards import reason_of

Fill = Callable[[NDArray[np.float32]], None]
"""Fills (A, n) with what is to be heard next; called from a thread of PortAudio."""


def open_output(fill: Fill, channels: int, sample_rate: int, name: str | int | None = None) -> Any:
    """Start to play; the stream that is returned has ``close``.

    Args:
        fill: Is asked for every block.
        channels: A.
        sample_rate: Hz.
        name: A part of the loudspeaker's name, or its number; None takes the system's.

    Raises:
        BackendError: sounddevice is missing, or there is no such output.
    """
    device = load_sounddevice()

    def callback(out: NDArray[np.float32], *_: object) -> None:
        fill(out.T)

    try:
        stream = device.OutputStream(
            samplerate=sample_rate,
            device=name,
            channels=channels,
            dtype="float32",
            callback=callback,
        )
        stream.start()
    except (device.PortAudioError, ValueError) as error:
        raise BackendError(
            f"there is no sound output: {reason_of(error)}",
            hint="plug one in, choose another, or take the samples by read()",
        ) from error
    return stream
