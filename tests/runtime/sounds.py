"""Audio files that tests hand in: sound ones and damaged ones."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray


def tone(seconds: float, rate: int = 44100, hertz: float = 440.0) -> NDArray[np.float32]:
    """(N,) a steady tone."""
    time = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def encoded(
    samples: NDArray[np.float32], rate: int = 44100, kind: str = "WAV", subtype: str | None = None
) -> bytes:
    """Return an audio file of (N,) or (N, A) samples."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=kind, subtype=subtype)
    return buffer.getvalue()


def broken(value: float) -> bytes:
    """Return a float WAV with one sample that is ``value``."""
    samples = tone(1.0)
    samples[1000] = value
    return encoded(samples, subtype="FLOAT")


def with_size(size: int) -> bytes:
    """Return a WAV whose header promises ``size`` bytes of samples."""
    wav = bytearray(encoded(tone(0.5)))
    place = wav.index(b"data") + 4
    wav[place : place + 4] = struct.pack("<I", size)
    return bytes(wav)


HOSTILE: dict[str, bytes] = {
    "text": b"This is no sound at all.\n" * 100,
    "empty": b"",
    "no samples": encoded(np.zeros(0, np.float32)),
    "nan": broken(float("nan")),
    "infinite": broken(float("inf")),
    "silent": encoded(np.zeros(44100, np.float32)),
    "header only": encoded(tone(1.0))[:44],
    "rate of 1 Hz": encoded(tone(1.0), 1),
}


def streamed(samples: NDArray[np.float32], rate: int = 44100) -> bytes:
    """Return a FLAC file as a program writes it into a pipe: its header has no length."""
    content = bytearray(encoded(samples, rate, "FLAC"))
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    return bytes(content)


def mp3(path: Path, seconds: float, share: float) -> Path:
    """Write the beginning, this share of it, of an MP3 file of a length."""
    content = encoded(tone(seconds), kind="MP3")
    path.write_bytes(content[: int(len(content) * share)])
    return path
