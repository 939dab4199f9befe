"""How far a clip that was made again is from the one in a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from descant.runtime.audio_file import open_audio
from descant.runtime.clip import Clip
from descant.runtime.encode import encode_audio
from descant.runtime.errors import OutputError

FloatArray = NDArray[np.float32]
Verdict = Literal["identical", "within tolerance", "different"]

TOLERANCE_DB, LOSSY_TOLERANCE_DB = -40.0, -30.0
"""Of the difference over the file's own level: one percent, three of what a lossy codec wrote."""
_DEPTHS = {"PCM_16": 16, "PCM_24": 24}
_LOSSY = "VORBIS"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two sounds, compared sample by sample."""

    verdict: Verdict
    difference_db: float | None
    """Root mean square of the difference over the file's; None where it is nothing, or where the
    two can't be laid over each other."""
    stored_as: str
    """How the file keeps its samples, in words."""
    reasons: tuple[str, ...] = ()
    """What stands in the way of a comparison."""


def likeness(path: str | Path, clip: Clip) -> Likeness:
    """Compare a file with a clip, both rounded or compressed in the way of the file.

    Raises:
        RequestError: The file can't be read.
        OutputError: The clip can't be encoded in that way.
    """
    with open_audio(path, "replay") as (audio, *_):
        kind, subtype, rate = str(audio.format), str(audio.subtype), int(audio.samplerate)
        count, made = len(audio), _as_stored(clip, kind, subtype)
        stored = audio.read(
            made.shape[1] + 1, "float32", always_2d=True
        ).T  # one shows it is longer
    stored_as = _words(kind, subtype)
    if rate != clip.sample_rate or stored.shape != made.shape:
        reasons = (
            f"the file has {stored.shape[0]} x {count} samples at {rate} Hz, "
            f"the new clip {made.shape[0]} x {made.shape[1]} at {clip.sample_rate} Hz",
        )
        return Likeness("different", None, stored_as, reasons)
    if np.array_equal(stored, made):
        return Likeness("identical", None, stored_as)
    decibels = _difference_db(stored, made)
    tolerance = LOSSY_TOLERANCE_DB if subtype == _LOSSY else TOLERANCE_DB
    verdict: Verdict = "within tolerance" if decibels <= tolerance else "different"
    return Likeness(verdict, round(decibels, 2), stored_as)


def _as_stored(clip: Clip, kind: str, subtype: str) -> FloatArray:
    """(A, N) what a file of this kind would give back of a clip."""
    suffix = {"WAV": ".wav", "FLAC": ".flac", "OGG": ".ogg"}.get(kind)
    if suffix is None or (subtype not in _DEPTHS and subtype != _LOSSY):
        return clip.samples  # nothing that descant writes: compared as it is
    content = encode_audio(
        clip.samples, clip.sample_rate, suffix, _DEPTHS.get(subtype, 16), comment="replay"
    )
    import soundfile

    try:
        decoded, _ = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise OutputError(f"can't decode {kind} again: {error.error_string}") from error
    return np.ascontiguousarray(decoded.T)


def _difference_db(stored: FloatArray, made: FloatArray) -> float:
    level = float(np.sqrt(np.mean(np.square(stored, dtype=np.float64))))
    apart = float(np.sqrt(np.mean(np.square(stored.astype(np.float64) - made))))
    if not np.isfinite(level) or not np.isfinite(apart):
        return 999.0
    return 20.0 * float(np.log10(max(apart, 1e-12) / max(level, 1e-9)))


def _words(kind: str, subtype: str) -> str:
    if subtype == _LOSSY:
        return f"{kind}, which is lossy"
    return f"{kind} of {_DEPTHS[subtype]} bits" if subtype in _DEPTHS else f"{kind} {subtype}"
