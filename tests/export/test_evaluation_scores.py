"""Measures of sets of clips, on sets whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.export.evaluation.scores import (
    frechet_distance,
    image_music_similarity,
    inception_score,
    mean_cosine,
    paired_divergence,
)

FloatArray = NDArray[np.float32]


def units(count: int, width: int, seed: int) -> FloatArray:
    rows = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    made: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made


@given(st.integers(0, 10**6), st.floats(-3.0, 3.0))
def test_frechet_distance_of_a_shifted_set(seed: int, shift: float) -> None:
    rows = np.random.default_rng(seed).standard_normal((40, 6)).astype(np.float32)
    moved = rows + np.float32(shift)
    assert frechet_distance(rows, moved) == pytest.approx(6 * shift**2, abs=1e-3)
    centred = rows - rows.mean(0)
    spread = float(np.trace(np.cov(centred, rowvar=False)))
    assert frechet_distance(centred, 2.0 * centred) == pytest.approx(spread, rel=1e-3)


def test_divergence_and_inception_of_known_shares() -> None:
    sure = np.eye(4, dtype=np.float32)
    even = np.full((4, 4), 0.25, np.float32)
    assert paired_divergence(even, even) == pytest.approx(0.0)
    assert paired_divergence(sure, even) == pytest.approx(np.log(4.0))
    assert inception_score(sure) == pytest.approx(4.0)
    assert inception_score(even) == pytest.approx(1.0)
    assert inception_score(np.repeat(sure[:1], 4, 0)) == pytest.approx(1.0)


def test_imsm_of_pairs_that_belong_together() -> None:
    texts = np.eye(8, dtype=np.float32)
    value, chance = image_music_similarity(texts, texts, texts)
    assert value == pytest.approx(1.0)
    assert chance == pytest.approx(0.0)
    value, chance = image_music_similarity(texts, np.roll(texts, 1, 0), texts)
    assert value == pytest.approx(0.0, abs=1e-6)
    assert chance == pytest.approx(1 / 7)


@given(st.integers(2, 20), st.integers(0, 10**6), st.floats(1.0, 100.0))
def test_imsm_is_the_mean_of_the_products_diagonal(count: int, seed: int, scale: float) -> None:
    pictures, sounds, texts = (units(count, 5, seed + i) for i in range(3))

    def shares(rows: FloatArray) -> NDArray[np.float64]:
        powers = np.exp((scale * rows @ texts.T).astype(np.float64))
        made: NDArray[np.float64] = powers / powers.sum(1, keepdims=True)
        return made

    product = shares(pictures) @ shares(sounds).T
    value, chance = image_music_similarity(pictures, sounds, texts, scale)
    assert value == pytest.approx(np.diag(product).mean(), rel=1e-4)
    beside = product[~np.eye(count, dtype=bool)]
    assert chance == pytest.approx(beside.mean(), rel=1e-4, abs=1e-9)
    assert 0.0 <= value <= 1.0


def test_mean_cosine() -> None:
    rows = units(5, 7, 0)
    assert mean_cosine(rows, rows) == pytest.approx(1.0, abs=1e-6)
    assert mean_cosine(rows, -rows) == pytest.approx(-1.0, abs=1e-6)
