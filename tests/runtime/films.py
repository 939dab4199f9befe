"""Small films that tests hand in, drawn and encoded on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from tests.runtime.sounds import tone

RATE = 48000
CODECS = {
    ".mp4": ("libx264", "aac", "yuv420p"),
    ".mov": ("mpeg4", "aac", "yuv420p"),
    ".mkv": ("libx264", "flac", "yuv420p"),
    ".webm": ("libvpx-vp9", "libopus", "yuv420p"),
    ".avi": ("mjpeg", "", "yuvj420p"),
    ".ts": ("libx264", "aac", "yuv420p"),
}
"""Of pictures and sound, and the pixels, by suffix; an AVI here has no sound."""

Curve = Callable[[float], float]


def write_film(
    path: Path,
    seconds: float = 2.0,
    *,
    fps: int = 10,
    times: Sequence[float] | None = None,
    motion: Curve = lambda _: 1.0,
    light: Curve = lambda _: 0.5,
    sound: bool = True,
    options: dict[str, str] | None = None,
    aspect: int = 1,
) -> Path:
    """Write a film of drifting squares, 96 x 64, with a tone.

    Args:
        path: Its suffix says what is in it.
        seconds: Length.
        fps: Pictures per second.
        times: Of each picture, instead.
        motion: Pixels per picture, at a second.
        light: 0 … 1, at a second.
        sound: Whether there is a sound track.
        options: Of the pictures' encoder.
        aspect: Of a pixel: so many times as wide as high.
    """
    pictures, sounds, pixels = CODECS[path.suffix]
    noise = np.random.default_rng(0).integers(0, 256, (8, 16, 3), dtype=np.uint8)
    wall = np.kron(noise, np.ones((8, 8, 1), np.uint8)).astype(np.float32)
    with av.open(str(path), "w") as film:
        stream: Any = film.add_stream(pictures, rate=fps, options=options or {})
        stream.width, stream.height, stream.pix_fmt = 96, 64, pixels
        stream.codec_context.sample_aspect_ratio = Fraction(aspect)
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        track: Any = None
        if sound and sounds:
            track = film.add_stream(sounds, rate=RATE, layout="stereo")
        place = 0.0
        for i, second in enumerate(times or [i / fps for i in range(round(seconds * fps))]):
            place += motion(second)
            drawn = np.roll(wall, int(place), 1)[:64, :96] * 0.4 + 150 * (light(second) - 0.1)
            frame = av.VideoFrame.from_ndarray(drawn.clip(0, 255).astype(np.uint8), format="rgb24")
            if times is None:
                frame.pts, frame.time_base = i, Fraction(1, fps)
            else:
                frame.pts, frame.time_base = round(second * 1000), Fraction(1, 1000)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
        if track is not None:
            _play(film, track, seconds)
    return path


def _play(film: OutputContainer, track: Any, seconds: float) -> None:
    samples = np.stack([tone(seconds, RATE)] * 2)
    for begin in range(0, samples.shape[1], 4800):
        block = np.ascontiguousarray(samples[:, begin : begin + 4800])
        part = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        part.sample_rate, part.pts, part.time_base = RATE, begin, Fraction(1, RATE)
        film.mux(track.encode(part))
    film.mux(track.encode(None))


def picture_packets(path: Path) -> list[bytes]:
    """Return the encoded pictures, in order."""
    with av.open(str(path)) as film:
        return [bytes(p) for p in film.demux(film.streams.video[0]) if p.size]


def picture_seconds(path: Path) -> list[float]:
    """Return the time of each encoded picture, the first at zero."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        seconds = [float(p.pts * p.time_base) for p in film.demux(stream) if p.pts is not None]
    return [second - min(seconds) for second in seconds]


def sound_samples(path: Path) -> NDArray[np.float32]:
    """(N,) what is heard, all channels in one."""
    parts = []
    resampler = av.AudioResampler(format="fltp")
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            parts += [part.to_ndarray().mean(0) for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32)


def metadata(path: Path) -> dict[str, str]:
    """Return the container's texts, their names in lower case."""
    with av.open(str(path)) as film:
        return {name.lower(): text for name, text in film.metadata.items()}
