"""Latents to samples, and to the notes that sound in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.kernels.excitation import Excitation
from descant.kernels.stft import InverseStft, stft_frames
from descant.models.spec import AudioSpec
from descant.models.theory.notes import LOWEST_PITCH, Note
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

QUIET = 0.1
"""Roll values below this are the decoder's doubt, not notes; the vocoder was trained so."""
NOTE_ON, NOTE_OFF = 0.3, 0.2
NEW_ONSET = 0.15
"""A rise by this much within a held note is the same pitch played again."""
SHORTEST_FRAMES = 4
PIECE_LATENTS = 1024
"""Latent frames that are decoded at once; longer clips in pieces, which bounds the memory."""
DECODER_REACH = 16
"""Latent frames to either side that can change a frame: 13 of the decoder's convolutions."""
PIECE_FRAMES = 256
"""The vocoder sees a clip in pieces of up to this many mel frames: a call takes as long as a step
of the denoiser for ten seconds."""
VOCODER_REACH = 28
"""Mel frames to either side of a piece; 26 can change a frame."""
STRETCH_FRAMES = 64
"""NumPy transforms so many frames at a time, in about a millisecond."""
FADE_IN_SECONDS, FADE_OUT_SECONDS = 0.005, 0.25


def decode_latents(
    sessions: Sessions, latents: FloatArray
) -> Pieces[tuple[FloatArray, FloatArray]]:
    """Return the (128, T) log-mel and the (88, T) note roll of (1, C, F) latents."""
    frames = latents.shape[2]
    mels, rolls = [], []
    for begin in range(0, frames, PIECE_LATENTS):
        end = min(begin + PIECE_LATENTS, frames)
        first, last = max(begin - DECODER_REACH, 0), min(end + DECODER_REACH, frames)
        part = np.ascontiguousarray(latents[:, :, first:last])
        out = yield from call(sessions, "vae_decoder", latents=part)
        stride = out["mel"].shape[2] // (last - first)
        inner = slice((begin - first) * stride, (end - first) * stride)
        mels.append(out["mel"][0, :, inner])
        rolls.append(out["roll"][0, :, inner])
    roll = np.concatenate(rolls, axis=1)
    return np.concatenate(mels, axis=1), np.where(roll > QUIET, roll, np.float32(0.0))


