"""Decode a few pictures of a film, upright and small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.film_arc import Look
from descant.runtime.film_file import load_av

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Image = NDArray[np.uint8]
"""(H, W, 3) sRGB."""
Picture = tuple[float, Image]
"""Its second, and its pixels."""

GLIMPSE = 6
"""Packets that are decoded at a time, enough to see how things move; beside them those that
are not shown, and that others build on."""
MAX_HIDDEN_BYTES = 1 << 28
"""Of a glimpse: film that is hidden in front of its first picture."""
LOOK_WIDTH = 320
MAX_ASPECT = 4.0
"""Of a pixel, or its inverse; what claims more is damaged."""


@dataclass(slots=True)
class Glimpse:
    """A few packets from a key frame on."""

    packets: list[Packet[Any]] = field(default_factory=list)
    shown: int = 0
    size: int = 0

    def add(self, packet: Packet[Any]) -> None:
        """Take one more; a key frame makes those needless that are not shown before it."""
        if not self.shown and (packet.is_keyframe or self.size > MAX_HIDDEN_BYTES):
            self.packets, self.size = [], 0
        self.packets.append(packet)
        self.shown += not packet.is_discard
        self.size += packet.size

    @property
    def is_full(self) -> bool:
        """Whether there is enough of it."""
        return self.shown == GLIMPSE or (self.shown > 0 and self.size > MAX_HIDDEN_BYTES)

    def looks(self, stream: VideoStream) -> list[Look]:
        """Decode it and forget it: the first picture, and how it moves."""
        frames = (p for packet in (*self.packets, None) for p in pictures(stream, packet))
        both = [(second, image()) for second, image in islice(frames, 2)]
        stream.codec_context.flush_buffers()
        return [look(both[0], both[1] if len(both) > 1 else None)] if both else []


def pictures(
    stream: VideoStream, packet: Packet[Any] | None
) -> Iterator[tuple[float, Callable[[], Image]]]:
    """Decode pictures: their seconds, and what gives their pixels; a damaged one is left out."""
    av = load_av()
    try:
        frames = stream.codec_context.decode(packet)
    except av.error.FFmpegError:
        return
    unit = float(stream.time_base or 0)
    for frame in frames:
        if frame.pts is not None:
            yield frame.pts * unit, partial(_small, frame, stream)


def look(first: Picture, second: Picture | None) -> Look:
    """Return a picture with how fast it changes to the next one."""
    motion = None
    if second is not None and second[0] > first[0] and second[1].shape == first[1].shape:
        change = float(np.abs(second[1].astype(np.int16) - first[1]).mean())
        motion = change / (second[0] - first[0])
    return Look(*first, motion)


def _small(frame: VideoFrame, stream: VideoStream) -> Image:
    """Return its pixels as they are seen: upright, and as wide as the film's pixels are."""
    aspect = float(stream.sample_aspect_ratio or 1) or 1.0
    wide = frame.width * min(max(aspect, 1 / MAX_ASPECT), MAX_ASPECT)
    width = max(min(round(wide), LOOK_WIDTH), 1)
    height = min(max(round(frame.height * width / wide), 1), 4 * LOOK_WIDTH)
    small = frame.reformat(width=width, height=height, format="rgb24")
    image = small.to_ndarray().astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.rot90(image, round(frame.rotation / 90)))
