"""Nearest neighbours by cosine: indexes of unit vectors, built, stored and searched by FAISS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.errors import PackError
from descant.runtime.files import write_atomically
from descant.runtime.index_kinds import Hnsw, IndexKind, empty_index, kind_of, load_faiss, metric_of

FloatArray = NDArray[np.float32]

LENGTH_TOLERANCE = 1e-3
"""How far from 1 the length of a vector may be; float16 storage costs half of it."""
_READING = threading.Lock()
"""Held while the limit of ``_reading``, a setting of the whole process, is changed."""


class VectorIndexError(PackError, ValueError):
    """An index is none, is damaged, or does not fit the vectors it should find."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a search found, most similar first."""

    places: NDArray[np.int64]
    """(Q, K) rows of the indexed vectors; -1 where nothing more was found."""
    similarity: FloatArray
    """(Q, K) cosine; minus infinity where nothing more was found."""


class VectorIndex:
    """Unit vectors that can be searched. Safe to search from several threads."""

    def __init__(self, index: Any) -> None:
        """Take a FAISS index over unit vectors.

        Raises:
            VectorIndexError: It is of a kind or metric that is not known here.
        """
        self._index = index
        try:
            self.kind, self.metric = kind_of(index), metric_of(index)
        except ValueError as error:
            raise VectorIndexError(f"{error}") from error

    @classmethod
    def build(
        cls, vectors: FloatArray, kind: IndexKind | None = None, threads: int = 1
    ) -> VectorIndex:
        """Index vectors.

        Args:
            vectors: (N, D) float32, of length 1.
            kind: HNSW with its defaults when None.
            threads: Cores to use. With more than one the graph of HNSW, and so the file, differs
                from run to run.

        Raises:
            VectorIndexError: A vector is not finite or not of length 1, or the kind's parameters
                don't fit them.
        """
        checked = check_vectors(vectors)
        try:
            index = empty_index(kind or Hnsw(), checked.shape[1], len(checked))
        except ValueError as error:
            raise VectorIndexError(f"{error}") from error
        with _omp_threads(threads):
            index.train(checked)
            index.add(checked)
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes) -> VectorIndex:
        """Read what ``to_bytes`` returned.

        Raises:
            VectorIndexError: It is not an index, or one of a kind that is not known here.
        """
        with _reading(len(content)):
            return cls(load_faiss().deserialize_index(np.frombuffer(content, np.uint8)))

    @classmethod
    def load(cls, path: str | Path, mapped: bool = True) -> VectorIndex:
        """Read a FAISS file, ours or another's such as the published ``melody.faiss``.

        Args:
            path: The file; not to be changed while it is mapped.
            mapped: Leave the vectors in the file and let the system page them in.

        Raises:
            VectorIndexError: There is no such file, or it is not an index that is known here.
        """
        faiss = load_faiss()
        if not Path(path).is_file():
            raise VectorIndexError(f"no index {str(path)!r:.300}", hint="check the file's name")
        with _reading(Path(path).stat().st_size):
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """D."""
        return int(self._index.d)

    @property
    def size_bytes(self) -> int:
        """Bytes as a file, which is about what it takes in memory."""
        faiss = load_faiss()
        sizes: list[int] = []
        writer = faiss.PyCallbackIOWriter(lambda piece: sizes.append(len(piece)))
        faiss.write_index(self._index, writer)
        return sum(sizes)

    def check_fits(self, dimension: int, count: int) -> None:
        """Hold the index against the vectors that it was made of.

        Raises:
            VectorIndexError: It has another width, or another number of vectors.
        """
        if self.dimension != dimension or len(self) != count:
            raise VectorIndexError(
                f"want {count} vectors of width {dimension}, got {len(self)} of {self.dimension}",
                hint="index and vectors must come from the same source",
            )

    def search(self, queries: FloatArray, k: int, effort: int | None = None) -> Retrieved:
        """Find the nearest vectors.

        Args:
            queries: (Q, D) float32; their length does not matter.
            k: Neighbours wanted; fewer columns come back when the index is smaller.
            effort: ``ef_search`` or ``nprobe`` of this search; the index's own when None.

        Raises:
            ValueError: The queries have another width, or one is not finite or zero, or k or
                effort is below 1.
        """
        if k < 1 or (effort is not None and effort < 1):
            raise ValueError(f"k and effort must be at least 1, got {k} and {effort}")
        if queries.ndim != 2 or queries.shape[1] != self.dimension:
            raise ValueError(f"queries must be (Q, {self.dimension}), got {queries.shape}")
        length = np.linalg.norm(queries, axis=1, keepdims=True)
        if not (np.isfinite(length) & (length > 0)).all():
            raise ValueError("a query is not finite, or has no direction")
        unit = np.ascontiguousarray(queries / length, np.float32)
        score, places = self._index.search(unit, min(k, len(self)), params=self._effort(effort))
        # Of unit vectors the squared distance is 2 - 2 cos.
        cosine = score if self.metric == "inner product" else 1.0 - score / 2.0
        return Retrieved(places, np.where(places >= 0, cosine, np.float32(-np.inf)))

    def to_bytes(self) -> bytes:
        """Return the index as the bytes of a FAISS file."""
        content: bytes = load_faiss().serialize_index(self._index).tobytes()
        return content

    def save(self, path: str | Path) -> None:
        """Write a FAISS file, whole or not at all.

        Raises:
            OutputError: The file can't be written.
        """
        write_atomically(path, self.to_bytes())

    def _effort(self, effort: int | None) -> Any:
        """The search's own parameters: the index is shared by threads and must not change."""
        faiss = load_faiss()
        if effort is None or self.kind == "flat":
            return None
        if self.kind == "hnsw":
            return faiss.SearchParametersHNSW(efSearch=effort)
        return faiss.SearchParametersIVF(nprobe=min(effort, self._index.nlist))


def check_vectors(vectors: FloatArray) -> FloatArray:
    """Return (N, D) vectors as contiguous float32, once they are known to be unit vectors.

    Raises:
        VectorIndexError: One is not finite or not of length 1, or there are none.
    """
    if vectors.ndim != 2 or not vectors.size:
        raise VectorIndexError(f"vectors must be (N, D), got {vectors.shape}")
    length = np.linalg.norm(vectors, axis=1)
    if not np.isfinite(length).all():
        place = int(np.flatnonzero(~np.isfinite(length))[0])
        raise VectorIndexError(f"vector {place} is not finite")
    if np.abs(length - 1.0).max() > LENGTH_TOLERANCE:
        place = int(np.abs(length - 1.0).argmax())
        raise VectorIndexError(
            f"vector {place} has length {length[place]:.4g}, not 1",
            hint="divide vectors by their lengths first",
        )
    return np.ascontiguousarray(vectors, np.float32)


@contextmanager
def _reading(size_bytes: int) -> Iterator[None]:
    """Turn what FAISS says of a damaged index into our error.

    FAISS checks what it reads, but would first allocate what a damaged header asks for; nothing in
    an index is larger than the index.
    """
    faiss = load_faiss()
    with _READING:
        before = faiss.get_deserialization_vector_byte_limit()
        faiss.set_deserialization_vector_byte_limit(size_bytes)
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            reason = str(error).rsplit("failed: ", 1)[-1][:120]
            raise VectorIndexError(
                f"index is not readable: {reason}", hint="get the file again"
            ) from error
        finally:
            faiss.set_deserialization_vector_byte_limit(before)


@contextmanager
def _omp_threads(count: int) -> Iterator[None]:
    """Hold FAISS to a number of threads on the calling thread."""
    faiss = load_faiss()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
