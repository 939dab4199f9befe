"""Compare search indexes: recall, Intersection Rate, time per query on one core, memory.

``python -m tests.bench_index --vectors 10000 100000 1000000``

Two catalogues of each size hold the same made-up pieces as melodies and as audio (how they are made
stands in ``tests.bench.vectors``). Recall@10 is what an index finds of the exact ten nearest
melodies; ISR (MG2's paper, eq. 8) is what the melodies and the audio found for the same text have
in common. A million vectors take about 10 GB of memory and, built by one core, some hours.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from descant.models.metrics import intersection_rate
from descant.runtime.index_kinds import Flat, Hnsw, IndexKind, Ivf
from descant.runtime.vector_index import VectorIndex
from tests.bench.figures import Figure, table
from tests.bench.vectors import FloatArray, clustered, uniform

K = 10
KINDS = ("flat", "hnsw", "ivf")
MILLION = 1_000_000
RECALL, MICROSECONDS = 0.95, 1000.0
"""What is asked of HNSW at a million vectors."""
EFFORTS: dict[type, tuple[int | None, ...]] = {
    Flat: (None,), Hnsw: (16, 32, 64, 128, 256, 512), Ivf: (1, 4, 16, 64, 256)
}  # fmt: skip
HEADINGS = ("vectors", "index", "effort", "recall@10", "ISR@10", "µs/query", "MB", "build s")
WIDTHS = (18, 24, 6, 9, 6, 9, 8, 8)
CATALOGUES = {"clustered": clustered, "uniform": uniform}


@dataclass(frozen=True, slots=True)
class Measured:
    """One index with one effort."""

    vectors: str
    kind: IndexKind
    effort: int | None
    recall: float
    isr: float
    microseconds: float
    """Median of single queries on one core."""
    megabytes: float
    build_seconds: float

    def row(self) -> str:
        """Return a line of the table."""
        cells = (
            self.vectors, _name(self.kind), str(self.effort or ""), f"{self.recall:.3f}",
            f"{self.isr:.3f}", f"{self.microseconds:.0f}", f"{self.megabytes:.1f}",
            f"{self.build_seconds:.1f}",
        )  # fmt: skip
        return _row(cells)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the sweep and, for HNSW, whether the goal is met; 1 when it is not at a million."""
    options = _parser().parse_args(arguments)
    faiss.omp_set_num_threads(1)
    print(_row(HEADINGS))
    figures: list[Figure] = []
    for count in options.vectors:
        for name in options.catalogues:
            measured: list[Measured] = []
            for result in sweep(name, count, options):
                print(result.row(), flush=True)
                measured.append(result)
            figures.append(goal(name, count, measured))
    print("", table(figures), sep="\n")
    return int(any(figure.verdict in ("MISSED", "not measured") for figure in figures))


def sweep(name: str, count: int, options: argparse.Namespace) -> Iterator[Measured]:
    """Measure every kind and effort on one catalogue."""
    catalogue = CATALOGUES[name](count, min(options.queries, count), options.width)
    exact = VectorIndex.build(catalogue.melody, Flat()).search(catalogue.queries, K).places
    kinds: dict[str, list[IndexKind]] = {
        "flat": [Flat()],
        "hnsw": [Hnsw(m, options.ef_construction) for m in options.m],
        "ivf": [Ivf(round(4 * count**0.5))],
    }
    for kind in (kind for name in options.kinds for kind in kinds[name]):
        efforts = EFFORTS[type(kind)]
        heard = _run(catalogue.audio, kind, efforts, catalogue.queries, options.threads)
        found = _run(catalogue.melody, kind, efforts, catalogue.queries, options.threads)
        for i, effort in enumerate(efforts):
            yield Measured(
                vectors=f"{count} {name}",
                kind=kind,
                effort=effort,
                recall=intersection_rate(exact, found.places[i]),
                isr=intersection_rate(heard.places[i], found.places[i]),
                microseconds=found.microseconds[i],
                megabytes=found.size_bytes / 1e6,
                build_seconds=found.build_seconds,
            )


def goal(name: str, count: int, measured: Sequence[Measured]) -> Figure:
    """Return HNSW's shortest time at the recall that is asked for."""
    good = [m for m in measured if isinstance(m.kind, Hnsw) and m.recall >= RECALL]
    best = min(good, key=lambda m: m.microseconds, default=None)
    return Figure(
        "index",
        f"HNSW at recall@10 ≥ {RECALL}, {count} {name}",
        best.microseconds if best else math.nan,
        "µs",
        at_most=MICROSECONDS if count >= MILLION else None,
        beside=f"{_name(best.kind)}, effort {best.effort}" if best else "not reached",
        digits=0,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One index, searched with each effort."""

    places: list[NDArray[np.int64]]
    microseconds: list[float]
    size_bytes: int
    build_seconds: float


def _run(
    vectors: FloatArray,
    kind: IndexKind,
    efforts: Sequence[int | None],
    queries: FloatArray,
    threads: int,
) -> _Run:
    begin = time.perf_counter()
    index = VectorIndex.build(vectors, kind, threads)
    seconds = time.perf_counter() - begin
    places, microseconds = [], []
    for effort in efforts:
        found, times = [], []
        for query in queries:
            begin = time.perf_counter()
            found.append(index.search(query[None], K, effort).places)
            times.append(time.perf_counter() - begin)
        places.append(np.concatenate(found))
        microseconds.append(1e6 * statistics.median(times))
    return _Run(places, microseconds, index.size_bytes, seconds)


def _name(kind: IndexKind) -> str:
    if isinstance(kind, Hnsw):
        return f"HNSW m {kind.m}, ef {kind.ef_construction}"
    return f"IVF nlist {kind.nlist}" if isinstance(kind, Ivf) else "flat"


def _row(cells: Sequence[str]) -> str:
    first, second, *numbers = zip(cells, WIDTHS, strict=True)
    words = [cell.ljust(width) for cell, width in (first, second)]
    return " ".join([*words, *(cell.rjust(width) for cell, width in numbers)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_index", description=__doc__)
    add = parser.add_argument
    add("--vectors", type=int, nargs="+", default=[10_000], metavar="N", help="sizes")
    add("--queries", type=int, default=500, metavar="N", help="searches per figure")
    add("--width", type=int, default=512, metavar="D", help="numbers per vector")
    add("--catalogues", nargs="+", choices=sorted(CATALOGUES), default=sorted(CATALOGUES))
    add("--kinds", nargs="+", choices=KINDS, default=KINDS)
    add("--m", type=int, nargs="+", default=[16, 32], metavar="M", help="links of HNSW")
    add("--ef-construction", type=int, default=200, metavar="N", help="effort of building HNSW")
    add("--threads", type=int, default=1, metavar="N", help="cores that build")
    return parser


if __name__ == "__main__":
    sys.exit(main())
