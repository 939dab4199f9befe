"""The NumPy references: STFT round trip, mel scale, excitation's pitch and phase."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels.excitation import Excitation, excitation
from descant.kernels.mel import log_mel, mel_filterbank
from descant.kernels.stft import istft, stft, stft_frames
from descant.models.spec import AudioSpec
from descant.models.theory.notes import LOWEST_PITCH

AUDIO = AudioSpec()


@settings(deadline=None, max_examples=20)
@given(frames=st.integers(5, 40), seed=st.integers(0, 1000))
def test_stft_round_trip_is_identity_inside(frames: int, seed: int) -> None:
    samples = np.random.default_rng(seed).standard_normal(frames * 512).astype(np.float32)
    back = istft(stft(samples, 2048, 512), 2048, 512)
    assert back.shape == samples.shape
    # the last frames of a clip lack their right neighbours
    np.testing.assert_allclose(back[: -3 * 512], samples[: -3 * 512], atol=2e-4)


@pytest.mark.parametrize("count", [0, 511, 512, 1024])
def test_stft_of_very_short_samples(count: int) -> None:
    assert stft(np.zeros(count, np.float32), 2048, 512).shape == (1025, count // 512)


def test_frames_are_centred_on_their_samples() -> None:
    click = np.zeros(512 * 20, np.float32)
    click[512 * 10] = 1.0
    energy = np.abs(stft(click, 2048, 512)).sum(0)
    assert int(energy.argmax()) == 10


def test_every_mel_band_hears_something_and_is_normalised() -> None:
    bank = mel_filterbank(AUDIO)
    assert bank.shape == (128, 1025)
    np.testing.assert_allclose(bank.sum(1), 1.0, rtol=1e-5)


def test_silence_is_the_mel_floor() -> None:
    mel = log_mel(np.zeros(44100, np.float32), AUDIO)
    np.testing.assert_allclose(mel, np.log(AUDIO.mel_floor), rtol=1e-6)


@pytest.mark.parametrize("pitch", [28, 60, 69, 96])
def test_excitation_sounds_at_the_notes_pitch(pitch: int) -> None:
    roll = np.zeros((88, 172), np.float32)
    roll[pitch - LOWEST_PITCH] = 0.8
    samples = excitation(roll, 44100, 512)
    assert samples.shape == (172 * 512,)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    peak = float(spectrum.argmax()) * 44100 / len(samples)
    assert abs(peak - 440 * 2 ** ((pitch - 69) / 12)) < 1.0


def test_excitation_keeps_its_phase_over_a_rest() -> None:
    """The oscillator runs freely: a note that returns continues the same wave."""
    held = np.zeros((88, 64), np.float32)
    held[40] = 0.5
    broken = held.copy()
    broken[40, 20:30] = 0.0
    late = slice(40 * 512, 60 * 512)
    np.testing.assert_allclose(
        excitation(held, 44100, 512)[late], excitation(broken, 44100, 512)[late], atol=1e-5
    )


def test_empty_roll_is_faint_noise() -> None:
    samples = excitation(np.zeros((88, 10), np.float32), 44100, 512)
    assert 0.0 < float(np.abs(samples).max()) < 1.0


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 1000))
def test_an_excitation_is_the_same_however_it_is_divided(parts: list[int], seed: int) -> None:
    generator, frames = np.random.default_rng(seed), sum(parts)
    roll = np.where(generator.random((88, frames)) > 0.7, np.float32(0.6), np.float32(0.0))
    made = Excitation(roll, 44100, 512, start=512 * 7)
    pieces = np.concatenate([made.next(part) for part in parts])
    np.testing.assert_array_equal(pieces, excitation(roll, 44100, 512, start=512 * 7))


@settings(deadline=None, max_examples=20)
@given(st.integers(1025, 9000), st.integers(0, 1000))
def test_frames_are_those_of_the_whole_transform(count: int, seed: int) -> None:
    samples = np.random.default_rng(seed).standard_normal(count).astype(np.float32)
    whole = stft(samples, 2048, 512)
    for first in range(whole.shape[1]):
        some = stft_frames(samples, first, min(first + 3, whole.shape[1]), 2048, 512)
        np.testing.assert_array_equal(some, whole[:, first : first + 3])
