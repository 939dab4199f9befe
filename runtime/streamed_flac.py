"""FLAC files that were written as a stream, whose header doesn't say how long they are."""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedReader

_HEADER_BYTES = 26
"""Up to the end of the number of samples in STREAMINFO (RFC 9639, section 8.2)."""
_LENGTH_AT, _LENGTH_BITS = 21, 36


class WithLength:
    """Such a file with a length in its header, as libsndfile reads it."""

    def __init__(self, stream: BufferedReader, head: bytes) -> None:
        self._stream, self._head = stream, head
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        """Read as from the file, except for the header."""
        place = self._stream.tell()
        content = self._stream.read(size)
        if place >= len(self._head):
            return content
        return self._head[place : place + len(content)] + content[len(self._head) - place :]


def with_length(
    stream: BufferedReader, count: Callable[[BufferedReader], int]
) -> BufferedReader | WithLength:
    """Return a file as it is, or with its length if it is such a FLAC file.

    Args:
        stream: At its beginning.
        count: Finds out how many samples of each channel can be decoded.
    """
    head = stream.read(_HEADER_BYTES)
    stream.seek(0)
    number = int.from_bytes(head[_LENGTH_AT:], "big")
    if head[:4] != b"fLaC" or len(head) < _HEADER_BYTES or number % (1 << _LENGTH_BITS):
        return stream
    samples = count(stream)
    stream.seek(0)
    length = (number + samples).to_bytes(_HEADER_BYTES - _LENGTH_AT, "big")
    return WithLength(stream, head[:_LENGTH_AT] + length)
