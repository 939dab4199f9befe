"""The vocoder: log-mel and an excitation's phase -> complex spectrum, then inverse STFT.

Magnitude is the mel filterbank's pseudo-inverse times a learned correction; phase is the
excitation's (see ``descant.kernels.excitation``) turned by a learned complex factor.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from descant.kernels.mel import mel_filterbank
from descant.models.nets.blocks import conv_stack
from descant.models.nets.vae import MEL_CENTRE, MEL_SPREAD
from descant.models.spec import AudioSpec


class Vocoder(nn.Module):
    """ConvNeXt trunk at the frame rate with a spectral head (after Vocos, Siuzdak 2023)."""

    inverse: Tensor

    def __init__(self, audio: AudioSpec | None = None, dim: int = 288, depth: int = 8) -> None:
        super().__init__()
        self.audio = audio or AudioSpec()
        bins = self.audio.n_fft // 2 + 1
        inverse = np.maximum(np.linalg.pinv(mel_filterbank(self.audio)), 0.0)
        self.register_buffer("inverse", torch.from_numpy(inverse.astype(np.float32)))
        self.stem = nn.Conv1d(self.audio.n_mels, dim, 5, padding=2)
        self.trunk = conv_stack(dim, depth)
        self.head = nn.Conv1d(dim, bins * 3, 1)
        nn.init.normal_(self.head.weight, std=0.002)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, mel: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
        """Return the real and imaginary parts of the spectrum.

        Args:
            mel: (B, 128, T) natural-log mel.
            cos: (B, 1025, T) cosine of the excitation's phase.
            sin: (B, 1025, T) its sine.
        """
        hidden = self.trunk(self.stem((mel - MEL_CENTRE) / MEL_SPREAD))
        correction, turn_real, turn_imag = self.head(hidden).chunk(3, 1)
        magnitude = torch.matmul(self.inverse, mel.exp())
        magnitude = magnitude.clamp(min=1e-4) * correction.clamp(-6.0, 6.0).exp()
        turn_real = 1.0 + turn_real
        real = magnitude * (cos * turn_real - sin * turn_imag)
        imag = magnitude * (cos * turn_imag + sin * turn_real)
        return real, imag

    def samples(self, mel: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Return (B, T * hop) samples; the torch twin of ``descant.kernels.stft.istft``."""
        real, imag = self(mel, cos, sin)
        n_fft, hop = self.audio.n_fft, self.audio.hop_length
        spectrum = torch.complex(real, imag)
        # One more frame, so that the last hop is whole, as in the reference.
        spectrum = torch.cat([spectrum, spectrum[..., -1:]], -1)
        window = torch.hann_window(n_fft, device=mel.device)
        return torch.istft(spectrum, n_fft, hop, n_fft, window, length=mel.shape[-1] * hop)
