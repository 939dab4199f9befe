"""Phase ``vae``: frames of log-mel and note roll through 96 latents at an eighth of the rate.

Training starts from principal components: as a linear code they keep far more of an instrument's
timbre than the network finds by itself in the first hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from descant.models.nets.vae import (
    LATENT_CHANNELS,
    MEL_CENTRE,
    MEL_SPREAD,
    N_MELS,
    PATCH,
    ROLL_GAIN,
    Vae,
)
from descant.models.training.device import is_cuda
from descant.models.training.loop import Metrics, Parts
from descant.models.training.resident import Resident

BATCH, CUDA_BATCH = 16, 256
CROP = 256
"""Mel frames per crop (3 s): more different music per second of training than whole clips."""
KL_WEIGHT = 1e-3
COMPONENT_CROPS, TEST_CROPS = 512, 64
PARTS = ("mel", "roll")
ROLL_SLOPE = 6.0
"""Logit per unit of a note's level at the start: silence is -3, the loudest note 3."""
ROLL_COMPONENTS = 32
"""Latents that start as components of the note roll; the others start from the mel."""


class VaePhase:
    """Reconstruction with a small KL."""

    name = "vae"
    learning_rate = 1.5e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Vae()
        self.data = Resident(folder / "data", "train", PARTS, device)
        self.test = Resident(folder / "data", "test", PARTS, device)
        mel, roll = self._crops(self.data, COMPONENT_CROPS)
        start_from_components(self.module, mel.cpu(), roll.cpu())

    def batches(self) -> Iterator[object]:
        """Yield (mel, roll) crops."""
        size = CUDA_BATCH if is_cuda(self.device) else BATCH
        for step in range(10**9):
            if step % 100 == 99:
                self.data.refresh()
            yield self._crops(self.data, size)

    def _crops(self, data: Resident, count: int) -> tuple[Tensor, Tensor]:
        rows, begin = data.pick(count), data.starts(count, CROP)
        mel, roll = (data.take(part, rows, begin, CROP) for part in PARTS)
        return mel, roll

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Reconstruction loss."""
        assert isinstance(batch, tuple)
        mel, roll = batch
        return self.module.loss(mel, roll, KL_WEIGHT)

    def evaluate(self) -> Metrics:
        """Errors on test crops; also measures the latents' scale into the module's buffers."""
        mel, roll = self._crops(self.test, TEST_CROPS)
        mean, _ = self.module.encoder.moments(mel, roll)
        self.module.measure_scale(mean.float()[:16])
        mel_out, roll_out = self.module.decode(self.module.encode(mel, roll))
        error = float((mel_out - mel).abs().mean())
        sounding, played = roll > 0.2, roll_out > 0.25
        hits = float((sounding & played).sum())
        f1 = 2 * hits / max(float(sounding.sum() + played.sum()), 1.0)
        return {"score": error + (1 - f1), "mel_l1": error, "roll_f1": f1}


@torch.no_grad()
def start_from_components(vae: Vae, mel: Tensor, roll: Tensor) -> None:
    """Set the linear maps to the principal components of patches, at unit variance.

    Args:
        vae: Its linear maps are changed.
        mel: (N, 128, T) log-mel.
        roll: (N, 88, T) note rolls.
    """
    mel_count = LATENT_CHANNELS - ROLL_COMPONENTS
    encode, decode = vae.encoder.linear, vae.decoder.linear
    inward, outward = torch.zeros_like(encode.weight), torch.zeros_like(decode.weight)
    offset, centre = torch.zeros(LATENT_CHANNELS), torch.zeros(len(outward))
    row = column = 0
    for values, count in (
        ((mel - MEL_CENTRE) / MEL_SPREAD, mel_count), (roll * ROLL_GAIN, ROLL_COMPONENTS),
    ):  # fmt: skip
        mean, components, deviations = _components(values, count)
        channels = values.shape[1]
        rows, columns = slice(row, row + count), slice(column, column + channels)
        patch = slice(column * PATCH, (column + channels) * PATCH)
        inward[rows, columns] = (components / deviations).T.reshape(count, channels, PATCH)
        offset[rows] = -(mean @ components) / deviations
        outward[patch, rows, 0], centre[patch] = components * deviations, mean
        row, column = row + count, column + channels
    logits = slice(N_MELS * PATCH, None)
    outward[logits] *= ROLL_SLOPE / ROLL_GAIN
    centre[logits] = centre[logits] * (ROLL_SLOPE / ROLL_GAIN) - ROLL_SLOPE * 0.5
    encode.weight, encode.bias = nn.Parameter(inward), nn.Parameter(offset)
    decode.weight, decode.bias = nn.Parameter(outward), nn.Parameter(centre)


def _components(values: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return centre (D,), leading components (D, K) and deviations (K,) of (N, C, T) patches."""
    clips, channels, frames = values.shape
    patches = values.reshape(clips, channels, frames // PATCH, PATCH).transpose(1, 2)
    rows = patches.reshape(-1, channels * PATCH).double()
    centre = rows.mean(0)
    variances, vectors = torch.linalg.eigh((rows - centre).T @ (rows - centre) / len(rows))
    leading = variances.flip(0)[:count].clamp(min=1e-6).sqrt()
    return centre.float(), vectors.flip(1)[:, :count].float(), leading.float()
