"""Phase ``picture_adapter``: the picture's adapter alone, in large batches, on kept features.

What finds one clip among a thousand is learned from many others at once, more than a CPU can look
at in one step. The tower stands still here: each picture is looked at twice, once as it is and
once in another way, and batches are drawn from what was seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from descant.models.training.augment import augment
from descant.models.training.device import autocast
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.unheard import HeardTest, Unheard

BATCH, LOOK_AT_ONCE = 2048, 256
SCALE = 9.0
"""Inverse temperature of the contrast: of 6, 9, 10, 14 and 22 this one found the most music. A
higher one asks for what no picture tells."""


@dataclass(slots=True)
class Looked:
    """A batch of features."""

    rows: Tensor
    feature: Tensor


class PictureAdapterPhase:
    """Cosine, contrast and classes of what was seen in pictures."""

    name = "picture_adapter"
    learning_rate = 2e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.pieces = Unheard(folder, ("picture",), device)
        learned = self.pieces.adapters
        load_best(folder, "pictures", learned)
        self.tower, self.module = learned.tower.eval(), learned.picture
        while len(self.pieces.grow(LOOK_AT_ONCE)):
            pass
        self.test = HeardTest(folder, self.pieces.clmp, device)
        self.held_out = torch.cat([self._look(b.picture) for b in self.test.batches()])
        rows = torch.split(torch.arange(self.pieces.known, device=device), LOOK_AT_ONCE)
        pictures = (self.pieces.data.take("picture", part) for part in rows)
        looks = [(self._look(x), self._look(augment(x))) for x in pictures]
        self.features = [torch.cat(view) for view in zip(*looks, strict=True)]

    @torch.no_grad()
    def _look(self, picture: Tensor) -> Tensor:
        with autocast(self.device):
            feature: Tensor = self.tower(picture.to(memory_format=torch.channels_last))
        return feature.float()

    def batches(self) -> Iterator[object]:
        """Yield ``Looked``."""
        for step in range(10**9):
            rows = torch.randint(self.pieces.known, (BATCH,), device=self.device)
            yield Looked(rows, self.features[step % len(self.features)][rows])

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """As of the phase ``pictures``, with a temperature of its own."""
        assert isinstance(batch, Looked)
        scale = torch.tensor(SCALE, device=self.device)
        total, contrast = self.pieces.loss(self.module(batch.feature), batch.rows, scale)
        return total, {"contrast": contrast}

    def evaluate(self) -> Metrics:
        """Recall at 10 of the music of held-out pictures, and the quadrant of its mood."""
        return self.test.metrics("picture", self.module(self.held_out))
