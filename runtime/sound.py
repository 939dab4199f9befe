"""A sound to be guided by: a few excerpts of an untrusted audio file, and their place in CLMP."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.mel import log_mel
from descant.kernels.resample import resample
from descant.models.spec import AudioSpec
from descant.runtime.audio_file import cut_warning, decoded, is_cut, open_audio
from descant.runtime.errors import RequestError
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

EXCERPT_SECONDS = 10.0
"""As long as the clips that the audio towers were trained on."""
MAX_EXCERPTS = 6
"""Spread evenly over a long sound; only these are read."""
MAX_SECONDS = 6 * 3600.0
SHORTEST_SECONDS = 1.0
"""Shorter sounds are repeated until they are as long."""
LEVEL_RMS, LEVEL_PEAK = 0.126, 0.95
"""Loudness of the clips that the starter's audio tower was trained on, as far as peaks allow."""
SILENT_RMS = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """What was heard of an audio file."""

    name: str
    """Of the file, without its folder."""
    sha256: str
    """Of the file's bytes."""
    excerpts: tuple[FloatArray, ...]
    """Each (N,) at the rate that was asked for, all channels in one."""
    warnings: tuple[str, ...] = ()


def read_sound(path: str | Path, sample_rate: int) -> Sound:
    """Read excerpts of an audio file; of a damaged one, what can be decoded.

    Args:
        path: WAV, FLAC, OGG or MP3 of any rate and number of channels.
        sample_rate: Hz of the excerpts.

    Raises:
        RequestError: It is missing, no audio, empty, silent, longer than six hours, or holds
            samples that are no numbers.
    """
    name = Path(path).name
    with open_audio(path, "audio") as (audio, sha256, early):
        seconds = len(audio) / audio.samplerate
        if seconds > MAX_SECONDS:
            raise RequestError(
                f"audio {name!r:.200} lasts {seconds:.0f} s, the limit is {MAX_SECONDS:.0f}",
                hint="cut out the part that matters",
            )
        excerpts, rate = _read_excerpts(audio, name), int(audio.samplerate)
    broken = not excerpts
    if broken:
        excerpts = _read_beginning(path, name)
    heard = [e for e in excerpts if math.sqrt(np.square(e, dtype=np.float64).mean()) > SILENT_RMS]
    if not heard:
        raise RequestError(f"audio {name!r:.200} is silent", hint="choose another file")
    warnings = (cut_warning(name),) if broken or early else ()
    return Sound(name, sha256, tuple(_prepared(e, rate, sample_rate) for e in heard), warnings)


def read_whole_sound(path: str | Path, sample_rate: int, max_seconds: float) -> Sound:
    """Read an audio file from its beginning to its end, as one excerpt; raises as ``read_sound``.

    Args:
        path: WAV, FLAC, OGG or MP3 of any rate and number of channels.
        sample_rate: Hz of the excerpt.
        max_seconds: Longer files are refused.
    """
    name = Path(path).name
    with open_audio(path, "recording") as (audio, sha256, early):
        frames, rate = len(audio), int(audio.samplerate)
        if frames / rate > max_seconds:
            raise RequestError(
                f"recording {name!r:.200} lasts {frames / rate:.0f} s, "
                f"the limit is {max_seconds:.0f}",
                hint="cut out the part that matters",
            )
        samples = read_mono(audio, 0, frames, name)
    if not len(samples):
        raise RequestError(
            f"recording {name!r:.200} is damaged: nothing of it can be decoded",
            hint="choose another file",
        )
    if math.sqrt(np.square(samples, dtype=np.float64).mean()) <= SILENT_RMS:
        raise RequestError(f"recording {name!r:.200} is silent", hint="choose another file")
    broken = is_cut(len(samples), frames, rate)
    warnings = (cut_warning(name),) if broken or early else ()
    return Sound(name, sha256, (_resampled(samples, rate, sample_rate),), warnings)


