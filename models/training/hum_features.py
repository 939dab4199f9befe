"""Spectrum and targets of the transcriber on the device that trains."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.kernels.pitch_spectrum import (
    BINS_PER_SEMITONE,
    FLOOR,
    FRAME_RATE,
    HOP_LENGTH,
    LEVEL_RMS,
    LOWEST_PITCH,
    SPREAD,
    WINDOWS,
    pitch_filterbank,
)
from descant.models.nets.transcriber import PITCHES

FINE = PITCHES * BINS_PER_SEMITONE


class PitchSpectrum(nn.Module):
    """The torch twin of ``descant.kernels.pitch_spectrum``."""

    def __init__(self) -> None:
        super().__init__()
        for window in WINDOWS:
            bank = torch.from_numpy(pitch_filterbank(window))
            self.register_buffer(f"bank{window}", bank, persistent=False)
            self.register_buffer(f"hann{window}", torch.hann_window(window), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """(B, N) float32 samples to (B, 2, 312, N // 256), in float32 whatever the autocast."""
        with torch.autocast(samples.device.type, enabled=False):
            rms = samples.square().mean(1, keepdim=True).sqrt().clamp(min=1e-7)
            levelled = samples * (LEVEL_RMS / rms)
            return torch.stack([self._plane(levelled, window) for window in WINDOWS], 1)

    def _plane(self, samples: Tensor, window: int) -> Tensor:
        frames = samples.shape[1] // HOP_LENGTH
        taper = self.get_buffer(f"hann{window}") * (2 / window)
        spectrum = torch.stft(
            functional.pad(samples, (window // 2, window // 2)),
            window,
            HOP_LENGTH,
            window=taper,
            center=False,
            return_complex=True,
        )[..., :frames]
        power = spectrum.real.square() + spectrum.imag.square()
        heard = torch.matmul(self.get_buffer(f"bank{window}"), power)
        return torch.log(heard / FLOOR**2 + 1.0) / (2.0 * SPREAD)


def note_targets(notes: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Draw notes.

    Args:
        notes: (B, N, 3) start and end in seconds and MIDI pitch; pitch -1 marks no note.
        frames: T.

    Returns:
        Onsets (B, 88, T): 1 in a note's first frame, 0.5 beside it; and notes (B, 88, T), 0 or 1.
    """
    batch = len(notes)
    row = notes[..., 2].long() - LOWEST_PITCH
    real = (row >= 0) & (row < PITCHES)
    place = torch.arange(batch, device=notes.device)[:, None] * PITCHES + row.clamp(0, PITCHES - 1)
    first = (notes[..., 0] * FRAME_RATE).round().long().clamp(0, frames - 1)
    last = (notes[..., 1] * FRAME_RATE).round().long().clamp(0, frames)
    last = torch.maximum(last, first + 1)
    width = frames + 2
    onset = torch.zeros(batch * PITCHES * width, device=notes.device)
    steps = torch.zeros(batch * PITCHES * width, device=notes.device)
    share = real.float()
    for shift, value in ((0, 0.5), (1, 1.0), (2, 0.5)):
        index = place * width + first + shift
        onset.scatter_reduce_(0, index.flatten(), (share * value).flatten(), "amax")
    steps.scatter_add_(0, (place * width + first).flatten(), share.flatten())
    steps.scatter_add_(0, (place * width + last).flatten(), -share.flatten())
    sounding = steps.view(batch, PITCHES, width)[..., :frames].cumsum(-1) > 0.5
    return onset.view(batch, PITCHES, width)[..., 1 : frames + 1], sounding.float()


def fine_target(pitch: Tensor, notes: Tensor) -> Tensor:
    """Draw the pitch to a third of a semitone.

    Args:
        pitch: (B, T) MIDI number with cents of a single voice, NaN where there is none.
        notes: (B, 88, T) of ``note_targets``: in tune where no pitch is known.

    Returns:
        (B, 264, T): 1 in the nearest bin, less beside it.
    """
    batch, _, frames = notes.shape
    even = torch.zeros(batch, FINE, frames, device=notes.device)
    even[:, 1::BINS_PER_SEMITONE] = notes
    even[:, ::BINS_PER_SEMITONE] = even[:, 2::BINS_PER_SEMITONE] = 0.3 * notes
    bins = (pitch - LOWEST_PITCH) * BINS_PER_SEMITONE + 1.0
    places = torch.arange(FINE, device=notes.device)[None, :, None]
    sung = torch.exp(-((places - bins.nan_to_num(-100.0)[:, None]) ** 2))
    alone = (~pitch.isnan()).any(1)[:, None, None]
    return torch.where(alone, sung, even)
