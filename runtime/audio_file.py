"""Samples of an untrusted audio file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import RequestError

MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 4_000, 384_000
MAX_CHANNELS = 64


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
    import soundfile

    file = Path(path)
    try:
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            with soundfile.SoundFile(stream) as audio:
                _check(file.name, audio.samplerate, audio.channels, len(audio))
                frames = audio.read(int(seconds * audio.samplerate), "float32", always_2d=True)
                whole, sample_rate = len(audio) / audio.samplerate, int(audio.samplerate)
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, RequestError):
            raise
        reason = getattr(error, "error_string", None) or getattr(error, "strerror", None)
        raise RequestError(
            f"init {str(file)!r:.200} can't be read: {reason or 'not a usable file'}",
            hint="choose a WAV, FLAC or OGG file",
        ) from error
    if not len(frames) or not np.isfinite(frames).all():
        raise RequestError(
            f"init {file.name!r:.200} is damaged: no samples, or some that are no numbers",
            hint="choose another file",
        )
    return Recording(file.name, sha256, np.ascontiguousarray(frames.T), sample_rate, whole)


def _check(name: str, sample_rate: int, channels: int, frames: int) -> None:
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        raise RequestError(
            f"init {name!r:.200} has {sample_rate} samples per second, "
            f"the limits are {MIN_SAMPLE_RATE} and {MAX_SAMPLE_RATE}",
            hint="convert it to 44100",
        )
    if channels > MAX_CHANNELS or frames < 1:
        raise RequestError(
            f"init {name!r:.200} has {channels} channels and {frames} samples in each",
            hint="choose another file",
        )