def embed_sound(sessions: Sessions, audio: AudioSpec, sound: Sound) -> Pieces[FloatArray]:
    """(1, 512) mean of the excerpts' embeddings, unit length."""
    rows = []
    for excerpt in sound.excerpts:
        yield Piece("mel", len(excerpt))
        mel = log_mel(_levelled(excerpt), audio)[None]
        rows.append((yield from call(sessions, "audio_encoder", mel=mel))["embedding"])
    return unit_mean(rows)


def unit_mean(rows: list[FloatArray], weights: Sequence[float] | None = None) -> FloatArray:
    """Mean of the directions of vectors (..., D), evenly or weighted, of unit length."""
    units = [row / max(float(np.linalg.norm(row)), 1e-12) for row in rows]
    # Only the ratios of weights count; the smallest floats must not vanish on the way.
    shares = None if weights is None else np.array(weights, np.float64) / max(weights)
    mean = np.average(units, axis=0, weights=shares)
    result: FloatArray = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return result


def _read_excerpts(audio: Any, name: str) -> list[FloatArray]:
    """Return (N,) excerpts at the file's own rate; none if some of it can't be decoded."""
    frames, length = len(audio), int(EXCERPT_SECONDS * audio.samplerate)
    count = min(math.ceil(frames / length), MAX_EXCERPTS)
    excerpts = [
        read_mono(audio, round(i * max(frames - length, 0) / max(count - 1, 1)), length, name)
        for i in range(count)
    ]
    return excerpts if all(len(part) == min(length, frames) for part in excerpts) else []


def _read_beginning(path: str | Path, name: str) -> list[FloatArray]:
    """Return excerpts of a file that promises more than there is: all that decodes from its
    beginning on."""
    with open_audio(path, "audio") as (audio, *_):  # anew: FLAC's decoder doesn't get up again
        length = int(EXCERPT_SECONDS * audio.samplerate)
        whole = read_mono(audio, 0, length * MAX_EXCERPTS, name)
    parts = [whole[i : i + length] for i in range(0, len(whole), length)]
    full = [part for part in parts if len(part) == length] or parts
    if not full:
        raise RequestError(
            f"audio {name!r:.200} is damaged: nothing of it can be decoded",
            hint="choose another file",
        )
    return full


def read_mono(audio: Any, start: int, length: int, name: str) -> FloatArray:
    """Return up to ``length`` samples of an open file from ``start`` on, the mean of all channels.

    Raises:
        RequestError: Some of them are no numbers.
    """
    blocks = [np.zeros(0, np.float32)]
    try:
        audio.seek(start)
    except RuntimeError:  # of libsndfile, behind the end of a damaged file
        return blocks[0]
    for block in decoded(audio, length):
        if not np.isfinite(block).all():
            raise RequestError(
                f"audio {name!r:.200} is damaged: some of its samples are no numbers",
                hint="choose another file",
            )
        blocks.append(block.mean(1, dtype=np.float64).astype(np.float32))
    return np.concatenate(blocks)


def _resampled(samples: FloatArray, rate: int, new_rate: int) -> FloatArray:
    """Change the rate, after taming what a float file may hold."""
    peak = float(np.abs(samples).max())
    return resample(samples / np.float32(peak) if peak > 1.0 else samples, rate, new_rate)


def _prepared(samples: FloatArray, rate: int, new_rate: int) -> FloatArray:
    """Resample, and repeat what is very short."""
    mended = _resampled(samples, rate, new_rate)
    missing = math.ceil(SHORTEST_SECONDS * new_rate / len(mended))
    return np.tile(mended, missing) if missing > 1 else mended


def level_gain(samples: FloatArray) -> float:
    """Return what brings (N,) samples, not all zero, to the loudness of the networks' training."""
    rms = math.sqrt(np.square(samples, dtype=np.float64).mean())
    return min(LEVEL_RMS / rms, LEVEL_PEAK / float(np.abs(samples).max()))


def _levelled(samples: FloatArray) -> FloatArray:
    return samples * np.float32(level_gain(samples))
