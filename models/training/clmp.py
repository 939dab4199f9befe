"""Phase ``clmp``: text, audio and melody towers, six-way contrastive.

Beside the contrast, each view names what the composer knows of the clip (genre, mood, lead, key,
tempo) by one classifier that the views share. It draws them to the same places, and teaches much
faster than the contrast alone.

Captions are cheap beside sound: between two steps with all views, a few see captions only.

The text tower starts from phase ``text`` and keeps imitating its own distilled self on phrases
that have nothing to do with music, so that it does not forget plain English.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.clmp import (
    KEYS,
    TEMPO_EDGES,
    Attributes,
    AudioEncoder,
    MelodyEncoder,
    TextEncoder,
    contrastive_loss,
    melody_roll,
)
from descant.models.theory.words import GENRES, LEADS, MOODS
from descant.models.tokenizer import Tokenizer
from descant.models.training.data import FRAMES, Shards
from descant.models.training.loop import Metrics, load_best
from descant.models.training.text import PHRASES, ascii_vocabulary, pad_tokens

BATCH = 96
CROP = 432
"""Mel frames of a view in training: 5 s. Evaluation sees 800."""
PHRASES_PER_STEP = 32
CAPTION_STEPS = 4
"""Steps with captions alone after each step with all views."""
CAPTION_BATCH = 128
LEAD_GROUP = 2
"""Place of the lead among the classifier's groups."""


@dataclass(slots=True)
class Views:
    """One batch of clips, seen in every way."""

    mel: Tensor
    roll: Tensor
    captions: list[str]
    labels: Tensor
    """(B, 5) int64, one class of each group."""


@dataclass(slots=True)
class Captions:
    """Captions and what they say; as ``Views``."""

    captions: list[str]
    labels: Tensor


class Clmp(nn.Module):
    """The three towers and the learned temperature."""

    def __init__(self) -> None:
        super().__init__()
        self.text = TextEncoder()
        self.audio = AudioEncoder()
        self.melody = MelodyEncoder()
        self.classify = Attributes()
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def scale(self) -> Tensor:
        """Return the inverse temperature, at most 100."""
        return self.log_scale.exp().clamp(max=100.0)

    def class_loss(self, view: Tensor, labels: Tensor) -> Tensor:
        """Cross-entropy of (B, 512) unit vectors over the groups' (B, 5) labels."""
        groups = self.classify.logits(view)
        losses = [functional.cross_entropy(group, labels[:, i]) for i, group in enumerate(groups)]
        return torch.stack(losses).mean()


