"""Phase ``vocoder``: spectral losses on one-second crops.

Half of the crops see the mel as the VAE returns it, because that is what they get when music is
made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from descant.models.nets.vae import Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.training.data import AUDIO
from descant.models.training.device import is_cuda
from descant.models.training.excitation import Excitation
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.resident import Resident

BATCH, CUDA_BATCH = 8, 48
CROP = 96
HELD_OUT = 48
QUIETEST = 0.1
"""Notes that the VAE returns below this level are not taken for sounding."""
RESOLUTIONS = ((512, 128), (1024, 256), (2048, 512))
PARTS = ("mel", "roll", "audio")


@dataclass(slots=True)
class Crops:
    """One second of several clips."""

    mel: Tensor
    cos: Tensor
    sin: Tensor
    samples: Tensor


class VocoderPhase:
    """Multi-resolution spectral losses."""

    name = "vocoder"
    learning_rate = 1e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Vocoder(AUDIO)
        self.data = Resident(folder / "data", "train", PARTS, device)
        test = Resident(folder / "data", "test", PARTS, device)
        self.vae = Vae().to(device).eval()
        load_best(folder, "vae", self.vae)
        self.excitation = Excitation(AUDIO, CROP, device)
        torch.manual_seed(0)
        self.held_out = [self._crops(test, HELD_OUT // 2, decoded) for decoded in (False, True)]

    def batches(self) -> Iterator[object]:
        """Yield two ``Crops``: with true mels and with those that the VAE returns."""
        half = (CUDA_BATCH if is_cuda(self.device) else BATCH) // 2
        for step in range(10**9):
            if step % 100 == 99:
                self.data.refresh()
            yield [self._crops(self.data, half, decoded) for decoded in (False, True)]

    @torch.no_grad()
    def _crops(self, data: Resident, count: int, decoded: bool) -> Crops:
        rows, begin = data.pick(count), data.starts(count, CROP, 8)
        mel, roll = (data.take(part, rows, begin, CROP) for part in ("mel", "roll"))
        hop = AUDIO.hop_length
        samples = data.take("audio", rows, begin * hop, CROP * hop)
        if decoded:
            mel, roll = self.vae.decode(self.vae.encode(mel, roll))
            roll = torch.where(roll > QUIETEST, roll, 0.0)
        return Crops(mel, *self.excitation.phase(roll), samples)

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Multi-resolution STFT distance."""
        assert isinstance(batch, list)
        return torch.stack([self._distance(crops) for crops in batch]).mean(), {}

    def _distance(self, crops: Crops) -> Tensor:
        made = self.module.samples(crops.mel, crops.cos, crops.sin)
        return stft_distance(made, crops.samples)

    def evaluate(self) -> Metrics:
        """Distances on test crops, with true mels and decoded ones."""
        distances = [float(self._distance(crops)) for crops in self.held_out]
        return {"score": sum(distances), "stft_true_mel": distances[0], "stft_vae": distances[1]}


def stft_distance(made: Tensor, real: Tensor) -> Tensor:
    """Spectral convergence plus log-magnitude L1, averaged over three resolutions.

    Args:
        made: (B, N) samples.
        real: (B, N) samples.
    """
    total = torch.zeros((), device=made.device)
    for n_fft, hop in RESOLUTIONS:
        window = torch.hann_window(n_fft, device=made.device)
        a, b = (
            torch.stft(x, n_fft, hop, n_fft, window, return_complex=True).abs().clamp(min=1e-2)
            for x in (made, real)
        )
        convergence = torch.linalg.vector_norm(a - b) / torch.linalg.vector_norm(b)
        total = total + convergence + functional.l1_loss(a.log(), b.log())
    return total / len(RESOLUTIONS)
