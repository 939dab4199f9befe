"""Loudness against the standard's own numbers, and the way to −14 LUFS."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.runtime.loudness import integrated_loudness, normalise
from descant.runtime.true_peak import true_peak

RATE = 44100


def sine(
    hertz: float, level_db: float, seconds: float = 5.0, rate: int = RATE
) -> NDArray[np.float32]:
    """Return (N,) samples whose peak is at ``level_db``."""
    time = np.arange(int(seconds * rate)) / rate
    wave: NDArray[np.float32] = (10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time)).astype(
        np.float32
    )
    return wave


@pytest.mark.parametrize("rate", [44100, 48000])
def test_standard_sine(rate: int) -> None:
    wave = sine(997, -20, rate=rate)
    assert integrated_loudness(wave, rate) == pytest.approx(-23.01, abs=0.02)
    assert integrated_loudness(np.stack([wave, wave]), rate) == pytest.approx(-20.0, abs=0.02)


def test_gates() -> None:
    loud, quiet = sine(997, -20, 10), sine(997, -50, 10)
    silence = np.zeros(RATE * 10, np.float32)
    alone = integrated_loudness(loud, RATE)
    # The absolute gate drops the silence, the relative one what is 10 LU below.
    assert integrated_loudness(np.concatenate([loud, silence]), RATE) == pytest.approx(
        alone, abs=0.1
    )
    assert integrated_loudness(np.concatenate([loud, quiet]), RATE) == pytest.approx(alone, abs=0.1)
    assert integrated_loudness(silence, RATE) == -np.inf


def test_agrees_with_another_implementation(rng: np.random.Generator) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is not installed")
    noise = np.cumsum(rng.standard_normal(RATE * 4)) * 1e-3
    noise *= 1 + np.sin(np.arange(len(noise)) / 30000)
    noise -= np.convolve(noise, np.ones(400) / 400, "same")
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(noise)
    assert integrated_loudness(noise.astype(np.float32), RATE) == pytest.approx(theirs, abs=0.1)


@pytest.mark.parametrize("shift", [0.0, 0.3, np.pi / 4])
@pytest.mark.parametrize("hertz", [997.0, 11025.0, 12000.0, 18000.0])
def test_true_peak_of_sines(hertz: float, shift: float) -> None:
    time = np.arange(RATE // 2) / RATE
    wave = np.sin(2 * np.pi * hertz * time + shift) * np.hanning(len(time))
    assert true_peak(wave.astype(np.float32)) == pytest.approx(1.0, abs=0.012)


def test_peak_between_samples_is_seen() -> None:
    time = np.arange(RATE) / RATE
    # A quarter of the rate at 45°: every sample is at -3 dB, the wave between them at 0.
    wave = (np.sin(2 * np.pi * 11025 * time + np.pi / 4) * np.hanning(RATE)).astype(np.float32)
    assert np.abs(wave).max() < 0.71
    assert true_peak(wave) == pytest.approx(1.0, abs=0.01)


def test_gain_alone_is_transparent() -> None:
    wave = sine(440, -40)[None]
    louder = normalise(wave, RATE)
    assert integrated_loudness(louder, RATE) == pytest.approx(-14, abs=0.05)
    np.testing.assert_allclose(louder / louder.max(), wave / wave.max(), atol=1e-5)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("level", [0.001, 0.1, 3.0])
def test_peaky_music_is_limited(rng: np.random.Generator, channels: int, level: float) -> None:
    time = np.arange(RATE * 6) / RATE
    hits = np.exp(-((time % 0.5) * 12)) * rng.standard_normal(len(time))
    music = (0.2 * np.sin(2 * np.pi * 220 * time) + hits)[None].repeat(channels, 0) * level
    louder = normalise(music.astype(np.float32), RATE)
    assert louder.dtype == np.float32
    assert integrated_loudness(louder, RATE) == pytest.approx(-14, abs=1.0)
    assert 20 * np.log10(true_peak(louder)) <= -1.0


@pytest.mark.parametrize("count", [0, 1, 50, 5000, 20000])
def test_short_clips(count: int) -> None:
    wave = sine(440, -6, 1.0)[None, :count]
    assert normalise(wave, RATE).shape == (1, count)
    assert true_peak(normalise(wave, RATE)) <= 10 ** (-1 / 20)


def test_silence_stays_silent() -> None:
    silence = np.zeros((1, RATE), np.float32)
    np.testing.assert_array_equal(normalise(silence, RATE), silence)


def test_one_peak_over_a_quiet_clip_still_meets_the_target() -> None:
    generator = np.random.default_rng(1)
    samples = (generator.standard_normal(44100 * 4) * 0.03).astype(np.float32)
    samples[40000:46000] *= 20.0
    samples[:60000] *= 3.0
    made = normalise(samples[None], 44100)
    assert integrated_loudness(made, 44100) == pytest.approx(-14.0, abs=0.5)
    assert true_peak(made) <= 10 ** (-1 / 20)
