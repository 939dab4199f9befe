"""A ring of latents to a ring of samples: every network sees what lies beyond the joint."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.kernels.ring import RingExcitation, RingInverseStft, ring_centres, ring_stft
from descant.models.spec import AudioSpec
from descant.runtime.decode import (
    DECODER_REACH,
    PIECE_FRAMES,
    PIECE_LATENTS,
    QUIET,
    VOCODER_REACH,
    phase_of,
    stretches,
    vocoder_spectrum,
)
from descant.runtime.loop_ring import around
from descant.runtime.loudness import normalising
from descant.runtime.pieces import Piece, Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

LEVEL_CONTEXT_SECONDS = 10.0
"""Of the loop's other rounds, on either side, that its loudness and peaks are set within."""


def decode_ring(sessions: Sessions, latents: FloatArray) -> Pieces[tuple[FloatArray, FloatArray]]:
    """Return the (128, T) log-mel and the (88, T) note roll of (1, C, F) latents on a ring."""
    mels, rolls = [], []
    for begin, end in pairwise(_edges(latents.shape[2], PIECE_LATENTS)):
        part = around(latents, begin - DECODER_REACH, end + DECODER_REACH)
        out = yield from call(sessions, "vae_decoder", latents=part)
        stride = out["mel"].shape[2] // part.shape[2]
        inner = slice(DECODER_REACH * stride, (DECODER_REACH + end - begin) * stride)
        mels.append(out["mel"][0, :, inner])
        rolls.append(out["roll"][0, :, inner])
    roll = np.concatenate(rolls, axis=1)
    return np.concatenate(mels, axis=1), np.where(roll > QUIET, roll, np.float32(0.0))


def vocode_ring(
    sessions: Sessions, mel: FloatArray, roll: FloatArray, audio: AudioSpec, samples: int
) -> Pieces[FloatArray]:
    """Turn a log-mel and its note roll into a ring of samples.

    Args:
        sessions: Of the pack.
        mel: (M, T) float32 natural log; its frames stand evenly around the ring.
        roll: (88, T) float32 in 0 … 1.
        audio: Of the pack.
        samples: L.

    Returns:
        (L,) float32.
    """
    frames = mel.shape[1]
    yield Piece("noise", samples)
    made = RingExcitation(roll, audio.sample_rate, samples)
    for row in made.rows:
        yield Piece("row of the excitation", samples)
        made.add(row)
    centres = ring_centres(frames, samples)
    inverse = RingInverseStft(samples, audio.n_fft)
    for begin, end in pairwise(_edges(frames, PIECE_FRAMES)):
        seen = np.arange(begin - VOCODER_REACH, end + VOCODER_REACH) % frames
        phases = []
        for a, b in stretches(0, len(seen)):
            yield Piece("stft", b - a)
            phases.append(phase_of(ring_stft(made.wave, audio.n_fft, centres[seen[a:b]])))
        cos, sin = (np.concatenate(part, axis=1) for part in zip(*phases, strict=True))
        real, imag = yield from vocoder_spectrum(sessions, mel[:, seen], cos, sin)
        for a, b in stretches(begin, end):
            yield Piece("inverse stft", b - a)
            inner = slice(VOCODER_REACH + a - begin, VOCODER_REACH + b - begin)
            inverse.add(real[:, inner] + np.complex64(1j) * imag[:, inner], centres[a:b])
    return inverse.samples()


def normalising_ring(samples: FloatArray, sample_rate: int) -> Pieces[FloatArray]:
    """Set loudness and peaks of (A, L) samples as they are heard going round."""
    context = min(samples.shape[1], int(LEVEL_CONTEXT_SECONDS * sample_rate))
    rounds = np.pad(samples, ((0, 0), (context, context)), mode="wrap")
    levelled = yield from normalising(rounds, sample_rate)
    return np.ascontiguousarray(levelled[:, context:-context])


def _edges(frames: int, most: int) -> list[int]:
    """Edges of pieces of nearly equal length, ``most`` frames at most."""
    pieces = math.ceil(frames / most)
    return [frames * i // pieces for i in range(pieces + 1)]
