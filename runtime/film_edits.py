"""Pictures that a film holds but doesn't show, as those do that were cut without encoding anew."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

HEADER_BYTES = 8


class Hidden(IntEnum):
    """Where there are pictures that are only there because shown ones build on them."""

    NOWHERE = 0
    BEFORE = 1
    """The first that is shown."""
    AFTER = 2
    """The last one; perhaps before the first as well."""
    BETWEEN = 3
    """Others: the film was cut in several places."""


def needed(hidden: Sequence[bool], keys: Sequence[bool], pts: Sequence[int]) -> list[bool]:
    """Return which packets must be kept, so that those that are shown can be decoded.

    Args:
        hidden: Whether a packet is not shown, in the order of the file.
        keys: Whether it is a key frame.
        pts: When it would be shown.
    """
    keep, waiting = [True] * len(pts), list[int]()
    fresh = _fresh(hidden, keys, pts)
    begin = min(pts, default=0)
    for i, unseen in enumerate(hidden):
        if fresh[i]:  # nothing from here on builds on what was before
            for j in waiting:
                keep[j] = False
            waiting, begin = [], pts[i]
        if not unseen:
            waiting = []
        elif pts[i] < begin:  # it leads to the key frame from what was before
            keep[i] = False
        else:
            waiting.append(i)
    for j in waiting:
        keep[j] = False
    return keep


def where_hidden(hidden: Sequence[bool], keep: Sequence[bool], pts: Sequence[int]) -> Hidden:
    """Say where those lie that are kept and not shown."""
    shown = [stamp for stamp, unseen in zip(pts, hidden, strict=True) if not unseen]
    found = Hidden.NOWHERE
    for stamp, unseen, kept in zip(pts, hidden, keep, strict=True):
        if unseen and kept:
            after = Hidden.AFTER if stamp > max(shown) else Hidden.BETWEEN
            found = max(found, Hidden.BEFORE if stamp < min(shown) else after)
    return found


def end_pictures(path: Path, seconds: float) -> None:
    """Say in an MP4 or MOV file how long its first track is shown (ISO/IEC 14496-12, 8.6.6).

    FFmpeg writes an edit list that hides what is before zero, and nothing behind the end.
    """
    with path.open("rb+") as file:
        place, size, name = 0, 0, b""
        while name != b"moov":
            file.seek(place := place + size)
            head = file.read(2 * HEADER_BYTES)
            size, name = struct.unpack_from(">I4s", head)
            size = struct.unpack_from(">Q", head, HEADER_BYTES)[0] if size == 1 else size
        file.seek(place)
        movie = bytearray(file.read(size))
        _set_end(movie, seconds)
        file.seek(place)
        file.write(movie)


def _fresh(hidden: Sequence[bool], keys: Sequence[bool], pts: Sequence[int]) -> list[bool]:
    """Key frames behind which no picture is shown that comes before them."""
    fresh, earliest = list(keys), max(pts, default=0)
    for i in reversed(range(len(pts))):
        earliest = earliest if hidden[i] else min(earliest, pts[i])
        if keys[i]:
            fresh[i] = pts[i] <= earliest
            earliest = max(pts)
    return fresh


def _set_end(movie: bytearray, seconds: float) -> None:
    """Write the length of the first track's last edit into a ``moov`` box."""
    header = _find(movie, 0, b"mvhd")
    (scale,) = struct.unpack_from(">I", movie, header + (20 if movie[header] else 12))
    track = _find(movie, 0, b"trak") - HEADER_BYTES
    edits = _find(movie, _find(movie, track, b"edts") - HEADER_BYTES, b"elst")
    form = ">Q" if movie[edits] else ">I"
    (count,) = struct.unpack_from(">I", movie, edits + 4)
    entry = 20 if movie[edits] else 12
    struct.pack_into(form, movie, edits + 8 + (count - 1) * entry, round(seconds * scale))


def _find(content: bytearray, box: int, name: bytes) -> int:
    """Return where the content of a box within another one begins."""
    place, end = box + HEADER_BYTES, box + struct.unpack_from(">I", content, box)[0]
    while place < end:
        size, found = struct.unpack_from(">I4s", content, place)
        if found == name:
            return place + HEADER_BYTES
        place += size
    raise ValueError(f"the file has no {name!r}")
