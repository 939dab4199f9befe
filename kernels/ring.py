"""The vocoder's signals on a ring: excitation, STFT and its inverse of sound that has no ends.

A loop of L samples is seldom a whole number of hops. Here its T frames stand at equal distances
all around it, each centred on the sample nearest to ``t * L / T``: frame T would be frame 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.kernels.excitation import NOISE_GAIN, SOUNDING, TABLE_SIZE, runs, wavetable
from descant.kernels.stft import hann
from descant.models.theory.notes import LOWEST_PITCH

FloatArray = NDArray[np.float32]


def ring_centres(frames: int, samples: int) -> NDArray[np.int64]:
    """(T,) sample on which each of T frames on a ring of L samples is centred."""
    return (np.arange(frames, dtype=np.int64) * samples * 2 + frames) // (2 * frames)


def ring_excitation(roll: FloatArray, sample_rate: int, samples: int, seed: int = 0) -> FloatArray:
    """Synthesize the excitation of a note roll whose end leads into its beginning.

    The phase of a note that sounds across the joint runs on. One that never stops is tuned to the
    nearest whole number of periods around the ring, by at most half a period in its length.

    Args:
        roll: (88, T) float32 in 0 … 1, loudness of each sounding note per frame.
        sample_rate: Hz.
        samples: L, of the ring.
        seed: Of the noise floor.

    Returns:
        (L,) float32.
    """
    made = RingExcitation(roll, sample_rate, samples, seed)
    for row in made.rows:
        made.add(row)
    return made.wave


class RingExcitation:
    """An excitation on a ring to which the notes of one row after the other are added."""

    def __init__(self, roll: FloatArray, sample_rate: int, samples: int, seed: int = 0) -> None:
        self._roll, self._sample_rate = roll, sample_rate
        self._centres = np.append(ring_centres(roll.shape[1], samples), samples)
        self.rows: list[int] = np.flatnonzero(roll.max(1, initial=0.0) > SOUNDING).tolist()
        self.wave = np.random.default_rng(seed).standard_normal(samples, dtype=np.float32)
        self.wave *= np.float32(NOISE_GAIN)

    def add(self, row: int) -> None:
        """Add one of ``rows``."""
        levels, samples = self._roll[row], len(self.wave)
        frequency = 440.0 * 2.0 ** ((row + LOWEST_PITCH - 69) / 12)
        table = wavetable(frequency, self._sample_rate)
        cycles = float(frequency / self._sample_rate)
        silent = np.flatnonzero(levels <= SOUNDING)
        if not len(silent):
            cycles = max(round(cycles * samples), 1) / samples
            _add_tone(self.wave, np.append(levels, levels[0]), self._centres, table, cycles)
            return
        turned = np.roll(levels, -int(silent[0]))  # begins in silence: no run crosses its end
        for begin, end in runs(turned > SOUNDING):
            # With the silent frame to either side, towards which the tone fades.
            places = np.arange(begin - 1, end + 1) + int(silent[0])
            rounds, inside = np.divmod(places, len(levels))
            knots = self._centres[inside] + rounds * samples
            _add_tone(self.wave, levels[inside], knots, table, cycles)


def _add_tone(
    wave: FloatArray,
    levels: FloatArray,
    knots: NDArray[np.int64],
    table: FloatArray,
    cycles_per_sample: float,
) -> None:
    """Add an oscillator with ``levels`` at ``knots``, which may lie beyond the ring's end."""
    position = np.arange(int(knots[0]), int(knots[-1]))
    turns = position * cycles_per_sample
    index = ((turns - np.floor(turns)) * TABLE_SIZE).astype(np.int32)
    tone = table[index] * np.interp(position, knots, levels).astype(np.float32)
    begin = 0
    while begin < len(tone):  # at most twice: a run is no longer than the ring
        place = int(position[begin]) % len(wave)
        count = min(len(wave) - place, len(tone) - begin)
        wave[place : place + count] += tone[begin : begin + count]
        begin += count


def ring_stft(samples: FloatArray, n_fft: int, centres: NDArray[np.int64]) -> NDArray[np.complex64]:
    """Transform windows around some samples of a ring.

    Args:
        samples: (L,) float32.
        n_fft: Of the window, less than L.
        centres: (t,) any of ``ring_centres``.

    Returns:
        (n_fft // 2 + 1, t) complex64.
    """
    half = n_fft // 2
    padded = np.pad(samples, half, mode="wrap")
    windows = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[centres]
    spectrum = np.fft.rfft(windows * hann(n_fft)).astype(np.complex64)
    return np.ascontiguousarray(spectrum.T)


class RingInverseStft:
    """Inverts ``ring_stft``; frames come in pieces, in any order, each once."""

    def __init__(self, samples: int, n_fft: int) -> None:
        """Make room for a ring of L samples."""
        self._n_fft = n_fft
        self._total = np.zeros(samples + n_fft, np.float32)
        self._weight = np.zeros(samples + n_fft, np.float32)

    def add(self, spectrum: NDArray[np.complex64], centres: NDArray[np.int64]) -> None:
        """Add (n_fft // 2 + 1, t) complex64 around t centres."""
        window = hann(self._n_fft)
        frames = np.fft.irfft(spectrum.T, self._n_fft).astype(np.float32) * window
        squared = window**2
        for frame, begin in zip(frames, centres.tolist(), strict=True):
            self._total[begin : begin + self._n_fft] += frame
            self._weight[begin : begin + self._n_fft] += squared

    def samples(self) -> FloatArray:
        """Return the (L,) float32 samples; call once."""
        half, count = self._n_fft // 2, len(self._total) - self._n_fft
        for padded in (self._total, self._weight):
            # Everything lies half a window late, and what lies beyond the end is the beginning.
            padded[: self._n_fft] += padded[count:]
        total = np.roll(self._total[:count], -half)
        total /= np.maximum(np.roll(self._weight[:count], -half), 1e-8)
        return total
