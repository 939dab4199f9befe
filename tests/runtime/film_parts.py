"""Films put together packet by packet, as cameras and cutting programs leave them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.packet import Packet
from numpy.typing import NDArray

from tests.runtime.sounds import tone

Change = Callable[["Packet[Any]"], bool]


def copied(source: Path, target: Path, change: Change = lambda _: True) -> Path:
    """Copy the pictures of a film: those packets for which ``change`` says so."""
    with av.open(str(source)) as film, av.open(str(target), "w") as out:
        pictures = film.streams.video[0]
        copy = out.add_stream_from_template(pictures)
        for packet in film.demux(pictures):
            if packet.size and change(packet):
                packet.stream = copy
                out.mux(packet)
    return target


def trimmed(source: Path, target: Path, begin: float, end: float | None = None) -> Path:
    """Cut a film without encoding it anew: an edit list hides what is before and after."""

    def earlier(packet: Packet[Any]) -> bool:
        late = round(begin / packet.time_base)
        packet.pts, packet.dts = (packet.pts or 0) - late, (packet.dts or 0) - late
        return True

    copied(source, target, earlier)
    if end is not None:
        content = bytearray(target.read_bytes())
        struct.pack_into(">I", content, content.index(b"elst") + 12, round((end - begin) * 1000))
        target.write_bytes(content)
    return target


def turned(path: Path) -> Path:
    """Say that a film is to be shown a quarter turn clockwise, as upright telephones do."""
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 40
    struct.pack_into(">9i", content, place, 0, 1 << 16, 0, -1 << 16, 0, 0, 64 << 16, 0, 1 << 30)
    path.write_bytes(content)
    return path


def shown(path: Path) -> list[NDArray[np.uint8]]:
    """Return the pictures that a player shows, in order."""
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="gray").astype(np.uint8) for frame in film.decode(video=0)]


def shown_seconds(path: Path) -> list[float]:
    """Return when it shows them."""
    with av.open(str(path)) as film:
        return [frame.time for frame in film.decode(video=0) if frame.time is not None]


def changing_sound(source: Path, target: Path) -> Path:
    """Give a film two seconds of sound, whose rate and channels change after the first one."""
    with av.open(str(source)) as film, av.open(str(target), "w") as out:
        copy = out.add_stream_from_template(film.streams.video[0])
        first: Any = out.add_stream("mp3", rate=44100, layout="mono")
        for packet in film.demux(film.streams.video[0]):
            if packet.size:
                packet.stream = copy
                out.mux(packet)
        second: Any = av.CodecContext.create("mp3", "w")
        second.sample_rate, second.layout, second.format = 48000, "stereo", "fltp"
        second.time_base, latest = Fraction(1, 48000), -1
        for begin, codec, layout, rate in (
            (0.0, first.codec_context, "mono", 44100),
            (1.0, second, "stereo", 48000),
        ):
            wave = np.stack([tone(1.0, rate, 440.0)] * (1 + (layout == "stereo")))
            frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
            for packet in (*codec.encode(frame), *codec.encode(None)):
                stamp = float((packet.pts or 0) * packet.time_base) + begin
                packet.time_base = Fraction(1, 1000)
                latest = max(round(stamp * 1000), latest + 1)
                packet.pts = packet.dts = latest
                packet.stream = first
                out.mux(packet)
    return target
