"""Phase ``clmp``: text, audio and melody towers, six-way contrastive.

The text tower starts from phase ``text`` and keeps imitating its own distilled self on phrases
that have nothing to do with music, so that it does not forget plain English.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from descant.models.nets.clmp import (
    AudioEncoder,
    MelodyEncoder,
    TextEncoder,
    contrastive_loss,
    melody_roll,
)
from descant.models.tokenizer import Tokenizer
from descant.models.training.data import Shards
from descant.models.training.loop import Metrics, load_best
from descant.models.training.text import PHRASES, ascii_vocabulary, pad_tokens

BATCH = 128
CROP = 800
"""Mel frames of a view; a random crop of the example's 864."""


class Clmp(nn.Module):
    """The three towers and the learned temperature."""

    def __init__(self) -> None:
        super().__init__()
        self.text = TextEncoder()
        self.audio = AudioEncoder()
        self.melody = MelodyEncoder()
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def scale(self) -> Tensor:
        """Return the inverse temperature, at most 100."""
        return self.log_scale.exp().clamp(max=100.0)


class ClmpPhase:
    """Contrastive training."""

    name = "clmp"
    learning_rate = 1e-3
    bf16 = False

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = Clmp()
        load_best(folder, "text", self.module.text)
        self.anchor = TextEncoder().to(device).eval()
        load_best(folder, "text", self.anchor)
        self.tokenizer = Tokenizer(ascii_vocabulary())
        self.words = [w for w in ascii_vocabulary() if w.isalpha() and len(w) > 2]
        self.train_shards = Shards(folder / "data", "train")
        self.test_shards = Shards(folder / "data", "test")

    def batches(self) -> Iterator[object]:
        """Yield (mel, melody roll, captions)."""
        rng = random.Random()
        for step in range(10**9):
            if step % 20 == 19:
                self.train_shards.refresh()
            places = [self.train_shards.pick(rng) for _ in range(BATCH)]
            yield self._views(self.train_shards, places, rng)

    def _views(
        self, shards: Shards, places: list[tuple[int, int]], rng: random.Random
    ) -> tuple[Tensor, Tensor, list[str]]:
        mels, rolls, captions = [], [], []
        for at in places:
            begin = rng.randrange(0, 865 - CROP)
            mels.append(shards.mel(at, begin, CROP))
            control = torch.from_numpy(shards.part("control", at, begin, CROP))
            rolls.append(melody_roll(control[None])[0])
            options = shards.texts[at[0]][at[1]]["captions"]
            assert isinstance(options, list)
            captions.append(str(rng.choice(options)))
        mel = torch.from_numpy(np.stack(mels)).to(self.device)
        if self.module.training:  # loudness says nothing about what the music is
            mel = mel + torch.randn(len(mel), 1, 1, device=self.device) * 0.3
        return mel, torch.stack(rolls).to(self.device), captions

    def _embed(self, batch: tuple[Tensor, Tensor, list[str]]) -> list[Tensor]:
        mel, roll, captions = batch
        ids, mask = (t.to(self.device) for t in pad_tokens(captions, self.tokenizer))
        text, _ = self.module.text(ids, mask)
        return [text.float(), self.module.audio(mel).float(), self.module.melody(roll).float()]

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Contrastive loss plus the anchor to plain English."""
        assert isinstance(batch, tuple)
        contrast = contrastive_loss(self._embed(batch), self.module.scale())
        phrases = []
        for _ in range(48):
            words = random.choices(self.words, k=3)  # noqa: S311
            phrases.append(random.choice(PHRASES).format(*words))  # noqa: S311
        ids, mask = (t.to(self.device) for t in pad_tokens(phrases, self.tokenizer))
        with torch.no_grad():
            target = self.anchor.imitate(ids, mask).float()
        kept = (self.module.text.imitate(ids, mask).float() * target).sum(-1).mean()
        return contrast + 2.0 * (1.0 - kept), {"contrast": float(contrast.detach()), "kept": float(kept.detach())}

    def evaluate(self) -> Metrics:
        """Recall at 10 over the test split, between each pair in the direction of use."""
        rng = random.Random("clmp")
        places = list(self.test_shards.rows())
        parts = []
        for begin in range(0, len(places), BATCH):
            views = self._views(self.test_shards, places[begin : begin + BATCH], rng)
            parts.append(self._embed(views))
        text, audio, melody = (torch.cat(p) for p in zip(*parts, strict=True))
        metrics = {
            "text_audio_r10": recall_at(text, audio, 10),
            "text_melody_r10": recall_at(text, melody, 10),
            "audio_melody_r10": recall_at(audio, melody, 10),
        }
        return {"score": -metrics["text_audio_r10"] - metrics["text_melody_r10"], **metrics}


def recall_at(queries: Tensor, items: Tensor, k: int) -> float:
    """Share of queries (N, D) whose own item is among the k nearest of (N, D)."""
    nearest = (queries @ items.T).topk(min(k, len(items))).indices
    own = torch.arange(len(queries), device=queries.device)[:, None]
    return float((nearest == own).any(1).float().mean())
