"""Phase ``image_branch``: flow matching on drawn scenes, with their music's captions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor

from descant.models.nets.denoiser import flow_loss
from descant.models.nets.image_branch import ImageBranch, ImageBranchStep, branch_pixels
from descant.models.training.clmp import Clmp
from descant.models.training.device import is_cuda
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.resident import Resident

BATCH, CUDA_BATCH = 64, 512
DROP_TEXT = 0.3
TEST_PICTURES, ROUND_TRIP_STEPS = 128, 16
PARTS = ("picture", "captions")


class ImageBranchPhase:
    """Text-to-image flow matching."""

    name = "image_branch"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = ImageBranch()
        self.clmp = Clmp().to(device).eval().requires_grad_(False)
        load_best(folder, "clmp", self.clmp)
        self.data = Resident(folder / "data", "train", PARTS, device)
        self.test = Resident(folder / "data", "test", PARTS, device)

    def batches(self) -> Iterator[object]:
        """Yield pictures (B, 3, 64, 64) in -1 … 1 and embeddings (B, 512) of captions."""
        size = CUDA_BATCH if is_cuda(self.device) else BATCH
        for step in range(10**9):
            if step % 100 == 99:
                self.data.refresh()
            pictures, text = self._pairs(self.data, self.data.pick(size))
            kept = torch.rand(size, 1, device=self.device) > DROP_TEXT
            flipped = torch.rand(size, 1, 1, 1, device=self.device) < 0.5
            yield torch.where(flipped, pictures.flip(-1), pictures), text * kept

    @torch.no_grad()
    def _pairs(self, data: Resident, rows: Tensor) -> tuple[Tensor, Tensor]:
        text = self.clmp.text(*data.caption_tokens(rows))[0]
        return branch_pixels(data.take("picture", rows)), text.float()

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Flow matching at logit-normal times."""
        assert isinstance(batch, tuple)
        pictures, text = batch
        return self._flow(pictures, text, torch.randn(len(pictures), device=self.device)), {}

    def _flow(self, pictures: Tensor, text: Tensor, level: Tensor) -> Tensor:
        time, noise = level.sigmoid(), torch.randn_like(pictures)
        mixed = torch.lerp(pictures, noise, time[:, None, None, None])
        return flow_loss(self.module(mixed, text, time)[0].float(), pictures, noise)

    def evaluate(self) -> Metrics:
        """Flow-matching error, and what is left of a picture that goes to noise and back."""
        rows = torch.arange(min(TEST_PICTURES, len(self.test)), device=self.device)
        pictures, text = self._pairs(self.test, rows)
        level = torch.linspace(-2.0, 2.0, len(rows), device=self.device)
        loss = float(self._flow(pictures, text, level))
        error = float((self._there_and_back(pictures) - pictures).square().mean())
        psnr = 10.0 * float(torch.log10(torch.tensor(4.0 / max(error, 1e-9))))
        return {"score": loss, "flow_loss": loss, "round_trip_psnr_db": psnr}

    def _there_and_back(self, pictures: Tensor) -> Tensor:
        step = ImageBranchStep(self.module)
        text = torch.zeros(len(pictures), 512, device=self.device)
        times = torch.linspace(0.0, 1.0, ROUND_TRIP_STEPS + 1, device=self.device)[:, None]
        x = pictures
        for path in (times, times.flip(0)):
            for now, then in pairwise(path):
                x = step(x, text, now, then)[0]
        return x
