"""Phase ``vae``: frames of log-mel and note roll through 64 latents at an eighth of the rate."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from descant.models.nets.vae import Vae
from descant.models.training.data import Shards
from descant.models.training.loop import Metrics

BATCH = 8
CROP = 256
"""Mel frames per crop (3 s): more different music per second of training than whole clips."""
KL_WEIGHT = 2e-3


class VaePhase:
    """Reconstruction with a small KL."""

    name = "vae"
    learning_rate = 1.5e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Vae()
        self.train_shards = Shards(folder / "data", "train")
        self.test_shards = Shards(folder / "data", "test")

    def batches(self) -> Iterator[object]:
        """Yield (mel, roll) crops."""
        rng = random.Random()
        for step in range(10**9):
            if step % 100 == 99:
                self.train_shards.refresh()
            yield self._crops(self.train_shards, rng, BATCH)

    def _crops(self, shards: Shards, rng: random.Random, count: int) -> tuple[Tensor, Tensor]:
        mels, rolls = [], []
        for _ in range(count):
            at, begin = shards.pick(rng), rng.randrange(864 - CROP)
            mels.append(shards.mel(at, begin, CROP))
            rolls.append(shards.part("roll", at, begin, CROP))
        mel, roll = torch.from_numpy(np.stack(mels)), torch.from_numpy(np.stack(rolls))
        return mel.to(self.device), roll.to(self.device)

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Reconstruction loss."""
        assert isinstance(batch, tuple)
        mel, roll = batch
        return self.module.loss(mel, roll, KL_WEIGHT)

    def evaluate(self) -> Metrics:
        """Errors on test crops; also measures the latents' scale into the module's buffers."""
        mel, roll = self._crops(self.test_shards, random.Random("vae"), 64)
        mean, _ = self.module.encoder.moments(mel, roll)
        mean = mean.float()
        self.module.centre.copy_(mean.mean((0, 2))[:, None])
        self.module.spread.copy_(mean.std((0, 2))[:, None].clamp(min=1e-3))
        mel_out, roll_out = self.module.decode(self.module.encode(mel, roll))
        error = float((mel_out - mel).abs().mean())
        sounding, played = roll > 0.2, roll_out > 0.25
        hits = float((sounding & played).sum())
        f1 = 2 * hits / max(float(sounding.sum() + played.sum()), 1.0)
        return {"score": error + (1 - f1), "mel_l1": error, "roll_f1": f1}
