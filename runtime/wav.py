"""WAV files with a comment of any length; libsndfile drops those above a few kilobytes."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray


def wav_bytes(frames: NDArray[np.int32], sample_rate: int, bit_depth: int, comment: str) -> bytes:
    """Encode PCM with a comment in the INFO list behind the samples.

    Args:
        frames: (N, A) int32, already scaled to ``bit_depth`` bits.
        sample_rate: Hz.
        bit_depth: 16 or 24.
        comment: Stored as ICMT.
    """
    channels = frames.shape[1]
    width = bit_depth // 8
    little = np.ascontiguousarray(frames, "<i4").view(np.uint8).reshape(-1, 4)
    data = little[:, :width].tobytes()
    rate = sample_rate * channels * width
    head = struct.pack("<HHIIHH", 1, channels, sample_rate, rate, channels * width, bit_depth)
    info = b"INFO" + _chunk(b"ICMT", comment.encode() + b"\0") + _chunk(b"ISFT", b"descant\0")
    body = b"WAVE" + _chunk(b"fmt ", head) + _chunk(b"data", data) + _chunk(b"LIST", info)
    return _chunk(b"RIFF", body)


def wav_comment(content: bytes) -> str:
    """Return the ICMT text of a WAV file, empty when there is none.

    Raises:
        ValueError: Not a WAV file.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    for name, begin, end in _chunks(content, 12, len(content)):
        if name == b"LIST" and content[begin : begin + 4] == b"INFO":
            for field, first, last in _chunks(content, begin + 4, end):
                if field == b"ICMT":
                    return content[first:last].rstrip(b"\0").decode("utf-8", "replace")
    return ""


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _chunks(content: bytes, begin: int, end: int) -> list[tuple[bytes, int, int]]:
    found: list[tuple[bytes, int, int]] = []
    while begin + 8 <= end:
        (size,) = struct.unpack_from("<I", content, begin + 4)
        stop = min(begin + 8 + size, end)
        found.append((content[begin : begin + 4], begin + 8, stop))
        begin = stop + size % 2
    return found
