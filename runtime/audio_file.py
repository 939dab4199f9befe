"""Samples of an untrusted audio file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import RequestError
from descant.runtime.input_file import digest, open_input

MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 4_000, 384_000
MAX_CHANNELS = 64
HINT = "choose a WAV, FLAC, OGG or MP3 file"


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What an audio file holds, from its beginning."""

    name: str
    """Of the file, without its folder."""
    sha256: str
    """Of the file's bytes."""
    samples: NDArray[np.float32]
    """(A, N)."""
    sample_rate: int
    """Hz."""
    seconds: float
    """Length of the whole file, of which ``samples`` may be the beginning only."""


def read_recording(path: str | Path, seconds: float) -> Recording:
    """Read the first ``seconds`` of an audio file.

    Raises:
        RequestError: It is missing, no audio, damaged, empty, or of an unusual rate.
    """
    with open_audio(path, "init") as (audio, sha256):
        frames = audio.read(int(seconds * audio.samplerate), "float32", always_2d=True)
        whole, sample_rate = len(audio) / audio.samplerate, int(audio.samplerate)
    name = Path(path).name
    if not len(frames) or not np.isfinite(frames).all():
        raise RequestError(
            f"init {name!r:.200} is damaged: no samples, or some that are no numbers",
            hint="choose another file",
        )
    return Recording(name, sha256, np.ascontiguousarray(frames.T), sample_rate, whole)


@contextmanager
def open_audio(path: str | Path, what: str) -> Iterator[tuple[Any, str]]:
    """Open an audio file; give a ``soundfile.SoundFile`` and the SHA-256 of the file.

    What libsndfile meets in the body of the ``with`` is turned into an error that names the file.

    Args:
        path: Of the file.
        what: Begins every message, such as "init".

    Raises:
        RequestError: It is missing, no audio, damaged, empty, or of an unusual rate.
    """
    import soundfile

    with open_input(path, what, HINT) as stream:
        sha256 = digest(stream)
        try:
            with soundfile.SoundFile(stream) as audio:
                name = f"{what} {Path(path).name!r:.200}"
                _check(name, audio.samplerate, audio.channels, len(audio))
                yield audio, sha256
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, RequestError):
                raise
            reason = getattr(error, "error_string", None) or getattr(error, "strerror", None)
            raise RequestError(
                f"{what} {str(path)!r:.200} can't be read: {reason or 'not a usable file'}",
                hint=HINT,
            ) from error


def _check(name: str, sample_rate: int, channels: int, frames: int) -> None:
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        raise RequestError(
            f"{name} has {sample_rate} samples per second, "
            f"the limits are {MIN_SAMPLE_RATE} and {MAX_SAMPLE_RATE}",
            hint="convert it to 44100",
        )
    if channels > MAX_CHANNELS or frames < 1:
        raise RequestError(
            f"{name} has {channels} channels and {frames} samples in each",
            hint="choose another file",
        )
