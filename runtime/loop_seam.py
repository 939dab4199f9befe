"""How a loop's joint sounds beside the bar lines inside it.

Two things are measured at a place in the ring, both from the samples alone:

- *Spectral distance*: how far the log spectrum before the place lies from that after it, in bands
  of a third of an octave, through windows of 23 to 186 ms.
- *Phase distance*: how badly the complex spectrum is foretold, across the place, by the two frames
  before it with steady sines (Duxbury et al. 2003, complex domain), in frames of 12 ms. A wave that
  is broken off, or a tone that goes on in another phase, can't be foretold.

New notes begin at bar lines everywhere, so that neither is small there; less begins on other beats,
with which the joint is compared in a loop of a single bar only. The score is the joint's value
over the median of the others', as the geometric mean of the two. In the loops that
``python -m tests.bench_loops`` makes, eight of ten bar lines *inside* a loop score 0.88 to 1.15
against the others of their loop: no single joint can be expected to come nearer to 1.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Places = NDArray[np.int64]
"""(P,) samples of a ring, each the first after a change."""

SPECTRAL_WINDOWS = (0.0232, 0.0464, 0.0929, 0.1858)
"""Seconds."""
PHASE_WINDOW = 0.0116
HOPS = 4
"""Hops per window of the frames that foretell each other."""
FLOOR = 1e-4
"""Added to magnitudes, -80 dB of a full-scale sine."""


def seam_score(samples: FloatArray, sample_rate: int, bars: int, beats_per_bar: int) -> float:
    """Compare a loop's joint with the bar lines inside it, or with the beats of a single bar.

    Args:
        samples: (A, L) or (L,) float32, bars of equal length.
        sample_rate: Hz.
        bars: How many.
        beats_per_bar: Of each.

    Returns:
        About 1 where the joint can't be told from the rest; higher where it is rougher.
    """
    ring = np.atleast_2d(samples).mean(0)
    places = bar_lines(len(ring), bars if bars > 1 else beats_per_bar)
    if len(places) < 2:
        return 1.0
    distances = (spectral_distance, phase_distance)
    both = [_beside_the_rest(measure(ring, sample_rate, places)) for measure in distances]
    return float(np.sqrt(both[0] * both[1]))


def bar_lines(samples: int, count: int) -> Places:
    """(count,) samples at which equal parts of a loop begin, the joint first."""
    return (np.arange(count) * samples / count).round().astype(np.int64)


def _beside_the_rest(values: NDArray[np.float64]) -> float:
    silence = 1e-9
    return float((values[0] + silence) / (np.median(values[1:]) + silence))


def spectral_distance(ring: FloatArray, sample_rate: int, places: Places) -> NDArray[np.float64]:
    """(P,) nepers by which the power in a band differs, before and after each place."""
    total = np.zeros(len(places))
    for seconds in SPECTRAL_WINDOWS:
        size = int(seconds * sample_rate)
        before_and_after = _spectra(ring, places, np.array([-size, 0]), size)
        bands = np.log(np.abs(before_and_after) ** 2 @ _bands(size, sample_rate) + FLOOR**2)
        total += np.abs(bands[:, 1] - bands[:, 0]).mean(1)
    return total / len(SPECTRAL_WINDOWS)


def phase_distance(ring: FloatArray, sample_rate: int, places: Places) -> NDArray[np.float64]:
    """(P,) share of each band's magnitude that is not as foretold, around each place."""
    size = int(PHASE_WINDOW * sample_rate) // HOPS * HOPS
    hop = size // HOPS
    # From the last but two frames that end before the place to the first one that begins on it.
    spectra = _spectra(ring, places, np.arange(-HOPS - 2, 1) * hop, size)
    old, last, now = spectra[:, :-2], spectra[:, 1:-1], spectra[:, 2:]
    foretold = np.abs(last) * np.exp(1j * (2 * np.angle(last) - np.angle(old)))
    # Bands, not the whole, in which loud basses would outweigh everything else.
    missed = np.sqrt(np.abs(now - foretold) ** 2 @ _bands(size, sample_rate))
    heard = np.sqrt(np.abs(now) ** 2 @ _bands(size, sample_rate)) + FLOOR
    distances: NDArray[np.float64] = (missed / heard).mean((1, 2))
    return distances


def _spectra(ring: FloatArray, places: Places, starts: Places, size: int) -> NDArray[np.complex128]:
    """(P, S, size // 2 + 1) spectra of windows that begin ``starts`` samples after each place."""
    take = (places[:, None, None] + starts[:, None] + np.arange(size)) % len(ring)
    spectra: NDArray[np.complex128] = np.fft.rfft(ring[take] * np.hanning(size + 1)[:-1])
    return spectra / (size / 4)


@lru_cache(maxsize=16)
def _bands(size: int, sample_rate: int) -> NDArray[np.float64]:
    """(size // 2 + 1, bands) sums of the bins in each third of an octave from 100 Hz up."""
    edges = 100.0 * 2.0 ** (np.arange(24) / 3)
    edges = edges[edges < sample_rate / 2]
    frequencies = np.arange(size // 2 + 1) * sample_rate / size
    rows = [(frequencies >= a) & (frequencies < b) for a, b in pairwise(edges)]
    return np.stack([row for row in rows if row.any()], axis=1).astype(np.float64)
