"""The kinds of search index, as the paper of MG2 compares them, and their empty FAISS indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Flat:
    """Compares the query with every vector: exact."""


@dataclass(frozen=True, slots=True)
class Hnsw:
    """A graph of neighbours in layers (Malkov & Yashunin 2018)."""

    m: int = 32
    """Links per vector; twice as many in the lowest layer."""
    ef_construction: int = 200
    """Candidates looked at when a vector is linked."""
    ef_search: int = 64
    """Candidates looked at in a search."""
    half: bool = False
    """Whether vectors are kept in float16."""


@dataclass(frozen=True, slots=True)
class Ivf:
    """Lists of the vectors around centroids, of which a search opens the nearest."""

    nlist: int = 64
    """Centroids."""
    nprobe: int = 8
    """Lists opened in a search."""


IndexKind = Flat | Hnsw | Ivf


def load_faiss() -> Any:
    """Return the module, without its type stub, which lags behind it; loaded on first use."""
    import faiss

    return faiss


def empty_index(kind: IndexKind, width: int, count: int) -> Any:
    """Return a FAISS index by inner product that waits for vectors.

    Args:
        kind: With its parameters.
        width: D.
        count: Vectors that are to come.

    Raises:
        ValueError: A parameter is below 1, or there are fewer vectors than lists.
    """
    faiss = load_faiss()
    metric = faiss.METRIC_INNER_PRODUCT
    if isinstance(kind, Flat):
        return faiss.IndexFlat(width, metric)
    if isinstance(kind, Ivf):
        if not 1 <= kind.nlist <= count or kind.nprobe < 1:
            raise ValueError(f"{kind} does not fit {count} vectors")
        index = faiss.IndexIVFFlat(faiss.IndexFlat(width, metric), width, kind.nlist, metric)
        index.nprobe = min(kind.nprobe, kind.nlist)
        index.cp.min_points_per_centroid = 1  # few are no fault that is worth a line on stderr
        return index
    if kind.m < 2 or kind.ef_construction < 1 or kind.ef_search < 1:
        raise ValueError(f"{kind} is no graph")
    if kind.half:
        half = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexHNSWSQ(width, half, kind.m, metric)
    else:
        index = faiss.IndexHNSWFlat(width, kind.m, metric)
    index.hnsw.efConstruction = kind.ef_construction
    index.hnsw.efSearch = kind.ef_search
    return index


def kind_of(index: Any) -> Literal["flat", "hnsw", "ivf"]:
    """Return the kind of a FAISS index.

    Raises:
        ValueError: It is another one.
    """
    faiss = load_faiss()
    if isinstance(index, faiss.IndexHNSW):
        return "hnsw"
    if isinstance(index, faiss.IndexIVFFlat):
        return "ivf"
    if isinstance(index, faiss.IndexFlat):
        return "flat"
    raise ValueError(f"index of kind {type(index).__name__}: want flat, HNSW or IVF")


def metric_of(index: Any) -> Literal["inner product", "L2"]:
    """Return the metric of a FAISS index.

    Raises:
        ValueError: It is another one.
    """
    faiss = load_faiss()
    if index.metric_type == faiss.METRIC_INNER_PRODUCT:
        return "inner product"
    if index.metric_type == faiss.METRIC_L2:
        return "L2"
    raise ValueError(f"index of metric {index.metric_type}: want inner product or L2")
