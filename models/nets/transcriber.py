"""The transcriber: log-frequency spectrum -> onsets, sounding notes and fine pitch.

A small convolutional network over pitch and time. Each pitch sees the places of its overtones side
by side (harmonic stacking, after Bittner et al., "Deep Salience Representations", 2017).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.kernels.pitch_spectrum import BINS, BINS_PER_SEMITONE

PITCHES = 88
OVERTONES = (-12, 0, 12, 19, 24, 28, 31, 34, 36)
"""Semitones from a pitch to its sub-octave, itself and its overtones 2 … 8."""
DILATIONS = ((1, 1), (1, 2), (12, 1), (1, 4), (1, 1), (12, 2), (1, 8))
"""(semitones, frames) between a block's taps: neighbours, octaves, and longer and longer times."""
_RARE = (-4.6, -3.0, -4.6)
"""Logits of about how often an onset, a note and a fine pitch are there."""


class _Block(nn.Module):
    def __init__(self, width: int, dilation: tuple[int, int]) -> None:
        super().__init__()
        self.wide = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.mix = nn.Conv2d(width, width, 1)

    def forward(self, hidden: Tensor) -> Tensor:
        return torch.relu(hidden + self.mix(torch.relu(self.norm(self.wide(hidden)))))


class Transcriber(nn.Module):
    """Convolutions over (bin, frame), overtones stacked, residual blocks over (pitch, frame)."""

    def __init__(self, stem: int = 16, tone: int = 16, width: int = 48) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(2, stem, (5, 3), padding=(2, 1), bias=False), nn.BatchNorm2d(stem), nn.ReLU()
        )
        self.tone = nn.Sequential(  # bins to semitones
            nn.Conv2d(
                stem, tone, (3, 3), stride=(BINS_PER_SEMITONE, 1), padding=(0, 1), bias=False
            ),
            nn.BatchNorm2d(tone),
            nn.ReLU(),
        )
        self.stack = nn.Sequential(
            nn.Conv2d(tone * len(OVERTONES), width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        self.blocks = nn.Sequential(*(_Block(width, dilation) for dilation in DILATIONS))
        self.head = nn.Conv2d(width, 2 + BINS_PER_SEMITONE, 3, padding=1)
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            rare = torch.tensor([*_RARE[:2], *([_RARE[2]] * BINS_PER_SEMITONE)])
            self.head.bias.copy_(rare)  # type: ignore[union-attr]

    def logits(self, spectrum: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits of onset (B, 88, T), note (B, 88, T) and fine pitch (B, 264, T).

        Args:
            spectrum: (B, 2, 312, T) of ``descant.kernels.pitch_spectrum``.
        """
        tones = self.tone(self.stem(spectrum))
        below, above = -OVERTONES[0], OVERTONES[-1] + PITCHES - BINS // BINS_PER_SEMITONE
        padded = functional.pad(tones, (0, 0, below, above))
        shifted = [padded[:, :, below + s : below + s + PITCHES] for s in OVERTONES]
        out = self.head(self.blocks(self.stack(torch.cat(shifted, 1))))
        fine = out[:, 2:].transpose(1, 2).flatten(1, 2)
        return out[:, 0], out[:, 1], fine

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the probabilities of ``logits``."""
        onset, note, fine = self.logits(spectrum)
        return onset.sigmoid(), note.sigmoid(), fine.sigmoid()
