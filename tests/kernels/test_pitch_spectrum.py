"""The transcriber's spectrum shows tones where they are, whatever their level."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.kernels.pitch_spectrum import (
    BINS,
    HOP_LENGTH,
    SAMPLE_RATE,
    WINDOWS,
    pitch_filterbank,
    pitch_spectrum,
)


def tone(pitch: float, count: int = SAMPLE_RATE) -> NDArray[np.float32]:
    hertz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    turns = hertz / SAMPLE_RATE * np.arange(count)
    return np.asarray(np.sin(2 * np.pi * turns), np.float32)


@settings(max_examples=15, deadline=None)
@given(st.floats(45.0, 108.0))
def test_a_tone_is_loudest_in_its_bin(pitch: float) -> None:
    spectrum = pitch_spectrum(tone(pitch))
    assert spectrum.shape == (2, BINS, SAMPLE_RATE // HOP_LENGTH)
    middle = spectrum[0, :, 40]
    assert abs(int(middle.argmax()) - (3 * (pitch - 21) + 1)) <= 1.0


def test_level_does_not_matter() -> None:
    loud = tone(60) + np.float32(0.3) * tone(72.2)
    difference = pitch_spectrum(loud) - pitch_spectrum(loud * np.float32(1e-3))
    assert np.abs(difference).max() < 1e-3


def test_silence_and_the_shortest_sound_are_finite() -> None:
    assert not pitch_spectrum(np.zeros(HOP_LENGTH, np.float32)).any()


def test_an_onset_shows_at_its_frame_in_the_short_window() -> None:
    silent = SAMPLE_RATE // 2 // HOP_LENGTH * HOP_LENGTH
    spectrum = pitch_spectrum(np.concatenate([np.zeros(silent, np.float32), tone(69)]))
    strength = spectrum[1, 3 * (69 - 21) + 1]
    rise = int(np.diff(strength).argmax())
    assert abs(rise - silent // HOP_LENGTH) <= 2


def test_filters_keep_the_power() -> None:
    for window in WINDOWS:
        np.testing.assert_allclose(pitch_filterbank(window).sum(1), 1.0, rtol=1e-5)
