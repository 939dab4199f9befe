"""The vocoder's excitation for a batch at once, on the device that trains.

The same sound as ``descant.kernels.excitation`` but for its noise: a row's gain runs linearly from
frame to frame, so a frame of all notes is two matrix products.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from descant.kernels.excitation import NOISE_GAIN, SOUNDING, TABLE_SIZE, wavetable
from descant.models.spec import AudioSpec
from descant.models.theory.notes import LOWEST_PITCH, ROLL_PITCHES


class Excitation:
    """Oscillators of all notes over a crop's length."""

    def __init__(self, audio: AudioSpec, frames: int, device: str) -> None:
        """Draw the waves of 88 notes over ``frames`` mel frames."""
        hop, count = audio.hop_length, frames * audio.hop_length
        waves = np.zeros((ROLL_PITCHES, count), np.float32)
        for row in range(ROLL_PITCHES):
            frequency = 440.0 * 2.0 ** ((row + LOWEST_PITCH - 69) / 12)
            turns = np.arange(count, dtype=np.float64) * (frequency / audio.sample_rate)
            index = ((turns - np.floor(turns)) * TABLE_SIZE).astype(np.int32)
            waves[row] = wavetable(frequency, audio.sample_rate)[index]
        shaped = torch.from_numpy(waves).view(ROLL_PITCHES, frames, hop).to(device)
        rise = torch.arange(hop, device=device) / hop
        self._falling, self._rising = shaped * (1.0 - rise), shaped * rise
        self._window = torch.hann_window(audio.n_fft, device=device)
        self._audio = audio

    def samples(self, roll: Tensor) -> Tensor:
        """(B, 88, T) levels in 0 … 1 -> (B, T * hop) samples."""
        sounding = torch.nn.functional.pad((roll > SOUNDING).float(), (1, 1))
        near = torch.nn.functional.max_pool1d(sounding, 3, 1) > 0
        levels = torch.where(near, roll, 0.0)
        after = torch.cat([levels[..., 1:], levels[..., -1:]], -1)
        tones = torch.einsum("bpk,pki->bki", levels, self._falling)
        tones = tones + torch.einsum("bpk,pki->bki", after, self._rising)
        flat = tones.flatten(1)
        return flat + torch.randn_like(flat) * NOISE_GAIN

    def phase(self, roll: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 88, T) levels -> cosine and sine of the excitation's phase, each (B, 1025, T)."""
        n_fft, hop = self._audio.n_fft, self._audio.hop_length
        samples = self.samples(roll)
        spectrum = torch.stft(samples, n_fft, hop, n_fft, self._window, return_complex=True)
        spectrum = spectrum[..., : roll.shape[-1]]
        unit = spectrum / spectrum.abs().clamp(min=1e-9)
        return unit.real, unit.imag
