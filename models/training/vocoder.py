"""Phase ``vocoder``: spectral losses on one-second crops.

Half of the crops see the mel as the VAE returns it, because that is what they get when music is
made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from descant.kernels.excitation import excitation
from descant.kernels.stft import stft
from descant.models.nets.vae import Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.training.data import AUDIO, Shards
from descant.models.training.loop import Metrics, load_best

BATCH = 8
CROP = 96
RESOLUTIONS = ((512, 128), (1024, 256), (2048, 512))


class VocoderPhase:
    """Multi-resolution spectral losses."""

    name = "vocoder"
    learning_rate = 1e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Vocoder(AUDIO)
        self.train_shards = Shards(folder / "data", "train")
        self.test_shards = Shards(folder / "data", "test")
        self.vae = Vae().to(device).eval()
        load_best(folder, "vae", self.vae)
        self.held_out = [self._item(self.test_shards, random.Random(i), i % 2) for i in range(48)]

    def batches(self) -> Iterator[object]:
        """Yield lists of crops."""
        rng = random.Random()
        while True:
            yield [self._item(self.train_shards, rng, i % 2) for i in range(BATCH)]

    def _item(
        self, shards: Shards, rng: random.Random, decoded: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return mel, cos, sin of a crop and its samples."""
        at = shards.pick(rng, audio=True)
        begin = rng.randrange(0, 864 - CROP, 8)
        samples = shards.samples(at, begin * AUDIO.hop_length, CROP * AUDIO.hop_length)
        mel = torch.from_numpy(shards.mel(at, begin, CROP))
        roll = shards.part("roll", at, begin, CROP)
        if decoded:
            mel, roll = self._through_vae(mel, roll)
        phase = stft(
            excitation(roll, AUDIO.sample_rate, AUDIO.hop_length, rng.randrange(1000)),
            AUDIO.n_fft,
            AUDIO.hop_length,
        )
        unit = phase / np.maximum(np.abs(phase), 1e-9)
        cos, sin = (torch.from_numpy(np.ascontiguousarray(p)) for p in (unit.real, unit.imag))
        return mel, cos, sin, torch.from_numpy(samples)

    @torch.no_grad()
    def _through_vae(self, mel: Tensor, roll: np.ndarray) -> tuple[Tensor, np.ndarray]:
        rolls = torch.from_numpy(roll)[None].to(self.device)
        mel_out, roll_out = self.vae.decode(self.vae.encode(mel[None].to(self.device), rolls))
        quiet = roll_out[0].float().cpu().numpy()
        return mel_out[0].float().cpu(), np.where(quiet > 0.1, quiet, 0.0).astype(np.float32)

    def _run(self, batch: list[tuple[Tensor, ...]]) -> tuple[Tensor, Tensor]:
        mel, cos, sin, samples = (torch.stack(p).to(self.device) for p in zip(*batch, strict=True))
        return self.module.samples(mel, cos, sin), samples

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Multi-resolution STFT distance."""
        assert isinstance(batch, list)
        made, real = self._run(batch)
        loss = stft_distance(made, real)
        return loss, {}

    def evaluate(self) -> Metrics:
        """Distances on test crops, with true mels (even items) and decoded ones (odd)."""
        distances = []
        for items in (self.held_out[::2], self.held_out[1::2]):
            made, real = self._run(list(items))
            distances.append(float(stft_distance(made, real)))
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
