"""The NumPy references in front of the CLMP towers: mel filters and the length of a sound."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels.fit_length import fit_length
from descant.kernels.slaney import hz_to_mel, mel_to_hz, slaney_filterbank


@pytest.mark.parametrize(
    ("sample_rate", "n_fft", "n_mels", "fmin", "fmax"),
    [(48000, 1024, 64, 50, 14000), (16000, 1024, 64, 0, 8000), (22050, 512, 20, 300, 9000)],
)
def test_filters_are_librosas(
    sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> None:
    wanted = librosa.filters.mel(
        sr=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax, dtype=np.float64
    )
    made = slaney_filterbank(sample_rate, n_fft, n_mels, fmin, fmax)
    np.testing.assert_allclose(made, wanted, atol=1e-12)


@settings(deadline=None)
@given(st.floats(0.0, 24000.0))
def test_mel_scale_is_reversible(hertz: float) -> None:
    back = mel_to_hz(hz_to_mel(np.array([hertz])))
    np.testing.assert_allclose(back, hertz, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(count=st.integers(1, 40), length=st.integers(1, 100))
def test_a_short_sound_repeats_whole_and_a_long_one_keeps_its_beginning(
    count: int, length: int
) -> None:
    samples = np.arange(1, count + 1, dtype=np.float32)
    fitted = fit_length(samples, length)
    assert fitted.shape == (length,)
    whole = length // count * count
    if whole:
        np.testing.assert_array_equal(fitted[:whole], np.tile(samples, length // count))
        assert not fitted[whole:].any()
    else:
        np.testing.assert_array_equal(fitted, samples[:length])


@pytest.mark.parametrize("shape", [(0,), (2, 3)])
def test_what_is_no_mono_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="samples"):
        fit_length(np.zeros(shape, np.float32), 10)
