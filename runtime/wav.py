"""WAV files with a comment of any length, and with loop points.

libsndfile drops comments above a few kilobytes, and python-soundfile writes no loop points.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_SAMPLER_BYTES, _LOOP_BYTES = 36, 24
"""Of a ``smpl`` chunk's head, and of each loop behind it."""
MAX_COMMENT_BYTES, MAX_CHUNKS = 1 << 24, 10_000
"""Beyond these a file holds no comment of ours."""


def wav_bytes(
    frames: NDArray[np.int32], sample_rate: int, bit_depth: int, comment: str, loop: bool = False
) -> memoryview:
    """Encode PCM with a comment in the INFO list behind the samples.

    Args:
        frames: (N, A) int32, already scaled to ``bit_depth`` bits.
        sample_rate: Hz.
        bit_depth: 16 or 24.
        comment: Stored as ICMT.
        loop: Say in a ``smpl`` chunk that the whole file is to be repeated without end.
    """
    channels = frames.shape[1]
    width = bit_depth // 8
    little = np.ascontiguousarray(frames, "<i4").view(np.uint8).reshape(-1, 4)
    rate = sample_rate * channels * width
    head = struct.pack("<HHIIHH", 1, channels, sample_rate, rate, channels * width, bit_depth)
    info = b"INFO" + _chunk(b"ICMT", comment.encode() + b"\0") + _chunk(b"ISFT", b"descant\0")
    sampler = _chunk(b"smpl", _sampler(len(frames), sample_rate)) if loop else b""
    before = b"WAVE" + _chunk(b"fmt ", head) + sampler
    size = len(frames) * channels * width
    after = b"\0" * (size % 2) + _chunk(b"LIST", info)
    total = len(before) + 8 + size + len(after)
    begin = b"RIFF" + struct.pack("<I", total) + before + b"data" + struct.pack("<I", size)
    # Put together by NumPy: it lets other threads run while minutes of samples are copied.
    content = np.empty(8 + total, np.uint8)
    content[: len(begin)] = np.frombuffer(begin, np.uint8)
    content[len(begin) : len(begin) + size].reshape(-1, width)[:] = little[:, :width]
    content[len(begin) + size :] = np.frombuffer(after, np.uint8)
    return content.data


def wav_loop(content: bytes) -> tuple[int, int] | None:
    """Return the first loop of a WAV file, its first sample and how many samples it has.

    Raises:
        ValueError: Not a WAV file.
    """
    for name, begin, end in _riff_chunks(content):
        if name == b"smpl" and end - begin >= _SAMPLER_BYTES + _LOOP_BYTES:
            first, last = struct.unpack_from("<2I", content, begin + _SAMPLER_BYTES + 8)
            return first, last + 1 - first
    return None


def _sampler(samples: int, sample_rate: int) -> bytes:
    """Body of a ``smpl`` chunk (Microsoft's Multimedia Data Standards Update, 1994).

    One forward loop from the first sample to the last, which is counted in, without end. The sound
    is at its own pitch on middle C, as of a sampler's plain default.
    """
    middle_c, period_ns = 60, round(1e9 / sample_rate)
    about = struct.pack("<9I", 0, 0, period_ns, middle_c, 0, 0, 0, 1, 0)
    return about + struct.pack("<6I", 0, 0, 0, samples - 1, 0, 0)


def wav_comment(stream: BinaryIO) -> str:
    """Return the ICMT text of a WAV file, empty when there is none.

    Args:
        stream: The file from its beginning; its samples are not read.

    Raises:
        ValueError: Not a WAV file.
    """
    _check_riff(stream.read(12))
    place = 12
    for _ in range(MAX_CHUNKS):
        stream.seek(place)
        head = stream.read(12)
        if len(head) < 12:
            break
        name, size, kind = struct.unpack("<4sI4s", head)
        if (name, kind) == (b"LIST", b"INFO"):
            fields = stream.read(min(size - 4, MAX_COMMENT_BYTES))
            for field, first, last in _chunks(fields, 0, len(fields)):
                if field == b"ICMT":
                    return fields[first:last].rstrip(b"\0").decode("utf-8", "replace")
        place += 8 + size + size % 2
    return ""


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _check_riff(head: bytes) -> None:
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise ValueError("not a WAV file")


def _riff_chunks(content: bytes) -> list[tuple[bytes, int, int]]:
    _check_riff(content)
    return _chunks(content, 12, len(content))


def _chunks(content: bytes, begin: int, end: int) -> list[tuple[bytes, int, int]]:
    found: list[tuple[bytes, int, int]] = []
    while begin + 8 <= end:
        (size,) = struct.unpack_from("<I", content, begin + 4)
        stop = min(begin + 8 + size, end)
        found.append((content[begin : begin + 4], begin + 8, stop))
        begin = stop + size % 2
    return found
