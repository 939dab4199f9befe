"""Least, greatest and mean square of a clip at many scales, so that any zoom is drawn at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Outline = tuple[FloatArray, FloatArray, FloatArray]
"""Least, greatest, and mean square or its root."""

BIN = 64
"""Samples of a bin at the finest level that is stored."""
FACTOR = 4
"""Bins of a level in one of the next."""


class Pyramid:
    """Answers what a row of columns looks like in time that does not depend on the clip."""

    def __init__(self, samples: FloatArray) -> None:
        """Look at (A, N) float32 samples once; 600 s take 0.2 s, for another thread."""
        self._samples: FloatArray = np.atleast_2d(samples).astype(np.float32, copy=False)
        self._levels = [_level(self._samples)] if self.length else []
        while self._levels and len(self._levels[-1][0]) > 2 * FACTOR:
            self._levels.append(_coarser(self._levels[-1]))

    @property
    def length(self) -> int:
        """Samples per channel."""
        return int(self._samples.shape[1])

    def columns(self, start: float, end: float, count: int) -> Outline:
        """Return the outline between two places.

        Args:
            start: In samples; beyond the clip's ends there is silence.
            end: In samples.
            count: Columns.

        Returns:
            Least, greatest and root mean square of each column, (count,) float32 each.
        """
        edges = np.linspace(start, end, count + 1)
        width = (end - start) / max(count, 1)
        if not self.length or count < 1 or width <= 0:
            flat = np.zeros(max(count, 0), np.float32)
            return flat, flat, flat
        if width < 2:
            return _between(self._samples, edges)
        if width < 2 * BIN:
            return self._from_samples(edges)
        depth = int(np.log(width / (2 * BIN)) / np.log(FACTOR))
        level = min(depth, len(self._levels) - 1)
        return _reduced(*self._levels[level], edges / (BIN * FACTOR**level))

    def _from_samples(self, edges: NDArray[np.float64]) -> Outline:
        first = int(np.clip(edges[0], 0, self.length - 1))
        last = int(np.clip(np.ceil(edges[-1]) + 1, first + 1, self.length))
        part = self._samples[:, first:last]
        return _reduced(part.min(0), part.max(0), np.square(part).mean(0), edges - first)


def _level(samples: FloatArray) -> Outline:
    starts = np.arange(0, samples.shape[1], BIN)
    counts = np.diff(np.append(starts, samples.shape[1])).astype(np.float32)
    low = np.minimum.reduceat(samples, starts, axis=1).min(0)
    high = np.maximum.reduceat(samples, starts, axis=1).max(0)
    power = np.add.reduceat(np.square(samples), starts, axis=1).mean(0) / counts
    return low, high, power


def _coarser(level: Outline) -> Outline:
    low, high, power = level
    starts = np.arange(0, len(low), FACTOR)
    counts = np.diff(np.append(starts, len(low))).astype(np.float32)
    mean: FloatArray = (np.add.reduceat(power, starts) / counts).astype(np.float32)
    return np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts), mean


def _reduced(
    low: FloatArray, high: FloatArray, power: FloatArray, edges: NDArray[np.float64]
) -> Outline:
    """Reduce bins to columns; each takes in the first bin of the next, so that they touch."""
    places = np.clip(edges, 0, len(low) - 1).astype(np.intp)
    begin, end = places[:-1], places[1:]
    counts = np.maximum(end - begin, 1)
    least = np.minimum(np.minimum.reduceat(low, places)[:-1], low[end])
    most = np.maximum(np.maximum.reduceat(high, places)[:-1], high[end])
    mean = np.add.reduceat(power, places)[:-1] / counts
    inside = (edges[1:] > 0) & (edges[:-1] < len(low))
    return (
        np.where(inside, least, 0).astype(np.float32),
        np.where(inside, most, 0).astype(np.float32),
        np.where(inside, np.sqrt(mean), 0).astype(np.float32),
    )


def _between(samples: FloatArray, edges: NDArray[np.float64]) -> Outline:
    """Draw straight lines between samples: fewer than two of them lie in a column."""
    last = samples.shape[1] - 1
    first = int(np.clip(edges[0] - 1, 0, last))
    place = np.arange(first, int(np.clip(edges[-1] + 2, first, last)) + 1)
    lines = [np.interp(edges, place, c[place], left=0.0, right=0.0) for c in samples]
    least = np.min([np.minimum(line[:-1], line[1:]) for line in lines], axis=0)
    most = np.max([np.maximum(line[:-1], line[1:]) for line in lines], axis=0)
    size = np.maximum(-least, most)  # a line has no inner part: all of it is drawn in full
    return least.astype(np.float32), most.astype(np.float32), size.astype(np.float32)
