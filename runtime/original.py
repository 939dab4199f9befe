"""The recording that music starts from: what of it is heard, and what of it is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.kernels.resample import resample
from descant.runtime.audio_file import cut_warning, decoded, is_cut, open_audio
from descant.runtime.clip import read_receipt
from descant.runtime.decode import FADE_OUT_SECONDS
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.request import MAX_SECONDS, Request
from descant.runtime.sound import SILENT_RMS, level_gain

FloatArray = NDArray[np.float32]

TAIL_SECONDS = 12.0
"""Read of a file that music only goes on from."""
LEAST_SECONDS = 1.0
MOST_CHANNELS = 2
LONGEST_FADE_SECONDS = 0.5
_BLOCK_SECONDS = 0.02
_FADED, _FULL = 0.1, 0.8
"""Of the level before it: how quiet a file that fades must end, and where the fade begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """An audio file, or its end."""

    name: str
    """Of the file, without its folder."""
    sha256: str
    """Of the file's bytes."""
    samples: FloatArray
    """(A, N), one or two channels, from sample ``first`` to the end of the file."""
    sample_rate: int
    """Hz."""
    first: int
    receipt: Mapping[str, Any] | None
    """What descant has written into the file; None where it has not made it."""
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Samples of the whole file."""
        return self.first + int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Of the whole file."""
        return self.total / self.sample_rate

    @property
    def sound_end(self) -> int:
        """Sample at which the music stops being itself: the end, or where a short fade begins."""
        if self.receipt is not None and not _asked(self.receipt).get("loop"):
            return max(self.total - round(FADE_OUT_SECONDS * self.sample_rate), self.first + 1)
        return self.total - _faded(self.samples.mean(0), self.sample_rate)

    def excerpt(self, begin: int, end: int, sample_rate: int) -> tuple[FloatArray, float]:
        """Return mono samples between two samples of the file, and what they were multiplied by.

        Args:
            begin: At or after ``first``.
            end: Before the file's end.
            sample_rate: Hz of the result.

        Returns:
            (N,) float32 at the loudness that the networks know.

        Raises:
            RequestError: They are silent.
        """
        part = self.samples[:, begin - self.first : end - self.first]
        mono = resample(
            part.mean(0, dtype=np.float64).astype(np.float32), self.sample_rate, sample_rate
        )
        if float(np.sqrt(np.square(mono, dtype=np.float64).mean())) <= SILENT_RMS:
            raise RequestError(f"{self.name!r:.200} is silent there", hint="choose another place")
        gain = level_gain(mono)
        return mono * np.float32(gain), gain


def read_original(request: Request) -> Original:
    """Read what a request starts from or goes on from.

    Raises:
        RequestError: The file can't be read, is too short or too long, has more than two channels,
            or holds samples that are no numbers.
    """
    path = request.init if request.init is not None else request.continues
    assert path is not None
    what = "init" if request.init is not None else "continues"
    name = Path(path).name
    with open_audio(path, what) as (audio, sha256, early):
        rate, total = int(audio.samplerate), len(audio)
        whole = request.init is not None or request.joined
        _check_size(f"{what} {name!r:.200}", total / rate, audio.channels, whole)
        first = 0 if whole else max(total - round(TAIL_SECONDS * rate), 0)
        frames = np.zeros((0, audio.channels), np.float32)
        with contextlib.suppress(RuntimeError):  # of libsndfile: there is nothing to go to
            audio.seek(first)
            frames = np.concatenate(list(decoded(audio, total - first)))
        subtype = audio.subtype
    broken = is_cut(len(frames), total - first, rate)
    if broken and first:
        frames, first = _last(path, what, total - first)
    if not np.isfinite(frames).all() or len(frames) < LEAST_SECONDS * rate:
        raise RequestError(
            f"{what} {name!r:.200} is damaged: samples are missing or no numbers",
            hint="choose another file",
        )
    samples = _as_written(np.ascontiguousarray(frames.T), subtype)
    warnings = (cut_warning(name),) if broken or early else ()
    return Original(name, sha256, samples, rate, first, _receipt(path), warnings)


def _last(path: str | Path, what: str, count: int) -> tuple[FloatArray, int]:
    """Return the last ``count`` samples (N, A) that can be decoded, and where they begin."""
    with open_audio(path, what) as (audio, *_):
        kept, end = np.zeros((0, audio.channels), np.float32), 0
        for block in decoded(audio, len(audio)):
            kept, end = np.concatenate([kept, block])[-count:], end + len(block)
    return kept, end - len(kept)


def asked_like(request: Request, original: Original, path: str | Path) -> Request:
    """Fill in what a request leaves unsaid: the words that a file of ours was made with.

    A file of others is its own wish: it is heard.

    Raises:
        RequestError: The words in the file are none.
    """
    texts = (request.prompt, request.story, request.caption, request.music_prompt)
    if any(text.strip() for text in texts) or request.images or request.audio is not None:
        return request
    asked = _asked(original.receipt or {})
    prompt, story, negative = (
        text if isinstance(text := asked.get(name), str) else ""
        for name in ("prompt", "story", "negative_prompt")
    )
    if not prompt.strip() and not story.strip():
        return replace(request, audio=path)
    negative = request.negative_prompt or negative
    return replace(request, prompt=prompt, story=story, negative_prompt=negative)


def _asked(receipt: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = receipt.get("request")
    return asked if isinstance(asked, dict) else {}


def _receipt(path: str | Path) -> Mapping[str, Any] | None:
    try:
        return read_receipt(path)
    except OutputError:  # such as an MP3 file's metadata that libsndfile can't read
        return None


def _check_size(what: str, seconds: float, channels: int, whole: bool) -> None:
    if seconds < LEAST_SECONDS:
        raise RequestError(
            f"{what} lasts {seconds:.2f} s, {LEAST_SECONDS:g} s is the least",
            hint="choose a longer file",
        )
    if whole and seconds > MAX_SECONDS:
        raise RequestError(
            f"{what} lasts {seconds:.0f} s, the limit is {MAX_SECONDS:.0f}",
            hint="cut out the part that matters",
        )
    if channels > MOST_CHANNELS:
        raise RequestError(
            f"{what} has {channels} channels, the limit is {MOST_CHANNELS}",
            hint="mix it down to stereo",
        )


def _as_written(samples: FloatArray, subtype: str) -> FloatArray:
    """Undo libsndfile's scale: what is read from 16 or 24 bits is written as the same bits."""
    full = {"PCM_16": 32768 / 32767, "PCM_24": 8388608 / 8388607}.get(subtype)
    return samples if full is None else np.clip(samples * np.float32(full), -1.0, 1.0)


def _faded(mono: FloatArray, sample_rate: int) -> int:
    """Samples at the end in which a recording fades out quickly; 0 where it does not."""
    block = max(round(_BLOCK_SECONDS * sample_rate), 1)
    count = round(2 * LONGEST_FADE_SECONDS / _BLOCK_SECONDS)
    blocks = mono[len(mono) % block :].reshape(-1, block)[-count:]
    levels = np.sqrt(np.square(blocks, dtype=np.float64).mean(1))
    usual = float(np.median(levels[: count // 2]))
    if len(levels) < count or usual <= SILENT_RMS or levels[-1] > _FADED * usual:
        return 0
    full = np.flatnonzero(levels >= _FULL * usual)
    fading = len(levels) - 1 - int(full[-1])
    return fading * block if fading <= count // 2 else 0
