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
from descant.runtime.film_arc import Look, Packets
from descant.runtime.film_edits import Hidden, needed, where_hidden
from descant.runtime.film_file import load_av
from descant.runtime.film_looks import Glimpse, Picture, look, pictures
from descant.runtime.request import MAX_SECONDS

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

MAX_LOOKS = 240
"""Pictures that are decoded at most."""
LOOK_SECONDS = 0.4
"""Between two of them at least."""
SPARSE_SECONDS = 4.0
"""Key frames that are further apart say too little: pictures between them are decoded too."""
MAX_CLOSE_PIXELS = 4 << 30
"""In all of a film, for that: a minute of 1920 x 1080."""
LENIENT_SECONDS = 0.5
"""Ten minutes that were cut out end with a picture."""
USUAL_FRAME_SECONDS = 0.04
"""A picture is shown for so long where the film says nothing."""


@dataclass(slots=True)
class Scan:
    """Time stamps, sizes and some pictures of a film's stream."""

    unit: float
    """Seconds of one step of a time stamp."""
    frame_seconds: float = USUAL_FRAME_SECONDS
    """For a picture, on average."""
    pts: list[int] = field(default_factory=list)
    """When each packet is shown, in the order of the file."""
    dts: list[int | None] = field(default_factory=list)
    """When it is decoded, if the file says it."""
    lengths: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    keys: list[bool] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    """Whether it is only there because others build on it."""
    looks: list[Look] = field(default_factory=list)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which packets are pictures that are seen."""
        return ~np.array(self.hidden)

    @property
    def first_pts(self) -> int:
        """When the first picture is shown."""
        return int(np.array(self.pts)[self.shown].min())

    @property
    def end(self) -> float:
        """Second at which the last picture goes; one without a length stays as long as most do."""
        pts, lengths = np.array(self.pts)[self.shown], np.array(self.lengths)[self.shown]
        steps = np.diff(np.sort(pts))
        usual = int(np.median(steps)) if len(steps) else 0
        usual = usual or max(round(self.frame_seconds / self.unit), 1)
        return float((pts + np.where(lengths, lengths, usual)).max()) * self.unit

    def add(self, packet: Packet[Any]) -> None:
        """Take down what a packet says, which has a time."""
        self.pts.append(packet.pts or 0)
        self.dts.append(packet.dts)
        self.lengths.append(packet.duration or 0)
        self.sizes.append(packet.size)
        self.keys.append(packet.is_keyframe)
        self.hidden.append(packet.is_discard)

    def packets(self) -> Packets:
        """Return what ``energy`` wants to know of those that are shown."""
        sizes, keys = np.array(self.sizes), np.array(self.keys)
        times = (np.array(self.pts) - self.first_pts) * self.unit
        return times[self.shown], sizes[self.shown], keys[self.shown]

    def decode_stamps(self) -> tuple[int | None, ...]:
        """When each packet is decoded, None where it need not be, as no picture builds on it."""
        keep = needed(self.hidden, self.keys, self.pts)
        return tuple(due if kept else None for due, kept in zip(self._due(), keep, strict=True))

    def where_hidden(self) -> Hidden:
        """Say where pictures are that are not shown, but that others build on."""
        return where_hidden(self.hidden, needed(self.hidden, self.keys, self.pts), self.pts)

    def _due(self) -> tuple[int, ...]:
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
    if seconds > MAX_SECONDS + LENIENT_SECONDS:
        raise RequestError(
            f"film {path.name!r:.200} lasts {seconds:.1f} s, the limit is {MAX_SECONDS:.0f}",
            hint="cut out the part that needs music",
        )


def scan_film(container: InputContainer, stream: VideoStream, path: Path) -> Scan:
    """Read all packets; decode a glimpse from key frames on, not too often."""
    rate = float(stream.average_rate or 0)
    scan = Scan(float(stream.time_base or 0), 1 / rate if rate > 0 else USUAL_FRAME_SECONDS)
    promised = min((container.duration or 0) / 1e6, MAX_SECONDS)
    spacing, due = max(LOOK_SECONDS, promised / MAX_LOOKS), -np.inf
    glimpse, first = Glimpse(), None
    for packet in timed_packets(container, stream):
        scan.add(packet)
        time = (packet.pts or 0) * scan.unit
        if not packet.is_discard:
            first = time if first is None else first
            check_length(path, time - first)
        if glimpse.is_full or (packet.is_keyframe and glimpse.shown > 1):
            scan.looks += glimpse.looks(stream)
            glimpse = Glimpse()
        if glimpse.packets or (packet.is_keyframe and time >= due and len(scan.looks) < MAX_LOOKS):
            glimpse.add(packet)
            due = time + spacing if glimpse.shown == 1 else due
    scan.looks += glimpse.looks(stream)
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
    container.seek(scan.first_pts, stream=stream)
    stream.codec_context.skip_frame = "BIDIR"
    spacing, due = max(1.0, (scan.end - scan.first_pts * scan.unit) / MAX_LOOKS), -np.inf
    looks: list[Look] = []
    waiting: Picture | None = None
    for packet in chain(film_packets(container, stream), (None,)):
        for second, image in pictures(stream, packet):
            if waiting is not None:
                looks.append(look(waiting, (second, image())))
                waiting = None
            if second >= due:
                waiting, due = (second, image()), second + spacing
    return looks or scan.looks
