"""Phase ``pictures``: the picture's tower and adapter alone, on drawings whose music is not played.

The phase ``adapters`` learns some twenty thousand pictures by heart before it has seen what they
have in common. Here are as many as are wanted; see ``unheard``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from descant.models.training.adapters import Adapters, sight_loss
from descant.models.training.augment import augment
from descant.models.training.device import is_cuda
from descant.models.training.frozen_views import seen_in
from descant.models.training.loop import Metrics, Parts
from descant.models.training.unheard import HeardTest, Unheard

BATCH, CUDA_BATCH = 64, 384
GROWTH = 2
"""New rows that are taken in per row of a batch, until all are known."""
STILL_STAGES = 2
"""Of the tower, counted from its eye: on a CPU they stay as the phase ``adapters`` left them. They
look for edges and colours, and cost half of a step."""
REFRESH_STEPS = 50
CPU_SIDES = (96, 96, 96, 128)
"""Sides of the batches' pictures in turn, on a CPU: what the tower learns from small ones, at half
the cost, it knows in those of its own size."""


@dataclass(slots=True)
class Drawn:
    """A batch of pictures."""

    rows: Tensor
    picture: Tensor
    seen: Tensor
    feel: Tensor


class PicturesPhase:
    """Cosine, contrast and classes of pictures, and what is seen in them."""

    name = "pictures"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.batch = CUDA_BATCH if is_cuda(device) else BATCH
        self.pieces = Unheard(folder, ("picture",), device)
        self.module: nn.Module = self.pieces.adapters
        self.module.requires_grad_(False)
        learned = self.pieces.adapters
        for part in (learned.tower, learned.picture, learned.seen, learned.feel):
            part.requires_grad_(True)
        if not is_cuda(device):
            learned.tower.stem.requires_grad_(False)
            learned.tower.stages[:STILL_STAGES].requires_grad_(False)
        self.test = HeardTest(folder, self.pieces.clmp, device)
        self._seen = torch.empty(0, 6, dtype=torch.int64, device=device)
        self._feel = torch.empty(0, 2, device=device)

    def batches(self) -> Iterator[object]:
        """Yield ``Drawn``, each picture seen in another way."""
        for step in range(10**9):
            if step % REFRESH_STEPS == REFRESH_STEPS - 1:
                self.pieces.data.refresh()
            self._grow()
            rows = torch.randint(self.pieces.known, (self.batch,), device=self.device)
            side = None if is_cuda(self.device) else CPU_SIDES[step % len(CPU_SIDES)]
            picture = augment(self.pieces.data.take("picture", rows), side)
            picture = picture.to(memory_format=torch.channels_last)
            yield Drawn(rows, picture, self._seen[rows], self._feel[rows])

    def _grow(self) -> None:
        rows = self.pieces.grow(GROWTH * self.batch)
        texts = [self.pieces.data.texts[row] for row in rows.tolist()]
        if texts:
            seen = torch.tensor([seen_in(text) for text in texts], device=self.device)
            feel = torch.tensor([[t["light"], t["energy"]] for t in texts], device=self.device)
            self._seen = torch.cat([self._seen, seen])
            self._feel = torch.cat([self._feel, feel])

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """As of the phase ``adapters``, against the captions' places."""
        assert isinstance(batch, Drawn)
        learned: Adapters = self.pieces.adapters
        feature = learned.tower(batch.picture).float()
        made = learned.picture(feature).float()
        with torch.autocast(torch.device(self.device).type, enabled=False):
            seen = sight_loss(learned, feature, batch.seen, batch.feel)
            placed, contrast = self.pieces.loss(made, batch.rows)
        return placed + seen, {"contrast": contrast, "seen": seen.detach()}

    def evaluate(self) -> Metrics:
        """Recall at 10 of the music of held-out pictures, and the quadrant of its mood."""
        learned = self.pieces.adapters
        made = [learned.picture(learned.tower(b.picture)).float() for b in self.test.batches()]
        return self.test.metrics("picture", torch.cat(made))
