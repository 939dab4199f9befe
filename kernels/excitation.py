"""The vocoder's excitation: one band-limited oscillator per sounding note, plus faint noise.

A network that works at the frame rate cannot hold the phase of a steady tone whose period does
not divide the hop. The excitation carries that phase; the network only learns how the real sound
deviates from it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.notes import LOWEST_PITCH

TABLE_SIZE = 4096
NOISE_GAIN = 0.1
"""Gives bins between and far above the harmonics a random phase, not leakage's regular one."""
SOUNDING = 0.02
"""Roll values below this are silent."""


@lru_cache(maxsize=128)
def wavetable(frequency: float, sample_rate: int) -> NDArray[np.float32]:
    """(TABLE_SIZE,) float32, one period at unit RMS: harmonics fall as 1/k, faster above 4 kHz.

    High bins are left to the noise: real instruments and drums are noisy there. Schroeder's
    phases keep the crest factor low.
    """
    order = np.arange(1, max(int(0.5 * sample_rate / frequency), 1) + 1)
    amplitude = 1.0 / (order * (1.0 + (order * frequency / 4000.0) ** 2))
    spectrum = np.zeros(TABLE_SIZE // 2 + 1, np.complex128)
    spectrum[order] = amplitude * np.exp(1j * np.pi * order * (order - 1) / len(order))
    wave = np.fft.irfft(spectrum, TABLE_SIZE)
    table: NDArray[np.float32] = (wave / np.sqrt((wave**2).mean())).astype(np.float32)
    return table


def excitation(
    roll: NDArray[np.float32], sample_rate: int, hop_length: int, seed: int = 0, start: int = 0
) -> NDArray[np.float32]:
    """Synthesize the excitation of a note roll.

    Args:
        roll: (88, T) float32 in 0 … 1, loudness of each sounding note per frame.
        sample_rate: Hz.
        hop_length: Samples per frame; frame t is centred on sample ``t * hop_length``.
        seed: Of the noise floor.
        start: Sample of a longer excitation that this one begins at: its tones are in phase.

    Returns:
        (T * hop_length,) float32.
    """
    return Excitation(roll, sample_rate, hop_length, seed, start).next(roll.shape[1])


class Excitation:
    """An excitation that is made from its beginning on, some frames at a time; see ``excitation``.

    However it is divided, the samples are the same to the last bit.
    """

    def __init__(
        self,
        roll: NDArray[np.float32],
        sample_rate: int,
        hop_length: int,
        seed: int = 0,
        start: int = 0,
    ) -> None:
        """Make nothing yet; arguments as of ``excitation``."""
        self._roll, self._sample_rate, self._hop_length = roll, sample_rate, hop_length
        self._noise = np.random.default_rng(seed)
        self._start, self._done = start, 0
        rows = np.flatnonzero(roll.max(1, initial=0.0) > SOUNDING)
        found = [(row, *run) for row in rows.tolist() for run in runs(roll[row] > SOUNDING)]
        self._runs = np.array(found, np.int64).reshape(-1, 3)

    def next(self, frames: int) -> NDArray[np.float32]:
        """Return the next (frames * hop_length,) float32."""
        begin, end = self._done, self._done + frames
        self._done = end
        samples: NDArray[np.float32] = self._noise.standard_normal(
            frames * self._hop_length, dtype=np.float32
        )
        samples *= np.float32(NOISE_GAIN)
        sounding = (self._runs[:, 1] <= end) & (self._runs[:, 2] >= begin)
        for row, first, last in self._runs[sounding].tolist():
            run = max(first - 1, begin), min(last + 1, end, self._roll.shape[1])
            if run[0] < run[1]:
                self._add_tone(samples, row, run, begin)
        return samples

    def _add_tone(
        self, samples: NDArray[np.float32], row: int, run: tuple[int, int], origin: int
    ) -> None:
        """Add one note's oscillator over frames ``run``; its phase runs freely from -start.

        Args:
            samples: From frame ``origin`` on.
            row: Of the roll.
            run: Frames, within ``samples``.
            origin: A frame.
        """
        hop_length, levels = self._hop_length, self._roll[row]
        frequency = 440.0 * 2.0 ** ((row + LOWEST_PITCH - 69) / 12)
        table = wavetable(frequency, self._sample_rate)
        begin, end = run[0] * hop_length, run[1] * hop_length
        place = np.arange(self._start + begin, self._start + end, dtype=np.float64)
        place *= frequency / self._sample_rate * TABLE_SIZE  # a power of two: as exact as without
        index = place.astype(np.int64) & (TABLE_SIZE - 1)
        heights = levels[np.minimum(np.arange(run[0], run[1] + 1), len(levels) - 1)]
        ramp = np.arange(hop_length, dtype=np.float32) / np.float32(hop_length)
        gain = heights[:-1, None] + np.diff(heights)[:, None] * ramp
        shift = origin * hop_length
        samples[begin - shift : end - shift] += table[index] * gain.reshape(-1)


def runs(active: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return begin and end of every stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