def vocode(
    sessions: Sessions, mel: FloatArray, roll: FloatArray, audio: AudioSpec, start: int = 0
) -> Pieces[FloatArray]:
    """Turn a log-mel and its note roll into samples.

    Args:
        sessions: Of the pack.
        mel: (M, T) float32 natural log.
        roll: (88, T) float32 in 0 … 1.
        audio: Of the pack.
        start: Sample of a longer sound that this one begins at: their tones are in phase.

    Returns:
        (T * hop_length,) float32.
    """
    frames = mel.shape[1]
    wave = yield from _excited(roll, audio, start)
    phases = Phases(wave, audio)
    inverse = InverseStft(frames, audio.n_fft, audio.hop_length)
    pieces = math.ceil(frames / PIECE_FRAMES)
    edges = [frames * i // pieces for i in range(pieces + 1)]
    for begin, end in pairwise(edges):
        first, last = max(begin - VOCODER_REACH, 0), min(end + VOCODER_REACH, frames)
        cos, sin = yield from phases.between(first, last)
        real, imag = yield from vocoder_spectrum(sessions, mel[:, first:last], cos, sin)
        for a, b in stretches(begin, end):
            yield Piece("inverse stft", b - a)
            inner = slice(a - first, b - first)
            inverse.add(real[:, inner] + np.complex64(1j) * imag[:, inner])
    yield Piece("overlapped", frames)
    return inverse.samples()


def vocoder_spectrum(
    sessions: Sessions, mel: FloatArray, cos: FloatArray, sin: FloatArray
) -> Pieces[tuple[FloatArray, FloatArray]]:
    """Run the vocoder over (M, T) frames and the phase of their excitation.

    Args:
        sessions: Of the pack.
        mel: (M, T) float32 natural log.
        cos: (n_fft // 2 + 1, T) of the phase.
        sin: (n_fft // 2 + 1, T).

    Returns:
        Real and imaginary part, (n_fft // 2 + 1, T) each.
    """
    out = yield from call(
        sessions,
        "vocoder",
        mel=np.ascontiguousarray(mel)[None],
        excitation_cos=cos[None],
        excitation_sin=sin[None],
    )
    return out["real"][0], out["imag"][0]


def phase_of(spectrum: NDArray[np.complex64]) -> tuple[FloatArray, FloatArray]:
    """Return cosine and sine of a spectrum's phase."""
    spectrum /= np.maximum(np.abs(spectrum), 1e-9)
    return spectrum.real, spectrum.imag


def _excited(roll: FloatArray, audio: AudioSpec, start: int) -> Pieces[FloatArray]:
    """(T * hop_length,) excitation of a (88, T) roll."""
    made = Excitation(roll, audio.sample_rate, audio.hop_length, start=start)
    parts = []
    for begin, end in stretches(0, roll.shape[1]):
        yield Piece("excitation", end - begin)
        parts.append(made.next(end - begin))
    return np.concatenate(parts)


class Phases:
    """The phase of an excitation's spectrum, frame by frame, each computed once."""

    def __init__(self, wave: FloatArray, audio: AudioSpec) -> None:
        self._wave, self._n_fft, self._hop_length = wave, audio.n_fft, audio.hop_length
        empty = np.zeros((audio.n_fft // 2 + 1, 0), np.float32)
        self._cos = self._sin = empty
        self._first = 0

    def between(self, first: int, last: int) -> Pieces[tuple[FloatArray, FloatArray]]:
        """Return cosine and sine, (n_fft // 2 + 1, last - first) each.

        What lies before ``first`` is forgotten.
        """
        shift = first - self._first
        known = [(self._cos[:, shift:], self._sin[:, shift:])]
        for begin, end in stretches(self._first + self._cos.shape[1], last):
            yield Piece("stft", end - begin)
            excited = stft_frames(self._wave, begin, end, self._n_fft, self._hop_length)
            known.append(phase_of(excited))
        self._cos, self._sin = (np.concatenate(part, axis=1) for part in zip(*known, strict=True))
        self._first = first
        return self._cos, self._sin


def stretches(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what NumPy takes at a time of some frames."""
    for first in range(begin, end, STRETCH_FRAMES):
        yield first, min(first + STRETCH_FRAMES, end)


def cut(samples: FloatArray, seconds: float, sample_rate: int) -> FloatArray:
    """Return exactly ``round(seconds * sample_rate)`` samples with soft ends, (N,) float32."""
    count = round(seconds * sample_rate)
    clip = samples[:count].copy()
    rise = min(int(FADE_IN_SECONDS * sample_rate), count // 4)
    fall = min(int(FADE_OUT_SECONDS * sample_rate), count // 4)
    clip[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    clip[count - fall :] *= np.cos(np.linspace(0.0, np.pi / 2, fall)).astype(np.float32) ** 2
    return clip


def roll_notes(
    roll: FloatArray, frame_rate: float, tempo_bpm: float, seconds: float
) -> Pieces[tuple[Note, ...]]:
    """Read the notes out of a sounding roll.

    Args:
        roll: (88, T) float32 in 0 … 1.
        frame_rate: Frames per second.
        tempo_bpm: Beats of the notes count at this tempo.
        seconds: Notes stop here.
    """
    frames = min(round(seconds * frame_rate), roll.shape[1])
    beats_per_frame = tempo_bpm / 60.0 / frame_rate
    notes: list[Note] = []
    for row in np.flatnonzero(roll.max(1, initial=0.0) > NOTE_ON):
        yield Piece("notes", frames)
        for begin, end in _rowstretches(roll[row, :frames]):
            peak = float(roll[row, begin:end].max())
            velocity = min(max(round((peak - 0.4) / 0.6 * 127), 20), 127)
            start, duration = begin * beats_per_frame, (end - begin) * beats_per_frame
            notes.append(Note(start, duration, int(row) + LOWEST_PITCH, velocity))
    return tuple(sorted(notes))


def _rowstretches(levels: FloatArray) -> Iterator[tuple[int, int]]:
    """Spans of a whole row: notes lie within its stretches that are loud enough to hold one."""
    edges = np.flatnonzero(np.diff(levels >= NOTE_OFF, prepend=False, append=False))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= SHORTEST_FRAMES:
            for begin, end in _notestretches(levels[first:last].tolist()):
                yield first + begin, first + end


def _notestretches(levels: list[float]) -> list[tuple[int, int]]:
    """Begin and end of each note: on above one level, off below a lower one, anew at a jump."""
    spans: list[tuple[int, int]] = []
    begin = -1
    for t, level in enumerate(levels):
        jumped = t >= 3 and level > NOTE_ON and level - min(levels[t - 3 : t]) > NEW_ONSET
        if begin >= 0 and (level < NOTE_OFF or (jumped and t - begin >= 2 * SHORTEST_FRAMES)):
            spans.append((begin, t))
            begin = -1
        if begin < 0 and level > NOTE_ON:
            begin = t
    if begin >= 0:
        spans.append((begin, len(levels)))
    return [(a, b) for a, b in spans if b - a >= SHORTEST_FRAMES]
