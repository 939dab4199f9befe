"""Signals on a ring: nothing can be told of where it was cut open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.kernels.excitation import NOISE_GAIN, excitation
from descant.kernels.ring import RingInverseStft, ring_centres, ring_excitation, ring_stft
from descant.kernels.stft import stft

RATE, N_FFT, HOP = 44_100, 2048, 512


def inverted(
    spectrum: NDArray[np.complex64], centres: NDArray[np.int64], samples: int
) -> NDArray[np.float32]:
    """Return the samples of a spectrum that is added in two pieces."""
    inverse = RingInverseStft(samples, N_FFT)
    half = len(centres) // 2
    for part in (slice(half, None), slice(half)):
        inverse.add(spectrum[:, part], centres[part])
    return inverse.samples()


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 60), st.floats(0.95, 1.05))
def test_transform_and_back(frames: int, stretch: float) -> None:
    samples = round(frames * HOP * stretch)
    ring = np.random.default_rng(frames).standard_normal(samples).astype(np.float32)
    centres = ring_centres(frames, samples)
    back = inverted(ring_stft(ring, N_FFT, centres), centres, samples)
    np.testing.assert_allclose(back, ring, atol=1e-5)


@given(st.integers(1, 100_000), st.integers(1, 10**9))
def test_frames_stand_evenly(frames: int, samples: int) -> None:
    centres = ring_centres(min(frames, 1000), samples)
    exact = np.arange(len(centres)) * (samples / len(centres))
    assert np.abs(centres - exact).max() <= 0.5 + 1e-6
    assert centres[0] == 0


def test_transform_turns_with_the_ring(rng: np.random.Generator) -> None:
    ring = rng.standard_normal(40 * HOP).astype(np.float32)
    centres = ring_centres(40, len(ring))
    turned = ring_stft(np.roll(ring, -7 * HOP), N_FFT, centres)
    np.testing.assert_allclose(turned, np.roll(ring_stft(ring, N_FFT, centres), -7, axis=1))


def test_inside_it_is_the_plain_transform(rng: np.random.Generator) -> None:
    samples = rng.standard_normal(40 * HOP).astype(np.float32)
    ring = ring_stft(samples, N_FFT, ring_centres(40, len(samples)))
    np.testing.assert_allclose(ring[:, 2:-2], stft(samples, N_FFT, HOP)[:, 2:-2], atol=1e-4)


def noise(samples: int) -> NDArray[np.float32]:
    """Return the noise floor of every excitation."""
    return np.random.default_rng(0).standard_normal(samples, dtype=np.float32) * np.float32(
        NOISE_GAIN
    )


def test_notes_inside_are_those_of_the_plain_excitation() -> None:
    roll = np.zeros((88, 40), np.float32)
    roll[40, 5:20] = roll[52, 10:35] = 0.7
    made = ring_excitation(roll, RATE, 40 * HOP)
    np.testing.assert_allclose(made, excitation(roll, RATE, HOP), atol=1e-5)


@pytest.mark.parametrize("held", [slice(0, 40), slice(-12, None)], ids=["drone", "over the joint"])
@pytest.mark.parametrize("samples", [40 * HOP, 40 * HOP - 100, 40 * HOP + 201])
def test_tone_runs_on_over_the_joint(held: slice, samples: int) -> None:
    roll = np.zeros((88, 40), np.float32)
    roll[30, held] = 0.7
    roll[30, :6] = 0.7
    wave = ring_excitation(roll, RATE, samples) - noise(samples)
    moves = np.abs(np.diff(wave, append=wave[:1]))
    here = np.concatenate([moves[-HOP:], moves[:HOP]])
    joint = np.abs(np.diff(np.roll(wave, 2)[:5], 3)).max()  # third differences see a broken tangent
    inside = np.abs(np.diff(wave[:HOP], 3)).max()
    assert here.max() > 0
    assert joint <= inside * 1.2 + 1e-6


def test_silence_is_noise_alone() -> None:
    np.testing.assert_array_equal(
        ring_excitation(np.zeros((88, 9), np.float32), RATE, 5000), noise(5000)
    )
