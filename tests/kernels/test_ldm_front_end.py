"""Resampler and mel front ends beyond the conformance vectors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels import resample as resample_module
from descant.kernels.ldm_mel import fit_frames, load_mel, load_wave, log_mel
from descant.kernels.resample import resample
from descant.models.ldm_spec import LdmMelConfig

MG2, AUDIOLDM = LdmMelConfig("mg2"), LdmMelConfig("audioldm")
SEGMENT = 16000


def tone(
    hertz: float, sample_rate: int, seconds: float
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    times = np.arange(round(seconds * sample_rate)) / sample_rate
    return np.sin(2 * np.pi * hertz * times).astype(np.float32)


@settings(deadline=None, max_examples=40)
@given(
    count=st.integers(0, 400),
    old=st.integers(1, 96000),
    new=st.integers(1, 96000),
)
def test_length_is_rounded_up(count: int, old: int, new: int) -> None:
    if count * new > 10_000 * old:  # a few samples at 1 Hz are minutes at 96 kHz
        count = 0
    out = resample(np.zeros(count, np.float32), old, new)
    assert out.shape == (math.ceil(count * new / old),)
    assert out.dtype == np.float32


@pytest.mark.parametrize(
    ("old", "new"), [(16000, 48000), (48000, 16000), (44100, 16000), (44101, 16001), (8000, 11025)]
)
def test_a_tone_stays_the_same_tone(old: int, new: int) -> None:
    out, wanted = resample(tone(440.0, old, 0.5), old, new), tone(440.0, new, 0.5)
    inside = slice(new // 20, len(wanted) - new // 20)
    np.testing.assert_allclose(out[: len(wanted)][inside], wanted[inside], atol=6e-3)


def test_what_the_lower_rate_cannot_hold_is_gone() -> None:
    out = resample(tone(12000.0, 48000, 0.5), 48000, 16000)
    assert float(np.abs(out[1000:-1000]).max()) < 5e-3


def test_blocks_and_channels_do_not_show(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = rng.standard_normal((2, 3, 1000)).astype(np.float32)
    whole = resample(samples, 44100, 16000)
    monkeypatch.setattr(resample_module, "BLOCK", 300)
    np.testing.assert_array_equal(resample(samples, 44100, 16000), whole)
    np.testing.assert_allclose(resample(samples[1, 2], 44100, 16000), whole[1, 2], atol=1e-6)


def test_the_same_rate_is_a_copy() -> None:
    samples = np.ones(5, np.float32)
    out = resample(samples, 8000, 8000)
    out[0] = 7.0
    assert samples[0] == 1.0


@pytest.mark.parametrize("rates", [(0, 16000), (16000, -1)])
def test_impossible_rates_are_refused(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 1 Hz"):
        resample(np.zeros(4, np.float32), *rates)


def test_framings_differ_in_place_and_number() -> None:
    click = np.zeros(SEGMENT, np.float32)
    click[50 * 160] = 1.0
    mg2, audioldm = log_mel(click, MG2), log_mel(click, AUDIOLDM)
    assert mg2.shape == (100, 64)
    assert audioldm.shape == (101, 64)
    assert int(audioldm.sum(1).argmax()) == 50
    np.testing.assert_allclose(mg2[49], mg2[50], atol=1e-5)  # the click lies between two frames


def test_silence_is_the_floor_and_filling_is_not() -> None:
    mel = log_mel(np.zeros(3200, np.float32), AUDIOLDM)
    np.testing.assert_allclose(mel, math.log(1e-5), rtol=1e-6)
    filled = fit_frames(mel, 30)
    assert filled.shape == (30, 64)
    assert not filled[21:].any()
    np.testing.assert_array_equal(fit_frames(mel, 5), mel[:5])


@pytest.mark.parametrize("shape", [(512,), (2, 4000), ()])
def test_samples_that_have_no_mel(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(N,\) samples"):
        log_mel(np.zeros(shape, np.float32), AUDIOLDM)


@pytest.mark.parametrize("config", [MG2, AUDIOLDM])
def test_level_and_offset_of_a_recording_do_not_matter(config: LdmMelConfig) -> None:
    recording = np.stack([tone(300.0, 16000, 0.4), tone(900.0, 16000, 0.4)])
    wave = load_wave(recording, 16000, SEGMENT, config)
    assert wave.shape == (SEGMENT,)
    assert float(np.abs(wave).max()) == pytest.approx(0.5, abs=1e-6)
    assert not wave[-SEGMENT // 2 :].any()
    other = load_wave(recording[:1] * 0.01 + 0.3, 16000, SEGMENT, config)
    np.testing.assert_allclose(other, wave, atol=1e-4)


def test_a_long_recording_is_cut_by_mg2_only() -> None:
    recording = tone(300.0, 44100, 3.0)[None]
    assert load_wave(recording, 44100, SEGMENT, MG2).shape == (SEGMENT,)
    assert load_wave(recording, 44100, SEGMENT, AUDIOLDM).shape == (48000,)
    for config in (MG2, AUDIOLDM):
        assert load_mel(recording, 44100, 100, config).shape == (100, 64)


@pytest.mark.parametrize("config", [MG2, AUDIOLDM])
def test_a_silent_recording_stays_silent(config: LdmMelConfig) -> None:
    mel = load_mel(np.zeros((1, 9000), np.float32), 44100, 20, config)
    np.testing.assert_allclose(mel, math.log(1e-5), rtol=1e-6)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((2, 0), np.float32), "expected"),
        (np.zeros(800, np.float32), "expected"),
        (np.full((1, 800), np.nan, np.float32), "NaN"),
        (np.full((1, 800), np.inf, np.float32), "infinity"),
    ],
)
def test_unusable_recordings_are_refused(
    samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        load_wave(samples, 16000, SEGMENT, MG2)
