"""Whether a sound file ends where it says that it does; libsndfile takes what there is."""

from __future__ import annotations

import os
import struct
from io import BufferedReader

STREAMED_BYTES = 0x7FFF0000
"""A WAV file that promises as much was written into a pipe: nobody knew its length."""
MAX_CHUNKS = 1000
_LAST_PAGE, _PAGE_BYTES = 4, 65_307
"""Flag of the last page of an OGG stream, and the most that a page has (RFC 3533, section 6)."""


def ends_early(stream: BufferedReader) -> bool:
    """Return whether the end of a WAV or OGG file is missing; others are believed.

    Args:
        stream: The file from its beginning, where it is left.
    """
    size = os.fstat(stream.fileno()).st_size
    head = stream.read(12)
    early = False
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        early = _wav_ends_early(stream, size)
    elif head[:4] == b"OggS":
        stream.seek(max(size - _PAGE_BYTES, 0))
        tail = stream.read()
        flags = tail[tail.rfind(b"OggS") + 5 :][:1]
        early = not flags or not flags[0] & _LAST_PAGE
    stream.seek(0)
    return early


def _wav_ends_early(stream: BufferedReader, size: int) -> bool:
    place = 12
    for _ in range(MAX_CHUNKS):
        stream.seek(place)
        head = stream.read(8)
        if len(head) < 8:
            return False
        name, length = struct.unpack("<4sI", head)
        if name == b"data":
            return bool(length < STREAMED_BYTES and place + 8 + length > size)
        place += 8 + length + length % 2
    return False
