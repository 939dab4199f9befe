"""Pieces that were composed, told and drawn, but not rendered, and where their music lies.

Pictures and stories are cheap and their music is not. What they should say is where their piece's
captions lie once the caption adapter has brought them to the side of the sound, so tens of
thousands of pieces are never played. Held-out figures are of real music all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from descant.models.nets.clmp import CLMP_DIM, contrastive_loss
from descant.models.training.adapters import MOOD_GROUP, Adapters, quadrant_share
from descant.models.training.clmp import Clmp, recall_at
from descant.models.training.device import autocast
from descant.models.training.frozen_views import PARTS, FrozenViews, Quadruples, read_table
from descant.models.training.loop import Metrics, load_best
from descant.models.training.resident import Resident

TEST_BATCH = 128
CAPTIONS = 3
"""Of a row, whose mean place is its target."""
READ_GROUPS = (0, 1, 2, 4)
"""Genre, mood, lead and tempo: neither picture nor story tells a key."""


class Unheard:
    """Rows of pieces on the training's device; the first ``known`` have their targets."""

    def __init__(self, folder: Path, parts: Sequence[str], device: str) -> None:
        """Load the frozen networks and the rows that are there.

        Args:
            folder: Of the training.
            parts: Of the rows beside their captions.
            device: Where all is.
        """
        self.device = device
        self.adapters, self.clmp = Adapters(), Clmp()
        load_best(folder, "adapters", self.adapters)
        load_best(folder, "clmp", self.clmp)
        for module in (self.adapters, self.clmp):
            module.to(device).eval()
        self.clmp.requires_grad_(False)
        self.caption = deepcopy(self.adapters.caption).requires_grad_(False)  # stays as it is
        self.data = Resident(folder / "scenes", "train", ("captions", *parts), device)
        self.known = 0
        self._target = torch.empty(0, CLMP_DIM, device=device)

    @torch.no_grad()
    def grow(self, count: int) -> Tensor:
        """Place up to ``count`` more rows; return them."""
        rows = torch.arange(self.known, min(self.known + count, len(self.data)), device=self.device)
        if len(rows):
            count = min(CAPTIONS, self.data.wordings("captions"))
            which = torch.arange(count, device=self.device)
            with autocast(self.device):
                places = read_table(
                    self.clmp, self.data.tokens("captions", rows[:, None], which[None])
                ).float()
                adapted = self.caption(places.flatten(0, 1)).view_as(places).float()
            fresh = functional.normalize(adapted.mean(1), dim=-1)
            self._target = torch.cat([self._target, fresh])
            self.known += len(rows)
        return rows

    def target(self, rows: Tensor) -> Tensor:
        """(B, 512) mean place of each row's captions, adapted."""
        return self._target[rows]

    def loss(
        self, made: Tensor, rows: Tensor, scale: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the loss of (B, 512) adapted vectors, and its part by contrast.

        Args:
            made: Unit vectors.
            rows: (B,) int64, whose they are.
            scale: Inverse temperature of the contrast; None for that of the adapters.
        """
        target = self.target(rows)
        warmth = self.adapters.scale().detach() if scale is None else scale
        contrast = contrastive_loss([made, target], warmth)
        distance = 1.0 - (made * target).sum(-1).mean()
        groups, labels = self.clmp.classify.logits(made), self.data.labels(rows)
        named = [functional.cross_entropy(groups[i], labels[:, i]) for i in READ_GROUPS]
        return contrast + distance + 0.5 * torch.stack(named).mean(), contrast.detach()


class HeardTest:
    """The held-out clips, with their sound."""

    def __init__(self, folder: Path, clmp: Clmp, device: str) -> None:
        self.clmp = clmp
        self.views = FrozenViews(clmp, Resident(folder / "data", "test", PARTS, device), 1)
        self.views.grow(len(self.views.data))
        self.rows = torch.arange(self.views.known, device=device)

    def batches(self) -> list[Quadruples]:
        """Return all clips, a batch at a time."""
        parts = torch.split(self.rows, TEST_BATCH)
        return [self.views.quadruples(rows, torch.zeros_like(rows)) for rows in parts]

    def metrics(self, name: str, made: Tensor) -> Metrics:
        """Return the recall at 10 of the music by (N, 512) vectors, and the mood's quadrant."""
        batches = self.batches()
        audio = torch.cat([batch.audio for batch in batches])
        moods = torch.cat([batch.labels for batch in batches])[:, MOOD_GROUP]
        with torch.autocast(made.device.type, enabled=False):
            recall = recall_at(made, audio, 10)
            quadrant = quadrant_share(self.clmp, made, moods)
        return {"score": -recall - quadrant, f"{name}_r10": recall, f"{name}_quadrant": quadrant}
