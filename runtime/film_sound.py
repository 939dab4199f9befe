"""A film's own sound, and how music is laid under it or put in its place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import RequestError
from descant.runtime.film import Film
from descant.runtime.film_file import HINT, load_av, open_film, sound_stream
from descant.runtime.film_scan import film_packets
from descant.runtime.limiter import limit_peaks
from descant.runtime.loudness import integrated_loudness

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.container import InputContainer

FloatArray = NDArray[np.float32]

SWING_DB = 6.0
"""Between the quietest and the loudest music of a film; the pack's own swing is about 1 dB."""
QUIET_LUFS = -60.0
"""A sound track below this counts as silent: the music is not levelled by it."""
_BLOCK = 1 << 20
RESYNC_SECONDS = 0.1
"""Sound that is further from its time stamp is moved there; less is rounding."""


def read_film_sound(film: Film, sample_rate: int) -> FloatArray | None:
    """Decode a film's first sound track.

    Args:
        film: Of ``read_film``.
        sample_rate: Hz wanted.

    Returns:
        (2, N) float32 from the first picture on, as long as the film; None when nothing can be
        decoded.
    """
    samples = np.zeros((2, round(film.seconds * sample_rate)), np.float32)
    place, heard = None, False
    with open_film(film.path) as container:
        for frame in _sound_frames(container, sample_rate):
            part = frame.to_ndarray()
            if frame.pts is not None and frame.time_base is not None:
                due = round((float(frame.pts * frame.time_base) - film.first_second) * sample_rate)
                if place is None or abs(due - place) > RESYNC_SECONDS * sample_rate:
                    place = due
            place = place or 0
            begin, end = max(place, 0), min(place + part.shape[1], samples.shape[1])
            if begin < end:
                samples[:, begin:end] = part[:, begin - place : end - place]
                heard = True
            place += part.shape[1]
    if not np.isfinite(samples).all():
        raise RequestError(
            f"film {film.path.name!r:.200} has a sound track with samples that are no numbers",
            hint="replace its sound; " + HINT,
        )
    return samples if heard else None


def lay(
    music: FloatArray,
    sound: FloatArray | None,
    sample_rate: int,
    levels: tuple[float, ...],
    mix_db: float,
    fade: float,
) -> FloatArray:
    """Return what a film sounds like with music.

    The music swells and ebbs with the film. Beside a sound track it is ``mix_db`` louder than
    that; the track itself is not touched, except where both together would clip.

    Args:
        music: (1, N) float32.
        sound: (2, N) float32, which is overwritten, or None.
        sample_rate: Hz.
        levels: 0 … 1 at even steps over the film.
        mix_db: Of the music over the sound.
        fade: Seconds in which the music comes and goes.

    Returns:
        (A, N) float32.
    """
    wave = music[0].copy()
    _swell(wave, levels)
    count = min(int(fade * sample_rate), len(wave) // 2)
    ramp = np.sin(np.linspace(0.0, np.pi / 2, count, dtype=np.float32)) ** 2
    wave[:count] *= ramp
    wave[len(wave) - count :] *= ramp[::-1]
    if sound is None:
        return limit_peaks(wave[None], sample_rate)
    loudness = integrated_loudness(sound, sample_rate)
    if loudness > QUIET_LUFS:
        own = integrated_loudness(wave, sample_rate) + 10 * math.log10(2)  # from two channels
        wave *= np.float32(10 ** ((loudness + mix_db - own) / 20)) if np.isfinite(own) else 1.0
    sound += wave
    return limit_peaks(sound, sample_rate)


def _swell(wave: FloatArray, levels: tuple[float, ...]) -> None:
    """Let (N,) samples follow the levels, by a gain around 1."""
    rows = np.asarray(levels or (0.5,))
    centres = (np.arange(len(rows)) + 0.5) * (len(wave) / len(rows))
    gains = 10 ** (SWING_DB * (rows - rows.mean()) / 20)
    for begin in range(0, len(wave), _BLOCK):
        part = wave[begin : begin + _BLOCK]
        part *= np.interp(np.arange(begin, begin + len(part)), centres, gains).astype(np.float32)


def _sound_frames(container: InputContainer, sample_rate: int) -> Iterator[AudioFrame]:
    """Give the sound at a rate, in stereo or mono; what is damaged is left out."""
    av = load_av()
    resampler, kind = None, None
    stream = sound_stream(container)
    assert stream is not None  # the film has been read, and has sound
    for packet in chain(film_packets(container, stream), (None,)):
        try:
            for frame in stream.codec_context.decode(packet):
                if resampler is None or kind != (kind := _kind(frame)):
                    yield from resampler.resample(None) if resampler else ()
                    resampler = _resampler(frame, sample_rate)
                yield from resampler.resample(frame)
        except av.error.FFmpegError:
            continue
    yield from resampler.resample(None) if resampler else ()


def _kind(frame: AudioFrame) -> tuple[str, str, int]:
    """What may change in the middle of a film."""
    return frame.format.name, frame.layout.name, frame.sample_rate


def _resampler(frame: AudioFrame, sample_rate: int) -> AudioResampler:
    # One channel stays one: FFmpeg's way to two would make each 3 dB quieter.
    layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
    resampler: AudioResampler = load_av().AudioResampler("fltp", layout, sample_rate)
    return resampler
