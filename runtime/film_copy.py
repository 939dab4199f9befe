"""What of a film goes into another file beside its new sound, and what doesn't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from descant.runtime.film import Film
from descant.runtime.film_file import load_av

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_OF_THE_FILE = {"comment", "encoder", "major_brand", "minor_version", "compatible_brands"}
"""Texts that tell of the container itself, or of the music before."""


def copied_stream(out: OutputContainer, pictures: VideoStream) -> VideoStream:
    """Add a stream for the packets of another one."""
    av = load_av()
    try:
        return out.add_stream_from_template(pictures)
    except av.codec.codec.UnknownCodecError:
        # PyAV looks for an encoder of the decoder's name; dav1d, which reads AV1, has none.
        return out.add_stream_from_template(pictures, opaque=True)


def moved_packets(film: Film, packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Let the first picture that is shown be at zero; leave out what nothing builds on."""
    for packet, stamp in zip(packets, film.decode_stamps, strict=False):
        if stamp is not None:
            packet.pts = (packet.pts or 0) - film.first_pts
            packet.dts = stamp - film.first_pts
            yield packet


def copy_texts(source: InputContainer, out: OutputContainer, film: Film) -> None:
    """Copy title, date, chapters and the like."""
    texts = source.metadata.items()
    out.metadata.update({name: text for name, text in texts if name.lower() not in _OF_THE_FILE})
    chapters = []
    for chapter in source.chapters():
        if chapter["time_base"]:
            late = round(film.first_second / chapter["time_base"])
            chapter["start"] = max(chapter["start"] - late, 0)
            chapter["end"] -= late
            chapters.append(chapter)
    out.set_chapters([chapter for chapter in chapters if chapter["end"] > chapter["start"]])


def left_out(source: InputContainer) -> tuple[str, ...]:
    """Say what can be seen or heard of a film and is not copied."""
    streams = source.streams
    counts = {
        "further pictures": len(streams.video) - 1,
        "further sound tracks": len(streams.audio) - 1,
        "subtitles": len(streams.subtitles),
    }
    left = [what for what, count in counts.items() if count > 0]
    return (f"of the film are left out: {', '.join(left)}",) if left else ()
