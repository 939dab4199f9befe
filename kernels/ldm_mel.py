"""The front end of AudioLDM's and MG2's VAE: any recording to the log-mel of their training.

The two projects use one filterbank and two framings, and load a wave a little differently.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from descant.kernels.resample import resample
from descant.kernels.slaney import slaney_filterbank
from descant.kernels.stft import hann
from descant.models.ldm_spec import LdmMelConfig

PEAK = 0.5
"""A loaded wave is scaled to this."""


@lru_cache(maxsize=4)
def mel_basis(config: LdmMelConfig) -> NDArray[np.float32]:
    """(n_mels, n_fft // 2 + 1) float32 triangles on Slaney's scale, of unit area per Hz."""
    bank = slaney_filterbank(
        config.sample_rate, config.n_fft, config.n_mels, config.fmin, config.fmax
    )
    return bank.astype(np.float32)


def log_mel(samples: NDArray[np.float32], config: LdmMelConfig) -> NDArray[np.float32]:
    """Return the natural-log mel spectrogram of mono samples.

    Args:
        samples: (N,) float32 at the config's rate, longer than its padding.
        config: Framing ``mg2`` gives N // 160 frames, ``audioldm`` one more.

    Returns:
        (T, 64) float32, time first, as the VAE takes it.

    Raises:
        ValueError: The samples are not mono, or too few to be mirrored.
    """
    if samples.ndim != 1 or len(samples) <= config.padding:
        raise ValueError(
            f"expected (N,) samples with N above {config.padding}, got {samples.shape}"
        )
    padded = np.pad(samples.astype(np.float64), config.padding, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, config.n_fft)[:: config.hop_length]
    magnitude = np.abs(np.fft.rfft(frames * hann(config.n_fft)))
    mel = np.maximum(magnitude @ mel_basis(config).T, config.mel_floor)
    return np.log(mel).astype(np.float32)


def fit_frames(mel: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Cut (T, M) to ``frames``, or fill it up with zeros as AudioLDM does, not with the floor."""
    return np.pad(mel[:frames], ((0, max(frames - len(mel), 0)), (0, 0)))


def load_wave(
    samples: NDArray[np.float32], sample_rate: int, segment: int, config: LdmMelConfig
) -> NDArray[np.float32]:
    """Bring a recording to the rate, level and least length of the training data.

    The first channel is resampled, freed of its mean, scaled to a peak of 0.5 and filled up with
    zeros. MG2 takes one segment from the beginning (its training first cuts the recording at a
    random place, which is the caller's to do); AudioLDM takes all of it and cuts the mel later.

    Args:
        samples: (A, N) float32.
        sample_rate: Hz.
        segment: Samples of the clip at the config's rate, 163,840 for 10.24 s.
        config: Of which project.

    Returns:
        (segment,) float32; for ``audioldm`` longer where the recording is.

    Raises:
        ValueError: There is no sample, or one is not finite, or the rate is below 1 Hz.
    """
    if samples.ndim != 2 or samples.size == 0:
        raise ValueError(f"expected (A, N) samples, got {samples.shape}")
    channel = samples[0]
    if config.framing == "mg2":
        channel = channel[: max(segment * sample_rate // config.sample_rate, 1)]
    if not np.isfinite(channel).all():
        raise ValueError("the recording holds NaN or infinity")
    wave = resample(channel, sample_rate, config.sample_rate)
    wave = wave - wave.mean()
    wave = wave / (np.abs(wave).max() + 1e-8) * PEAK
    wave = np.pad(wave, (0, max(segment - len(wave), 0)))
    peak = float(np.abs(wave).max())
    if config.framing == "audioldm" and peak > 0.0:  # a silent recording becomes NaN there
        wave = wave / peak * PEAK
    return wave.astype(np.float32)


def load_mel(
    samples: NDArray[np.float32], sample_rate: int, frames: int, config: LdmMelConfig
) -> NDArray[np.float32]:
    """Return the (frames, 64) log-mel of a recording (A, N) at any rate; see ``load_wave``."""
    wave = load_wave(samples, sample_rate, frames * config.hop_length, config)
    return fit_frames(log_mel(wave, config), frames)
