"""Phase ``stories``: the story's adapter alone, on stories that need no music to be rendered.

A story is cheap and its music is not. What a story should say is where its piece's captions lie
once the caption adapter has brought them to the side of the sound, so pieces are composed, told
and captioned by the thousand and never played. The held-out figures are of real music.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from descant.models.nets.clmp import contrastive_loss
from descant.models.synthset.captions import caption
from descant.models.synthset.compose import compose
from descant.models.synthset.gallery import scene_of
from descant.models.synthset.stories.tell import tell
from descant.models.training.adapters import (
    MOOD_GROUP,
    Adapters,
    quadrant_share,
    shaken,
)
from descant.models.training.clmp import Clmp, recall_at
from descant.models.training.frozen_views import PARTS, FrozenViews
from descant.models.training.labels import labels_of
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.resident import Resident
from descant.models.training.words import ids_and_mask, story_table, token_table

FIRST_SEED = 2_000_000
"""Far from the pieces that other phases hear."""
PIECES, CAPTIONS, STORIES = 8192, 4, 3
WORKERS, CHUNK = 2, 64
BATCH, READ_AT_ONCE = 512, 1024
WORD_DROP, WINDOW_DROP = 0.3, 0.2
TEST_BATCH = 128
READ_GROUPS = (0, 1, 2, 4)
"""Genre, mood, lead and tempo: a story tells no key."""


@dataclass(slots=True)
class Told:
    """A batch of stories and where their music lies."""

    windows: Tensor
    mask: Tensor
    words: Tensor
    target: Tensor
    labels: Tensor


class StoriesPhase:
    """Cosine, contrast and classes of stories."""

    name = "stories"
    learning_rate = 2e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.adapters, self.clmp = Adapters(), Clmp()
        load_best(folder, "adapters", self.adapters)
        load_best(folder, "clmp", self.clmp)
        for module in (self.adapters, self.clmp):
            module.to(device).eval()
        self.module = self.adapters.story
        self.clmp.requires_grad_(False)
        with get_context("spawn").Pool(WORKERS) as pool:
            seeds = range(FIRST_SEED, FIRST_SEED + PIECES)
            rows = pool.map(_tell_piece, seeds, chunksize=CHUNK)
        captions, stories, labels = (np.stack(column) for column in zip(*rows, strict=True))
        self._take(captions, stories, labels)
        self.test_views = FrozenViews(
            self.clmp, Resident(folder / "data", "test", PARTS, device), 1
        )

    def _take(
        self, captions: NDArray[np.int16], stories: NDArray[np.int16], labels: NDArray[np.int64]
    ) -> None:
        """Embed (N, C, 64) captions and (N, S, W, 64) stories of pieces with (N, 5) classes."""
        told, self.labels = (torch.from_numpy(a).to(self.device) for a in (stories, labels))
        self.target = self._targets(torch.from_numpy(captions).to(self.device))
        self.windows = self._read(told)
        self.mask = (told[..., 0] != 0).float()
        self.words = told.flatten(2).sort(2, descending=True).values  # the gaps go to the end

    @torch.no_grad()
    def _targets(self, captions: Tensor) -> Tensor:
        """(N, C, 64) ids -> (N, 512) mean place of a piece's captions, adapted."""
        places = self._read(captions).float()
        adapted = self.adapters.caption(places.flatten(0, 1)).view_as(places)
        return functional.normalize(adapted.mean(1), dim=-1)

    @torch.no_grad()
    def _read(self, table: Tensor) -> Tensor:
        """(..., 64) ids -> (..., 512) float16 of the text tower; zeros where there is no text."""
        flat = table.flatten(0, -2)
        made = torch.zeros(len(flat), 512, dtype=torch.float16, device=self.device)
        order = (flat != 0).sum(1).argsort()  # those of one length together: less padding
        for part in torch.split(order[(flat[order, 0] != 0)], READ_AT_ONCE):
            ids, mask = ids_and_mask(flat[part])
            longest = int(mask.sum(1).max())
            with torch.autocast(torch.device(self.device).type, torch.bfloat16):
                made[part] = self.clmp.text(ids[:, :longest], mask[:, :longest])[0].half()
        return made.view(*table.shape[:-1], 512)

    def batches(self) -> Iterator[object]:
        """Yield ``Told``, with words and windows left out at random."""
        while True:
            rows = torch.randint(len(self.words), (BATCH,), device=self.device)
            which = torch.randint(self.words.shape[1], (BATCH,), device=self.device)
            mask = self.mask[rows, which]
            mask[:, 1:] *= torch.rand_like(mask[:, 1:]) > WINDOW_DROP
            words = self.words[rows, which].long()
            words = words[:, : int((words != 0).sum(1).max())]
            words = words * (torch.rand(words.shape, device=self.device) > WORD_DROP)
            windows = shaken(self.windows[rows, which].float())
            yield Told(windows, mask, words, self.target[rows], self.labels[rows])

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """As of the phase ``adapters``, against the captions' places."""
        assert isinstance(batch, Told)
        made = self.module(batch.windows, batch.mask, batch.words)
        contrast = contrastive_loss([made, batch.target], self.adapters.scale().detach())
        distance = 1.0 - (made * batch.target).sum(-1).mean()
        groups = self.clmp.classify.logits(made)
        named = [functional.cross_entropy(groups[i], batch.labels[:, i]) for i in READ_GROUPS]
        total = contrast + distance + 0.5 * torch.stack(named).mean()
        return total, {"contrast": contrast.detach(), "distance": distance.detach()}

    def evaluate(self) -> Metrics:
        """Recall at 10 of the music of held-out stories, and the quadrant of its mood."""
        self.test_views.grow(len(self.test_views.data))
        made, audio, moods = [], [], []
        for rows in torch.split(torch.arange(self.test_views.known), TEST_BATCH):
            batch = self.test_views.quadruples(rows.to(self.device), torch.zeros_like(rows))
            made.append(self.module(batch.windows, batch.window_mask, batch.words))
            audio.append(batch.audio)
            moods.append(batch.labels[:, MOOD_GROUP])
        view, music = torch.cat(made), torch.cat(audio)
        recall = recall_at(view, music, 10)
        quadrant = quadrant_share(self.clmp, view, torch.cat(moods))
        return {"score": -recall - quadrant, "story_r10": recall, "story_quadrant": quadrant}


def _tell_piece(seed: int) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int64]]:
    """Return ids of captions (C, 64) and stories (S, W, 64) of a piece, and its classes."""
    piece, rng = compose(seed, "train"), random.Random(f"told {seed}")
    truth, scene = piece.truth, scene_of(piece)
    known = {
        "genre": truth.genre, "mood": truth.mood, "lead": truth.lead, "key": str(truth.key),
        "tempo_bpm": truth.tempo_bpm,
    }  # fmt: skip
    captions = token_table([caption(truth, rng, "train") for _ in range(CAPTIONS)])
    stories = [story_table(tell(truth, scene, rng, "train")) for _ in range(STORIES)]
    return captions, np.stack(stories), np.array(labels_of(known))
