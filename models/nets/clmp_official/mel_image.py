"""Sound to the square picture that HTS-AT looks at; constants of the signal path.

The published checkpoints store these constants as frozen weights. They follow from the spec, so
they are computed here, in float64.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from descant.kernels.slaney import slaney_filterbank
from descant.kernels.stft import hann
from descant.models.clmp_spec import HtsatSpec

POWER_FLOOR = 1e-10
CUBIC = -0.75
"""Coefficient of the cubic kernel of Keys (1981) that image resizers use."""


def fourier_kernels(n_fft: int) -> NDArray[np.float64]:
    """Return the windowed transform as kernels of a convolution.

    Returns:
        (2 * (n_fft // 2 + 1), n_fft): all cosines, then all negative sines, times Hann's window.
    """
    samples = np.arange(n_fft)
    # The product is reduced first: its sine would lose digits at large angles.
    turns = np.outer(np.arange(n_fft // 2 + 1), samples) % n_fft
    angles = 2.0 * np.pi * turns / n_fft
    return np.concatenate([np.cos(angles), -np.sin(angles)]) * hann(n_fft)


def bicubic_matrix(length: int, stretched: int) -> NDArray[np.float64]:
    """Return the (stretched, length) matrix of bicubic interpolation with aligned corners."""
    places = np.arange(stretched) * ((length - 1) / (stretched - 1))
    left = np.floor(places).astype(np.int64)
    matrix = np.zeros((stretched, length))
    for tap in range(-1, 3):
        column = np.clip(left + tap, 0, length - 1)  # the edge is repeated
        np.add.at(matrix, (np.arange(stretched), column), _cubic(np.abs(places - left - tap)))
    return matrix


def _cubic(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' piecewise cubic at distances of 0 to 2 samples."""
    d = distance
    near = (CUBIC + 2.0) * d**3 - (CUBIC + 3.0) * d**2 + 1.0
    far = CUBIC * (d**3 - 5.0 * d**2 + 8.0 * d - 4.0)
    return np.where(d <= 1.0, near, far)


class LogMel(nn.Module):
    """Sound to a mel spectrogram in decibels."""

    kernels: Tensor
    filters: Tensor

    def __init__(self, spec: HtsatSpec) -> None:
        super().__init__()
        self.hop_length = spec.hop_length
        self.pad = spec.n_fft // 2
        filters = slaney_filterbank(spec.sample_rate, spec.n_fft, spec.n_mels, spec.fmin, spec.fmax)
        constant(self, "kernels", fourier_kernels(spec.n_fft)[:, None])
        constant(self, "filters", filters)

    def forward(self, samples: Tensor) -> Tensor:
        """(B, N) in [-1, 1] -> (B, n_mels, T) in dB."""
        padded = functional.pad(samples[:, None], (self.pad, self.pad), mode="reflect")
        spectrum = functional.conv1d(padded, self.kernels, stride=self.hop_length)
        real, imaginary = spectrum.chunk(2, 1)
        power = self.filters @ (real.square() + imaginary.square())
        return 10.0 * power.clamp(min=POWER_FLOOR).log10()


class MelImage(nn.Module):
    """Stretch a mel over time and stack its quarters (or whatever fits) into a square."""

    stretch: Tensor

    def __init__(self, spec: HtsatSpec) -> None:
        super().__init__()
        self.side = spec.image
        constant(self, "stretch", bicubic_matrix(spec.frames, spec.image_frames).T)

    def forward(self, mel: Tensor) -> Tensor:
        """(B, n_mels, T) -> (B, 1, image, image); earlier blocks of time lie above later ones."""
        batch, bands = mel.shape[:2]
        blocks = (mel @ self.stretch).reshape(batch, bands, -1, self.side)
        return blocks.transpose(1, 2).reshape(batch, 1, self.side, self.side)


def constant(module: nn.Module, name: str, values: NDArray[np.float64]) -> None:
    """Give a module a float32 tensor that is no part of its state.

    It comes from NumPy so that it has its values also where parameters have none yet (``meta``).
    """
    tensor = torch.from_numpy(np.ascontiguousarray(values, np.float32))
    module.register_buffer(name, tensor, persistent=False)
