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
    frames = roll.shape[1]
    count = frames * hop_length
    generator = np.random.default_rng(seed)
    samples: NDArray[np.float32] = generator.standard_normal(count, dtype=np.float32)
    samples *= np.float32(NOISE_GAIN)
    for row in np.flatnonzero(roll.max(1, initial=0.0) > SOUNDING):
        frequency = 440.0 * 2.0 ** ((row + LOWEST_PITCH - 69) / 12)
        table = wavetable(frequency, sample_rate)
        for begin, end in runs(roll[row] > SOUNDING):
            _add_tone(samples, roll[row], (begin, end), table, frequency / sample_rate, start)
    return samples


def _add_tone(
    samples: NDArray[np.float32],
    levels: NDArray[np.float32],
    run: tuple[int, int],
    table: NDArray[np.float32],
    cycles_per_sample: float,
    start: int,
) -> None:
    """Add one note's oscillator over frames ``run``; its phase runs freely from sample -start."""
    hop_length = len(samples) // len(levels)
    first, last = max(run[0] - 1, 0), min(run[1] + 1, len(levels))
    begin, end = first * hop_length, last * hop_length
    position = np.arange(start + begin, start + end, dtype=np.float64) * cycles_per_sample
    index = ((position - np.floor(position)) * TABLE_SIZE).astype(np.int32)
    knots = np.arange(first, last + 1) * hop_length
    heights = levels[np.minimum(np.arange(first, last + 1), len(levels) - 1)]
    gain = np.interp(np.arange(begin, end), knots, heights).astype(np.float32)
    samples[begin:end] += table[index] * gain


def runs(active: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return begin and end of every stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
