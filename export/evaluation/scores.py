"""Measures of sets of clips: distances to real music, and how well music and its wishes agree.

The published forms of these use VGGish, PANNs and CLIP; here the features and classes are the
judge's, and the common space of text, picture and sound is the pack's own. Their values compare
packs of this project with one another, not with the papers' tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

IMSM_SCALE = 100.0
"""Factor of the similarities before the softmax, as CLIP and CLAP have learned it."""


def frechet_distance(first: FloatArray, second: FloatArray) -> float:
    """Fréchet distance of Gaussians fitted to (N, D) features (FID, Heusel et al. 2017; as FAD,
    Kilgour et al. 2019).

    It grows as sets shrink: compare values of one N only.

    Args:
        first: (N, D), N at least 2.
        second: (M, D).
    """
    means = [rows.mean(0, dtype=np.float64) for rows in (first, second)]
    spreads = [np.cov(rows.astype(np.float64), rowvar=False) for rows in (first, second)]
    values, vectors = np.linalg.eigh(spreads[0])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    middle = np.linalg.eigvalsh(root @ spreads[1] @ root)
    shared = np.sqrt(np.maximum(middle, 0.0)).sum()
    gap = float(((means[0] - means[1]) ** 2).sum())
    return gap + float(np.trace(spreads[0]) + np.trace(spreads[1]) - 2.0 * shared)


def paired_divergence(real: FloatArray, made: FloatArray) -> float:
    """Mean Kullback-Leibler divergence KL(real || made) of pairs of clips, in nats.

    Args:
        real: (N, classes) probabilities of real clips.
        made: (N, classes) of the clips made for the same wishes.
    """
    logs = np.log(np.maximum(real, 1e-8)) - np.log(np.maximum(made, 1e-8))
    return float((real * logs).sum(1).mean())


def inception_score(shares: FloatArray) -> float:
    """exp of the mean KL(p(y|x) || p(y)) (Salimans et al. 2016): 1 when all clips are alike.

    Args:
        shares: (N, classes) probabilities.
    """
    mean = shares.mean(0, keepdims=True)
    return float(np.exp(paired_divergence(shares, np.broadcast_to(mean, shares.shape))))


def image_music_similarity(
    pictures: FloatArray, sounds: FloatArray, texts: FloatArray, scale: float = IMSM_SCALE
) -> tuple[float, float]:
    """IMSM (MeLFusion, arXiv 2406.04673) with text as the bridge, in one space of all three.

    P_picture and P_sound are softmaxes over the N texts; the measure is the mean of the diagonal
    of P_picture P_sound^T, in 0 … 1. The released code takes one more softmax over the sounds,
    which caps the value at e / (e + N - 1); it is left out here. Values depend on N and the texts.

    Args:
        pictures: (N, D) unit vectors.
        sounds: (N, D) unit vectors of the music that goes with each picture.
        texts: (N, D) unit vectors of the music's captions.
        scale: Factor of the similarities.

    Returns:
        IMSM, and the mean beside the diagonal: what pictures and sounds that don't belong
        together get.
    """
    count = len(pictures)
    shares = [_softmax(scale * rows @ texts.T) for rows in (pictures, sounds)]
    diagonal = float((shares[0] * shares[1]).sum(1).mean())
    total = float(shares[0].sum(0) @ shares[1].sum(0))
    return diagonal, (total - diagonal * count) / max(count * (count - 1), 1)


def mean_cosine(first: FloatArray, second: FloatArray) -> float:
    """Mean cosine of pairs of (N, D) unit vectors: the CLAP score, when they are text and sound."""
    return float((first * second).sum(1).mean())


def _softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    powers = np.exp(wide - wide.max(1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(1, keepdims=True)
    return shares
