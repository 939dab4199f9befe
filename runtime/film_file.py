"""The way to a film: one local file, in a format that has no links to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from descant.runtime.errors import BackendError, RequestError
from descant.runtime.input_file import open_input

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

HINT = "choose a film such as MP4, MOV, MKV, WebM or AVI"
MAX_BYTES = 1 << 38
MAX_SIDE, MAX_PIXELS = 16_384, 1 << 26
_FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,nut,m4v,h264,hevc"
"""Demuxers that may be tried; playlists, which name other files and addresses, are not among
them."""
_BUFFER_BYTES = 1 << 20


def load_av() -> Any:
    """Import PyAV.

    Raises:
        BackendError: It is not installed.
    """
    try:
        import av
    except ImportError as error:
        raise BackendError(
            "films need PyAV, which is not installed", hint='pip install "descant[media]"'
        ) from error
    return av


@contextmanager
def open_film(path: str | Path) -> Iterator[InputContainer]:
    """Open a film for reading.

    What FFmpeg meets in the body of the ``with`` is turned into an error that names the file.

    Raises:
        RequestError: It is missing, an address, or no film that FFmpeg can read.
        BackendError: PyAV is not installed.
    """
    av = load_av()
    with open_input(path, "film", HINT, MAX_BYTES) as stream:
        try:
            with av.open(
                stream,
                "r",
                options={"format_whitelist": _FORMATS, "protocol_whitelist": "none"},
                metadata_errors="replace",
                buffer_size=_BUFFER_BYTES,
                io_open=_refuse_link,
            ) as container:
                yield container
        except av.error.FFmpegError as error:
            reason = (
                "it is no film" if isinstance(error, av.error.ArgumentError) else error.strerror
            )
            raise RequestError(
                f"film {str(path)!r:.200} can't be read: {reason or 'it is damaged'}", hint=HINT
            ) from error


def picture_stream(container: InputContainer, path: str | Path) -> VideoStream:
    """Return the stream with the film's pictures; a cover is none.

    Raises:
        RequestError: There is none, or its pictures are larger than any film's.
    """
    name = f"film {Path(path).name!r:.200}"
    streams = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
    if not streams:
        raise RequestError(f"{name} has no pictures", hint="use --audio for a sound; " + HINT)
    if not _is_decodable(streams[0]):
        raise RequestError(f"{name} has pictures of an unknown kind", hint=HINT)
    width, height = streams[0].codec_context.width, streams[0].codec_context.height
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise RequestError(
            f"{name} has pictures of {width} x {height}, the limit is {MAX_SIDE} a side "
            f"and {MAX_PIXELS} in all",
            hint="make it smaller",
        )
    return streams[0]


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the stream with the film's own sound; None if there is none that can be decoded."""
    return next((s for s in container.streams.audio if _is_decodable(s)), None)


def _is_decodable(stream: Stream) -> bool:
    """PyAV has no context for a codec that it doesn't know, such as a damaged name."""
    context: object = stream.codec_context
    return context is not None


def _refuse_link(url: str, *_: object) -> NoReturn:
    raise PermissionError(f"a film may not open {url!r:.100}")
