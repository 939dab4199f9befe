"""Write a film again with another sound: its pictures packet by packet as they are."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import DescantError, OutputError
from descant.runtime.files import check_not_inputs, check_writable, output_error, whole_file
from descant.runtime.film import Film
from descant.runtime.film_copy import copied_stream, copy_texts, left_out, moved_packets
from descant.runtime.film_edits import Hidden, end_pictures
from descant.runtime.film_file import load_av, open_film, picture_stream
from descant.runtime.film_scan import timed_packets

if TYPE_CHECKING:
    from av.container import OutputContainer

FloatArray = NDArray[np.float32]


class Kind(NamedTuple):
    """A container, and the codec and rate of the sound in it."""

    container: str
    codec: str
    sample_rate: int
    bit_rate: int | None


KINDS = {
    ".mp4": Kind("mp4", "aac", 44100, 192_000),
    ".m4v": Kind("mp4", "aac", 44100, 192_000),
    ".mov": Kind("mov", "aac", 44100, 192_000),
    ".mkv": Kind("matroska", "flac", 44100, None),
    ".webm": Kind("webm", "libopus", 48000, 160_000),
}
"""By suffix."""
AHEAD_SECONDS = 0.5
"""Sound is written so far before the pictures that it goes with."""
_BLOCK = 4096
_OPTIONS = {"fflags": "bitexact"}
_CONVERT = "encode the film anew first, such as to MP4 with H.264"


def check_film_target(path: str | Path, source: str | Path) -> Path:
    """Return ``path`` when a film could be written there.

    Raises:
        OutputError: Unknown suffix, missing or read-only folder, or the film itself.
    """
    target = Path(path)
    if target.suffix.lower() not in KINDS:
        raise OutputError(
            f"can't write {str(target)!r:.300}: unknown film format {target.suffix!r}",
            hint=f"end the name in {', '.join(KINDS)}",
        )
    check_writable(target)
    check_not_inputs([target], [source], "the film itself")
    return target


def write_film(
    film: Film, target: Path, samples: FloatArray, sample_rate: int, receipt: dict[str, Any]
) -> tuple[str, ...]:
    """Write a film's pictures with a sound, whole or not at all.

    Args:
        film: Its pictures are copied.
        target: Of ``check_film_target``.
        samples: (A, N) float32 in [-1, 1].
        sample_rate: Hz.
        receipt: Goes into the metadata as JSON.

    Returns:
        Warnings: what of the film is left out.

    Raises:
        OutputError: The container can't hold the film's pictures, or the disk is full.
    """
    av = load_av()
    kind = KINDS[target.suffix.lower()]
    with whole_file(target) as part, open_film(film.path) as source, told(target):
        pictures = picture_stream(source, film.path)
        with av.open(str(part), "w", format=kind.container, options=_OPTIONS) as out:
            copy_texts(source, out, film)
            out.metadata["comment"] = json.dumps(receipt, ensure_ascii=True, separators=(",", ":"))
            copy = copied_stream(out, pictures)
            sound = _Sound(out, kind, samples, sample_rate)
            for packet in moved_packets(film, timed_packets(source, pictures)):
                sound.write_until(float((packet.dts or 0) * packet.time_base) + AHEAD_SECONDS)
                packet.stream = copy
                out.mux(packet)
            sound.finish()
        if film.hidden is Hidden.AFTER:
            end_pictures(part, film.picture_seconds)
        return left_out(source)


def check_film_fits(film: Film, target: Path) -> None:
    """Find out before the work whether a container can hold a film's pictures.

    Raises:
        OutputError: It can't, or can't hide what the film hides.
    """
    own = target.suffix.lower()
    if _fits(film, KINDS[own]):
        return
    others = [suffix for suffix in (".mkv", ".mov") if suffix != own and _fits(film, KINDS[suffix])]
    what = "hide what was cut off this film" if film.hidden else "hold this film's pictures"
    raise OutputError(
        f"can't write {str(target)!r:.300}: a {target.suffix} can't {what}",
        hint=f"end the name in {others[0]}" if others else _CONVERT,
    )


def _fits(film: Film, kind: Kind) -> bool:
    """Try a container with the first packet, in memory."""
    if film.hidden and (film.hidden is Hidden.BETWEEN or kind.container not in ("mp4", "mov")):
        return False
    av = load_av()
    with open_film(film.path) as source:
        pictures = picture_stream(source, film.path)
        try:
            with av.open(io.BytesIO(), "w", format=kind.container, options=_OPTIONS) as out:
                copy = copied_stream(out, pictures)
                for packet in islice(moved_packets(film, timed_packets(source, pictures)), 1):
                    packet.stream = copy
                    out.mux(packet)
        except (av.error.FFmpegError, ValueError):
            return False
    return True


class _Sound:
    """Encodes samples bit by bit, beside the pictures."""

    def __init__(
        self, out: OutputContainer, kind: Kind, samples: FloatArray, sample_rate: int
    ) -> None:
        self._out, self._samples, self._rate = out, samples, sample_rate
        layout = "mono" if len(samples) == 1 else "stereo"
        stream: Any = out.add_stream(kind.codec, rate=kind.sample_rate, layout=layout)
        if kind.bit_rate is not None:
            stream.bit_rate = kind.bit_rate
        self._stream, self._layout, self._done = stream, layout, 0

    def write_until(self, second: float) -> None:
        """Encode up to a time of the film."""
        av = load_av()
        end = min(int(second * self._rate), self._samples.shape[1])
        while self._done < end:
            block = self._samples[:, self._done : min(self._done + _BLOCK, end)]
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block), format="fltp", layout=self._layout
            )
            frame.sample_rate, frame.pts = self._rate, self._done
            frame.time_base = Fraction(1, self._rate)
            self._out.mux(self._stream.encode(frame))
            self._done += block.shape[1]

    def finish(self) -> None:
        """Encode the rest."""
        self.write_until(self._samples.shape[1] / self._rate + 1.0)
        self._out.mux(self._stream.encode(None))


@contextmanager
def told(target: Path) -> Iterator[None]:
    """Turn what FFmpeg meets while it writes into an ``OutputError``."""
    av = load_av()
    try:
        yield
    except (av.error.FFmpegError, ValueError) as error:
        if isinstance(error, DescantError):
            raise
        code = getattr(error, "errno", None) or errno.EINVAL
        if 0 < code != errno.EINVAL and code in errno.errorcode:
            raise output_error(target, OSError(code, os.strerror(code))) from error
        raise OutputError(
            f"can't write {str(target)!r:.300}: a {target.suffix} can't hold this film's pictures",
            hint=_CONVERT,
        ) from error
