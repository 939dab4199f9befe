"""Retrieval measures on answers that can be counted by hand, and against plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models import metrics
from descant.models.metrics import intersection_rate, map_at_10, ranks, recall_at_k

seeds = st.integers(0, 2**32)


def units(seed: int, count: int, width: int = 6) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, width), np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_by_hand() -> None:
    places = np.array([0, 0, 4, 9, 10, 300])
    assert recall_at_k(places, 1) == 2 / 6
    assert recall_at_k(places, 5) == 3 / 6
    assert recall_at_k(places, 10) == 4 / 6
    assert map_at_10(places) == pytest.approx((1 + 1 + 1 / 5 + 1 / 10) / 6)


@given(seeds, st.integers(1, 30), st.integers(1, 40))
def test_ranks_are_those_of_sorting(seed: int, count: int, more: int) -> None:
    queries, items = units(seed, count), units(seed + 1, count + more)
    order = np.argsort(-(queries @ items.T), axis=1, kind="stable")
    expected = [list(row).index(i) for i, row in enumerate(order)]
    assert ranks(queries, items).tolist() == expected
    own = np.random.default_rng(seed).integers(0, len(items), count)
    assert ranks(queries, items, own).tolist() == [
        list(row).index(i) for i, row in zip(own, order, strict=True)
    ]


def test_the_same_vector_everywhere_is_no_success() -> None:
    same = np.tile(units(0, 1), (100, 1))
    assert recall_at_k(ranks(same, same), 10) == 0.1  # as by chance


def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    queries, items = units(3, 50), units(4, 50)
    whole = ranks(queries, items)
    monkeypatch.setattr(metrics, "CHUNK", 7)
    assert (ranks(queries, items) == whole).all()


def test_intersection_by_hand() -> None:
    first = np.array([[1, 2, 3, 4], [5, 6, -1, -1]])
    second = np.array([[4, 3, 9, 8], [6, 7, 8, -1]])
    assert intersection_rate(first, second) == 3 / 8  # nothing found is nothing in common


@given(seeds, st.integers(1, 8), st.integers(1, 12))
def test_intersection_is_that_of_sets(seed: int, queries: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = (np.stack([rng.permutation(20)[:k] for _ in range(queries)]) for _ in range(2))
    shared = sum(len(set(a) & set(b)) for a, b in zip(first.tolist(), second.tolist(), strict=True))
    assert intersection_rate(first, second) == pytest.approx(shared / (queries * k))
    assert intersection_rate(first, first) == 1.0


def test_what_does_not_fit() -> None:
    two, three = units(0, 2), units(1, 3)
    broken = two.copy()
    broken[1, 2] = np.nan
    for queries, items, own, message in (
        (three, two, None, "each have one"),
        (two, units(0, 2, 5), None, "width"),
        (two, three, np.array([0, 3]), "each have one"),
        (broken, three, None, "finite"),
    ):
        with pytest.raises(ValueError, match=message):
            ranks(queries, items, own)
    with pytest.raises(ValueError, match="one rank"):
        map_at_10(np.array([], np.int64))
    with pytest.raises(ValueError, match="k of at least 1"):
        recall_at_k(np.array([0]), 0)
    for first, second, message in (
        (np.zeros((2, 1), int), np.zeros((1, 2), int), "one size"),
        (np.zeros((0, 4), int), np.zeros((0, 4), int), "one size"),
        (np.array([[1, 1]]), np.array([[1, 2]]), "twice"),
    ):
        with pytest.raises(ValueError, match=message):
            intersection_rate(first, second)
