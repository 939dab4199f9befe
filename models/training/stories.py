"""Phase ``stories``: the story's adapter alone, on stories whose music is not played.

See ``unheard``; the windows of all stories are embedded once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from descant.models.nets.clmp import CLMP_DIM
from descant.models.training.adapters import WINDOW_DROP, WORD_DROP, shaken
from descant.models.training.device import autocast
from descant.models.training.frozen_views import read_table
from descant.models.training.loop import Metrics, Parts
from descant.models.training.unheard import HeardTest, Unheard
from descant.models.training.words import STORY_WINDOWS

BATCH = 512
READ_AT_ONCE = 256
PIECES = 18_432
"""At most: what fits into some minutes of reading on a CPU."""


@dataclass(slots=True)
class Told:
    """A batch of stories."""

    rows: Tensor
    windows: Tensor
    mask: Tensor
    words: Tensor


class StoriesPhase:
    """Cosine, contrast and classes of stories."""

    name = "stories"
    learning_rate = 2e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.pieces = Unheard(folder, ("stories",), device)
        self.module = self.pieces.adapters.story
        self.test = HeardTest(folder, self.pieces.clmp, device)
        self.stories = self.pieces.data.wordings("stories")
        count = min(len(self.pieces.data), PIECES)
        self.windows = torch.empty(
            count, self.stories, STORY_WINDOWS, CLMP_DIM, dtype=torch.float16, device=device
        )
        self.mask = torch.empty(count, self.stories, STORY_WINDOWS, device=device)
        while self.pieces.known < count:
            self._read(min(READ_AT_ONCE, count - self.pieces.known))

    def _read(self, count: int) -> None:
        """Embed the stories of the next rows."""
        rows = self.pieces.grow(count)
        which = torch.arange(self.stories, device=self.device)
        table = self.pieces.data.tokens("stories", rows[:, None], which[None])
        with autocast(self.device):
            self.windows[rows] = read_table(self.pieces.clmp, table)
        self.mask[rows] = (table[..., 0] != 0).float()

    def batches(self) -> Iterator[object]:
        """Yield ``Told``, with words and windows left out at random."""
        while True:
            rows = torch.randint(self.pieces.known, (BATCH,), device=self.device)
            which = torch.randint(self.stories, (BATCH,), device=self.device)
            mask = self.mask[rows, which]
            mask[:, 1:] *= torch.rand_like(mask[:, 1:]) > WINDOW_DROP
            words = self.pieces.data.tokens("stories", rows, which).long().flatten(1)
            words = words * (torch.rand(words.shape, device=self.device) > WORD_DROP)
            yield Told(rows, shaken(self.windows[rows, which].float()), mask, words)

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """As of the phase ``adapters``, against the captions' places."""
        assert isinstance(batch, Told)
        made = self.module(batch.windows, batch.mask, batch.words)
        total, contrast = self.pieces.loss(made, batch.rows)
        return total, {"contrast": contrast}

    def evaluate(self) -> Metrics:
        """Recall at 10 of the music of held-out stories, and the quadrant of its mood."""
        made = [self.module(b.windows, b.window_mask, b.words) for b in self.test.batches()]
        return self.test.metrics("story", torch.cat(made))
