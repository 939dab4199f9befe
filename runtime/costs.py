"""What pieces of work cost on this machine: learned while they are done, kept in memory only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from itertools import pairwise

from descant.runtime.errors import GenerationCancelled
from descant.runtime.pieces import Piece, Pieces, Result

REMEMBERED = 9
"""Of each piece and size: the latest times."""
MOST_SIZES = 64
"""Of each piece: those that were met last."""


class Costs:
    """The latest times of pieces, by name and size. Threads may share it."""

    def __init__(self) -> None:
        self._times: dict[str, OrderedDict[int, deque[float]]] = {}
        self._lock = threading.Lock()

    def add(self, piece: Piece, seconds: float) -> None:
        """Note how long a piece took."""
        with self._lock:
            sizes = self._times.setdefault(piece.name, OrderedDict())
            if piece.size not in sizes:
                sizes[piece.size] = deque(maxlen=REMEMBERED)
                if len(sizes) > MOST_SIZES:
                    sizes.popitem(last=False)
            sizes[piece.size].append(seconds)
            sizes.move_to_end(piece.size)

    def typical(self, piece: Piece) -> float | None:
        """Return the median of a piece's seconds; None when no such piece was met yet."""
        return self._estimate(piece, 0.5)

    def cautious(self, piece: Piece) -> float | None:
        """Return seconds that a piece seldom exceeds, or None."""
        return self._estimate(piece, 0.8)

    def _estimate(self, piece: Piece, share: float) -> float | None:
        with self._lock:
            sizes = self._times.get(piece.name)
            if not sizes:
                return None
            if piece.size in sizes:
                return _quantile(sizes[piece.size], share)
            known = sorted((size, _quantile(times, share)) for size, times in sizes.items())
        return _between(known, piece.size)


def measured(
    pieces: Pieces[Result], costs: Costs, now: Callable[[], float] = time.perf_counter
) -> Pieces[Result]:
    """Pass pieces on and note what each has cost."""
    try:
        piece = next(pieces)
        while True:
            try:
                yield piece
            except GenerationCancelled as stopped:
                pieces.throw(stopped)
            begin = now()
            try:
                following = next(pieces)
            finally:  # what was computed last, too, and what failed
                costs.add(piece, now() - begin)
            piece = following
    except StopIteration as stopped:
        result: Result = stopped.value
        return result
    finally:
        pieces.close()


def _quantile(times: deque[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[round(share * (len(ordered) - 1))]


def _between(known: list[tuple[int, float]], size: int) -> float:
    """Interpolate between sizes, which are sorted; beyond them, cost grows with the size."""
    for (low, cheap), (high, dear) in pairwise(known):
        if low <= size <= high:
            return cheap + (dear - cheap) * (size - low) / (high - low)
    nearest, cost = known[0] if size < known[0][0] else known[-1]
    return cost * size / nearest if nearest else cost