class ClmpPhase:
    """Contrastive training."""

    name = "clmp"
    learning_rate = 1e-3
    bf16 = True

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
        """Yield ``Views`` and, between them, ``Captions``."""
        rng = random.Random()
        for step in range(10**9):
            if step % 20 == 19:
                self.train_shards.refresh()
            places = [self.train_shards.pick(rng) for _ in range(BATCH)]
            yield self._views(self.train_shards, places, rng, CROP)
            for _ in range(CAPTION_STEPS):
                yield self._captions(rng)

    def _captions(self, rng: random.Random) -> Captions:
        texts = []
        for _ in range(CAPTION_BATCH):
            shard, row = self.train_shards.pick(rng)
            texts.append(self.train_shards.texts[shard][row])
        labels = torch.tensor([_labels(text) for text in texts], device=self.device)
        return Captions([str(rng.choice(text["captions"])) for text in texts], labels)

    def _views(
        self, shards: Shards, places: list[tuple[int, int]], rng: random.Random, crop: int
    ) -> Views:
        mels, rolls, captions, labels = [], [], [], []
        for at in places:
            begin = rng.randrange(0, FRAMES + 1 - crop)
            mels.append(shards.mel(at, begin, crop))
            control = torch.from_numpy(shards.part("control", at, begin, crop))
            rolls.append(melody_roll(control[None])[0])
            text = shards.texts[at[0]][at[1]]
            captions.append(str(rng.choice(text["captions"])))
            labels.append(_labels(text))
        mel = torch.from_numpy(np.stack(mels)).to(self.device)
        if self.module.training:  # loudness says nothing about what the music is
            mel = mel + torch.randn(len(mel), 1, 1, device=self.device) * 0.3
        roll = torch.stack(rolls).to(self.device)
        return Views(mel, roll, captions, torch.tensor(labels, device=self.device))

    def _embed(self, batch: Views) -> list[Tensor]:
        mel, roll, captions = batch.mel, batch.roll, batch.captions
        ids, mask = (t.to(self.device) for t in pad_tokens(captions, self.tokenizer))
        text, _ = self.module.text(ids, mask)
        return [text.float(), self.module.audio(mel).float(), self.module.melody(roll).float()]

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Contrast and classes, or classes alone, plus the anchor to plain English."""
        kept = self._kept()
        if isinstance(batch, Captions):
            ids, mask = (t.to(self.device) for t in pad_tokens(batch.captions, self.tokenizer))
            read = self.module.class_loss(self.module.text(ids, mask)[0].float(), batch.labels)
            return read + 2.0 * (1.0 - kept), {"read": float(read.detach())}
        assert isinstance(batch, Views)
        views = self._embed(batch)
        contrast = contrastive_loss(views, self.module.scale())
        named = torch.stack([self.module.class_loss(v, batch.labels) for v in views]).mean()
        parts = {"contrast": contrast, "named": named, "kept": kept}
        metrics = {name: float(value.detach()) for name, value in parts.items()}
        return contrast + named + 2.0 * (1.0 - kept), metrics

    def _kept(self) -> Tensor:
        """Mean cosine to the distilled tower on phrases about anything."""
        phrases = []
        for _ in range(PHRASES_PER_STEP):
            words = random.choices(self.words, k=3)
            phrases.append(random.choice(PHRASES).format(*words))
        ids, mask = (t.to(self.device) for t in pad_tokens(phrases, self.tokenizer))
        with torch.no_grad():
            target = self.anchor.imitate(ids, mask).float()
        return (self.module.text.imitate(ids, mask).float() * target).sum(-1).mean()

    def evaluate(self) -> Metrics:
        """Recall at 10 over the test split, between each pair in the direction of use."""
        rng = random.Random("clmp")
        places = list(self.test_shards.rows())
        parts = []
        for begin in range(0, len(places), BATCH):
            views = self._views(self.test_shards, places[begin : begin + BATCH], rng, 800)
            parts.append(self._embed(views))
        text, audio, melody = (torch.cat(p) for p in zip(*parts, strict=True))
        metrics = {
            "text_audio_r10": recall_at(text, audio, 10),
            "text_melody_r10": recall_at(text, melody, 10),
            "audio_melody_r10": recall_at(audio, melody, 10),
            "text_lead": self._lead_share(text, places),
            "audio_lead": self._lead_share(audio, places),
        }
        wanted = ("text_audio_r10", "text_melody_r10", "text_lead")
        return {"score": -sum(metrics[name] for name in wanted), **metrics}

    def _lead_share(self, view: Tensor, places: list[tuple[int, int]]) -> float:
        """Share of clips whose lead instrument the classifier reads from a view."""
        lead = self.module.classify.logits(view)[LEAD_GROUP].argmax(1)
        asked = [_labels(self.test_shards.texts[s][r])[LEAD_GROUP] for s, r in places]
        return float((lead.cpu() == torch.tensor(asked)).float().mean())


def _labels(text: dict[str, Any]) -> list[int]:
    """Return the class of a clip in each of ``GROUPS``."""
    return [
        GENRES.index(text["genre"]),
        MOODS.index(text["mood"]),
        list(LEADS).index(text["lead"]),
        KEYS.index(text["key"]),
        bisect_right(TEMPO_EDGES, text["tempo_bpm"]),
    ]


def recall_at(queries: Tensor, items: Tensor, k: int) -> float:
    """Share of queries (N, D) whose own item is among the k nearest of (N, D)."""
    nearest = (queries @ items.T).topk(min(k, len(items))).indices
    own = torch.arange(len(queries), device=queries.device)[:, None]
    return float((nearest == own).any(1).float().mean())
