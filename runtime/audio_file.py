"""Samples of an untrusted audio file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.ending import ends_early
from descant.runtime.errors import RequestError
from descant.runtime.input_file import digest, open_input
from descant.runtime.streamed_flac import with_length

MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 4_000, 384_000
MAX_CHANNELS = 64
MAX_STREAMED_SAMPLES = 1 << 31
"""Of a file that doesn't say its length: twelve hours at 48 kHz."""
CUT_SECONDS = 0.1
"""Less that is missing at the end of a file is rounding of its encoder."""
_BLOCK = 65536
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
    warnings: tuple[str, ...] = ()


def read_recording(path: str | Path, seconds: float) -> Recording:
    """Read the first ``seconds`` of an audio file.

    Raises:
        RequestError: It is missing, no audio, damaged, empty, or of an unusual rate.
    """
    name = Path(path).name
    with open_audio(path, "init") as (audio, sha256, early):
        total, sample_rate = len(audio), int(audio.samplerate)
        wanted = min(int(seconds * sample_rate), total)
        frames = np.concatenate(list(decoded(audio, wanted)))
        broken = is_cut(len(frames), wanted, sample_rate)
        early &= wanted == total
    whole = (len(frames) if broken else total) / sample_rate
    warnings = (cut_warning(name),) if broken or early else ()
    if not len(frames) or not np.isfinite(frames).all():
        raise RequestError(
            f"init {name!r:.200} is damaged: no samples, or some that are no numbers",
            hint="choose another file",
        )
    samples = np.ascontiguousarray(frames.T)
    return Recording(name, sha256, samples, sample_rate, whole, warnings)


def decoded(audio: Any, count: int) -> Iterator[NDArray[np.float32]]:
    """Give up to ``count`` samples of an open file in blocks (N, A), as far as it can be decoded.

    The first block may be empty; damage ends them, and what comes before it is given.
    """
    yield np.zeros((0, audio.channels), np.float32)
    while count > 0:
        block = np.full((min(_BLOCK, count), audio.channels), np.nan, np.float32)
        try:
            block = audio.read(out=block)
        except RuntimeError:  # told after as much as possible has been decoded
            missing = np.isnan(block).all(1)
            yield block[: int(missing.argmax()) if missing.any() else len(block)]
            return
        if not len(block):
            return
        yield block
        count -= len(block)


def is_cut(found: int, promised: int, sample_rate: int) -> bool:
    """Whether an end is missing that is worth a word."""
    return promised - found > CUT_SECONDS * sample_rate


def cut_warning(name: str) -> str:
    """Return what to tell the user then."""
    return f"{name!r:.200} is damaged: only a part of it was heard"


@contextmanager
def open_audio(path: str | Path, what: str) -> Iterator[tuple[Any, str, bool]]:
    """Open an audio file; give a ``soundfile.SoundFile``, the SHA-256 of the file, and whether its
    end is known to be missing.

    What libsndfile meets in the body of the ``with`` is turned into an error that names the file.

    Args:
        path: Of the file.
        what: Begins every message, such as "init".

    Raises:
        RequestError: It is missing, no audio, damaged, empty, or of an unusual rate.
    """
    import soundfile

    with open_input(path, what, HINT) as stream:
        sha256, early = digest(stream), ends_early(stream)
        try:
            with soundfile.SoundFile(with_length(stream, _count)) as audio:
                name = f"{what} {Path(path).name!r:.200}"
                _check(name, audio.samplerate, audio.channels, len(audio))
                yield audio, sha256, early
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, RequestError):
                raise
            reason = getattr(error, "error_string", None) or getattr(error, "strerror", None)
            raise RequestError(
                f"{what} {str(path)!r:.200} can't be read: {reason or 'not a usable file'}",
                hint=HINT,
            ) from error


def _count(stream: BufferedReader) -> int:
    """Return how many samples of each channel of a file can be decoded, up to a limit."""
    import soundfile

    with soundfile.SoundFile(stream) as audio:
        return sum(len(block) for block in decoded(audio, MAX_STREAMED_SAMPLES))


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
