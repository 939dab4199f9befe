"""Read all packets of a film's pictures and decode few of them, in a time that is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import RequestError
from descant.runtime.film_arc import Look
from descant.runtime.film_file import load_av
from descant.runtime.request import MAX_SECONDS

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MAX_LOOKS = 240
"""Pictures that are decoded at most."""
LOOK_SECONDS = 0.4
"""Between two of them at least."""
SPARSE_SECONDS = 4.0
"""Key frames that are further apart say too little: pictures between them are decoded too."""
MAX_CLOSE_PIXELS = 4 << 30
"""In all of a film, for that: a minute of 1920 x 1080."""
GLIMPSE = 6
"""Packets that are decoded at a time, enough to see how things move."""
LOOK_WIDTH = 320

Picture = tuple[float, NDArray[np.uint8]]
"""Its second, and its pixels (H, W, 3)."""


@dataclass(slots=True)
class Scan:
    """Time stamps, sizes and some pictures of a film's stream."""

    unit: float
    """Seconds of one step of a time stamp."""
    pts: list[int] = field(default_factory=list)
    """When each packet is shown, in the order of the file."""
    dts: list[int | None] = field(default_factory=list)
    """When it is decoded, if the file says it."""
    lengths: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    keys: list[bool] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    @property
    def end(self) -> float:
        """Second at which the last picture goes; one without a length stays as long as most do."""
        steps = np.diff(np.sort(np.array(self.pts)))
        usual = int(np.median(steps)) if len(steps) else 0
        lasts = (p + (n or usual) for p, n in zip(self.pts, self.lengths, strict=True))
        return max(lasts) * self.unit

    def decode_stamps(self) -> tuple[int, ...]:
        """When each packet is decoded; worked out where the file doesn't say it for all.

        Decoding goes in the order of the file at the pace of showing, as late as lets every
        picture be there when it is shown.
        """
        given = [stamp for stamp in self.dts if stamp is not None]
        if len(given) == len(self.dts) and all(a < b for a, b in pairwise(given)):
            return tuple(given)
        shown = sorted(self.pts)
        early = max(due - own for due, own in zip(shown, self.pts, strict=True))
        return tuple(due - early for due in shown)


def film_packets(
    container: InputContainer, stream: VideoStream | AudioStream
) -> Iterator[Packet[Any]]:
    """Give a stream's packets as far as they can be read."""
    av = load_av()
    packets = iter(container.demux(stream))
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.size:
            yield packet


def timed_packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[Any]]:
    """Give those that say when their picture is shown, or at least when it is decoded."""
    for packet in film_packets(container, stream):
        if packet.pts is None:
            packet.pts = packet.dts
        if packet.pts is not None:
            yield packet


def check_length(path: Path, seconds: float) -> None:
    """Refuse a film of more than ten minutes.

    Raises:
        RequestError: It is longer.
    """
    if seconds > MAX_SECONDS:
        raise RequestError(
            f"film {path.name!r:.200} lasts {seconds:.0f} s, the limit is {MAX_SECONDS:.0f}",
            hint="cut out the part that needs music",
        )


def scan_film(container: InputContainer, stream: VideoStream, path: Path) -> Scan:
    """Read all packets; decode a glimpse from key frames on, not too often."""
    scan = Scan(float(stream.time_base or 0))
    promised = min((container.duration or 0) / 1e6, MAX_SECONDS)
    spacing, due = max(LOOK_SECONDS, promised / MAX_LOOKS), -np.inf
    glimpse: list[Packet[Any]] = []
    for packet in timed_packets(container, stream):
        stamp = packet.pts or 0
        scan.pts.append(stamp)
        scan.dts.append(packet.dts)
        scan.lengths.append(packet.duration or 0)
        scan.sizes.append(packet.size)
        scan.keys.append(packet.is_keyframe)
        time = stamp * scan.unit
        check_length(path, time - scan.pts[0] * scan.unit)
        if len(glimpse) == GLIMPSE or (packet.is_keyframe and len(glimpse) > 1):
            scan.looks += _decode(stream, glimpse)
            glimpse = []
        if glimpse or (packet.is_keyframe and time >= due and len(scan.looks) < MAX_LOOKS):
            due = due if glimpse else time + spacing
            glimpse.append(packet)
    scan.looks += _decode(stream, glimpse)
    if not scan.looks:
        raise RequestError(
            f"film {path.name!r:.200} has no pictures that can be decoded",
            hint="choose another film",
        )
    return scan


def is_sparse(scan: Scan, pixels: int) -> bool:
    """Whether key frames are far apart, and the film is not too large to decode more."""
    seconds = [*(look.second for look in scan.looks), scan.end]
    gap = float(np.diff(seconds).max())
    return gap > SPARSE_SECONDS and pixels * len(scan.pts) <= MAX_CLOSE_PIXELS


def look_closer(container: InputContainer, stream: VideoStream, scan: Scan) -> list[Look]:
    """Decode more of a film; pictures between two others are left out, which halves the work."""
    container.seek(min(scan.pts), stream=stream)
    stream.codec_context.skip_frame = "BIDIR"
    spacing, due = max(1.0, (scan.end - min(scan.pts) * scan.unit) / MAX_LOOKS), -np.inf
    looks: list[Look] = []
    waiting: Picture | None = None
    for packet in chain(film_packets(container, stream), (None,)):
        for second, frame in _frames(stream, packet):
            if waiting is not None:
                looks.append(_look(waiting, (second, _small(frame))))
                waiting = None
            if second >= due:
                waiting, due = (second, _small(frame)), second + spacing
    return looks or scan.looks


def _decode(stream: VideoStream, packets: list[Packet[Any]]) -> list[Look]:
    """Decode a few packets and forget them: the first picture, and how it moves."""
    frames = [frame for packet in (*packets, None) for frame in _frames(stream, packet)]
    stream.codec_context.flush_buffers()
    pictures = [(second, _small(frame)) for second, frame in frames[:2]]
    return [_look(pictures[0], pictures[1] if len(pictures) > 1 else None)] if pictures else []


def _frames(stream: VideoStream, packet: Packet[Any] | None) -> list[tuple[float, VideoFrame]]:
    """Decode pictures, with their seconds; a damaged one is left out."""
    av = load_av()
    try:
        frames = stream.codec_context.decode(packet)
    except av.error.FFmpegError:
        return []
    unit = float(stream.time_base or 0)
    return [(frame.pts * unit, frame) for frame in frames if frame.pts is not None]


def _small(frame: VideoFrame) -> NDArray[np.uint8]:
    width = min(frame.width, LOOK_WIDTH)
    height = min(max(round(frame.height * width / frame.width), 1), 4 * LOOK_WIDTH)
    small = frame.reformat(width=width, height=height, format="rgb24")
    return small.to_ndarray().astype(np.uint8, copy=False)


def _look(first: Picture, second: Picture | None) -> Look:
    motion = None
    if second is not None and second[0] > first[0] and second[1].shape == first[1].shape:
        change = float(np.abs(second[1].astype(np.int16) - first[1]).mean())
        motion = change / (second[0] - first[0])
    return Look(*first, motion)
