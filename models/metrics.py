"""How well retrieval works: the measures of the MG2 paper (arXiv 2409.20196, table 2 and eq. 8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int64]
FloatArray = NDArray[np.float32]

CHUNK = 1024
"""Queries compared at a time: a matrix of similarities to a large catalogue stays small."""


def ranks(queries: FloatArray, items: FloatArray, own: NDArray[np.int64] | None = None) -> Ranks:
    """Return the place of each query's own item among all items, 0 for the first.

    Of equally similar items the one that stands first in the catalogue comes first.

    Args:
        queries: (Q, D) float32 unit vectors.
        items: (N, D) float32 unit vectors.
        own: (Q,) index of each query's item; by default query i asks for item i.

    Returns:
        (Q,) int64 in 0 … N - 1.

    Raises:
        ValueError: The sizes don't fit together, or a vector is not finite.
    """
    targets = np.arange(len(queries)) if own is None else own
    if queries.ndim != 2 or items.ndim != 2 or queries.shape[1] != items.shape[1]:
        raise ValueError(f"queries {queries.shape} and items {items.shape} have no common width")
    if targets.shape != (len(queries),) or not ((targets >= 0) & (targets < len(items))).all():
        raise ValueError(f"{len(queries)} queries must each have one of {len(items)} items")
    if not (np.isfinite(queries).all() and np.isfinite(items).all()):
        raise ValueError("a vector is not finite")
    result = np.empty(len(queries), np.int64)
    earlier = np.arange(len(items))
    for begin in range(0, len(queries), CHUNK):
        part = slice(begin, begin + CHUNK)
        scores = queries[part] @ items.T
        target = targets[part, None]
        mine = np.take_along_axis(scores, target, 1)
        result[part] = ((scores > mine) | ((scores == mine) & (earlier < target))).sum(1)
    return result


def recall_at_k(places: Ranks, k: int) -> float:
    """R@k: share of the queries whose own item is among the first k.

    Args:
        places: (Q,) int64, of ``ranks``.
        k: At least 1.

    Raises:
        ValueError: There is no query, or k is below 1.
    """
    _check(places, k)
    return float((places < k).mean())


def map_at_10(places: Ranks) -> float:
    """mAP@10: mean over the queries of 1 / (rank + 1) within the first ten, 0 beyond.

    With one right item per query, as in the paper, average precision is just that.

    Args:
        places: (Q,) int64, of ``ranks``.

    Raises:
        ValueError: There is no query.
    """
    _check(places, 10)
    return float(np.where(places < 10, 1.0 / (places + 1.0), 0.0).mean())


def intersection_rate(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """ISR (eq. 8): share of K results that two searches have in common, mean over the queries.

    Of two databases that hold the same content in two modalities it tells, without labels, how well
    they agree. Of one database, searched exactly and by an index, it is the index's recall at K.

    Args:
        first: (Q, K) places found; -1 stands for nothing found.
        second: (Q, K) places found by the other search.

    Raises:
        ValueError: The shapes differ, nothing is there, or a query found a place twice.
    """
    if first.shape != second.shape or first.ndim != 2 or not first.size:
        raise ValueError(
            f"results must be two tables of one size, got {first.shape}, {second.shape}"
        )
    for table in (first, second):
        ordered = np.sort(table, 1)
        if ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
            raise ValueError("a query found the same place twice")
    shared = (first[:, :, None] == second[:, None, :]) & (first[:, :, None] >= 0)
    return float(shared.sum() / first.size)


def _check(places: Ranks, k: int) -> None:
    if places.ndim != 1 or not len(places) or k < 1:
        raise ValueError(f"want at least one rank and k of at least 1, got {places.shape} and {k}")
