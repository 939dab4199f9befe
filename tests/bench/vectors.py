"""Catalogues of made-up embeddings for the retrieval bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

CHUNK = 20_000
"""Vectors drawn at a time: a million of them exist in float32 only."""
GENRES, STYLES = 24, 30
SHARES = (0.4, 0.3, 0.3)
"""Of a piece's variance: its genre, its style within the genre, the piece itself."""
DECAY = 0.7
"""Amplitude of the k-th direction is k to the power of minus this."""
OFFSET = 0.33
"""Length of the mean of a modality before normalising: each lives in a cone of its own."""
AUDIO_NOISE, TEXT_NOISE = 0.12, 0.3
"""Variance of what a modality adds to the piece, beside the piece's own of 1."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The same pieces in two modalities, and queries for the first of them in a third."""

    melody: FloatArray
    """(N, D) unit vectors."""
    audio: FloatArray
    """(N, D) unit vectors."""
    queries: FloatArray
    """(Q, D) unit vectors; query i asks for piece i."""


def clustered(count: int, queries: int, width: int = 512, seed: int = 0) -> Catalogue:
    """Make vectors that lie as those of a trained CLMP do.

    A piece is the sum of its genre, its style and itself, each normal with variances that fall from
    direction to direction; a modality adds its offset and its own noise. 6,000 of them lie much as
    the 6,000 melodies of the first starter pack (in brackets): length of the mean 0.29 (0.32),
    median cosine of pairs 0.09 (0.09), of the nearest neighbour 0.84 (0.88), of the tenth 0.74
    (0.78), directions by participation ratio 10 (11). R@10 of the melody asked by text is 0.86 and
    asked by audio 0.95; the paper has 0.84 and 0.95 on MusicCaps (table 2).
    """
    rng = np.random.default_rng(seed)
    amplitude = (1.0 + np.arange(width)) ** -DECAY
    amplitude = (amplitude / np.linalg.norm(amplitude)).astype(np.float32)
    basis = np.linalg.qr(rng.standard_normal((width, width)))[0].astype(np.float32)
    genres = rng.standard_normal((GENRES, width), np.float32)
    styles = rng.standard_normal((GENRES * STYLES, width), np.float32)
    parts = [np.float32(share**0.5) for share in SHARES]

    def chunk(rng: np.random.Generator, size: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        style = rng.integers(0, len(styles), size)
        own = rng.standard_normal((size, width), np.float32)
        piece = parts[0] * genres[style // STYLES] + parts[1] * styles[style] + parts[2] * own
        views = []
        for place, variance in enumerate((0.0, AUDIO_NOISE, TEXT_NOISE)):
            noise = rng.standard_normal((size, width), np.float32)
            view = ((piece + np.float32(variance**0.5) * noise) * amplitude) @ basis.T
            views.append(_unit(view + np.float32(OFFSET) * basis[:, place]))
        return views[0], views[1], views[2]

    return _gather(chunk, count, queries, width, seed)


def uniform(count: int, queries: int, width: int = 512, seed: int = 0) -> Catalogue:
    """Make vectors without any structure, the hardest case; audio is melody with a little noise."""

    def chunk(rng: np.random.Generator, size: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        melody, noise, text = (
            _unit(rng.standard_normal((size, width), np.float32)) for _ in range(3)
        )
        return melody, _unit(melody + np.float32(AUDIO_NOISE**0.5) * noise), text

    return _gather(chunk, count, queries, width, seed)


def _gather(
    chunk: Callable[[np.random.Generator, int], tuple[FloatArray, FloatArray, FloatArray]],
    count: int,
    queries: int,
    width: int,
    seed: int,
) -> Catalogue:
    melody, audio = (np.empty((count, width), np.float32) for _ in range(2))
    texts: list[FloatArray] = []
    for begin in range(0, count, CHUNK):
        part = slice(begin, min(begin + CHUNK, count))
        melody[part], audio[part], text = chunk(
            np.random.default_rng([seed, begin]), part.stop - begin
        )
        texts.append(text[: max(queries - begin, 0)])
    return Catalogue(melody, audio, np.concatenate(texts))


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
