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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.clmp import (
    Attributes,
    AudioEncoder,
    MelodyEncoder,
    TextEncoder,
    contrastive_loss,
    melody_roll,
)
from descant.models.training.device import is_cuda
from descant.models.training.labels import LEAD_GROUP
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.resident import Resident
from descant.models.training.text import PHRASES
from descant.models.training.words import ids_and_mask, plain_words, token_table

BATCH, CUDA_BATCH = 96, 512
CROP = 432
"""Mel frames of a view in training: 5 s. Evaluation sees 800."""
TEST_BATCH, TEST_FRAMES = 128, 800
PHRASE_TABLE, PHRASES_PER_STEP = 20_000, 32
CAPTION_STEPS = 4
"""Steps with captions alone after each step with all views."""
CAPTION_BATCH = 128
PARTS = ("mel", "control", "captions")


@dataclass(slots=True)
class Views:
    """One batch of clips, seen in every way."""

    mel: Tensor
    roll: Tensor
    tokens: tuple[Tensor, Tensor]
    """Ids and mask of a caption of each."""
    labels: Tensor
    """(B, 5) int64, one class of each group."""


@dataclass(slots=True)
class Captions:
    """Captions and what they say; as ``Views``."""

    tokens: tuple[Tensor, Tensor]
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
        self.phrases = torch.from_numpy(token_table(make_phrases(PHRASE_TABLE))).to(device)
        self.data = Resident(folder / "data", "train", PARTS, device)
        self.test = Resident(folder / "data", "test", PARTS, device)

    def batches(self) -> Iterator[object]:
        """Yield ``Views`` and, between them, ``Captions``."""
        size = CUDA_BATCH if is_cuda(self.device) else BATCH
        for step in range(10**9):
            if step % 20 == 19:
                self.data.refresh()
            yield self._views(self.data, self.data.pick(size), CROP)
            for _ in range(CAPTION_STEPS):
                rows = self.data.pick(CAPTION_BATCH)
                yield Captions(self.data.caption_tokens(rows), self.data.labels(rows))

    def _views(self, data: Resident, rows: Tensor, crop: int) -> Views:
        begin = data.starts(len(rows), crop)
        roll = melody_roll(data.take("control", rows, begin, crop))
        mel = data.take("mel", rows, begin, crop)
        return Views(mel, roll, data.caption_tokens(rows), data.labels(rows))

    def _embed(self, views: Views) -> list[Tensor]:
        text = self.module.text(*views.tokens)[0]
        audio, melody = self.module.audio(views.mel), self.module.melody(views.roll)
        return [text.float(), audio.float(), melody.float()]

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Contrast and classes, or classes alone, plus the anchor to plain English."""
        kept = self._kept()
        if isinstance(batch, Captions):
            text = self.module.text(*batch.tokens)[0].float()
            read = self.module.class_loss(text, batch.labels)
            return read + 2.0 * (1.0 - kept), {"read": read.detach()}
        assert isinstance(batch, Views)
        views = self._embed(batch)
        contrast = contrastive_loss(views, self.module.scale())
        named = torch.stack([self.module.class_loss(v, batch.labels) for v in views]).mean()
        parts = {"contrast": contrast, "named": named, "kept": kept}
        shown = {name: value.detach() for name, value in parts.items()}
        return contrast + named + 2.0 * (1.0 - kept), shown

    def _kept(self) -> Tensor:
        """Mean cosine to the distilled tower on phrases about anything."""
        which = torch.randint(len(self.phrases), (PHRASES_PER_STEP,), device=self.device)
        ids, mask = ids_and_mask(self.phrases[which])
        with torch.no_grad():
            target = self.anchor.imitate(ids, mask).float()
        return (self.module.text.imitate(ids, mask).float() * target).sum(-1).mean()

    def evaluate(self) -> Metrics:
        """Recall at 10 over the test split, between each pair in the direction of use."""
        rows = torch.arange(len(self.test), device=self.device)
        parts = [
            self._embed(self._views(self.test, part, TEST_FRAMES))
            for part in torch.split(rows, TEST_BATCH)
        ]
        text, audio, melody = (torch.cat(p) for p in zip(*parts, strict=True))
        metrics = {
            "text_audio_r10": recall_at(text, audio, 10),
            "text_melody_r10": recall_at(text, melody, 10),
            "audio_melody_r10": recall_at(audio, melody, 10),
            "text_lead": self._lead_share(text, rows),
            "audio_lead": self._lead_share(audio, rows),
        }
        wanted = ("text_audio_r10", "text_melody_r10", "text_lead")
        return {"score": -sum(metrics[name] for name in wanted), **metrics}

    def _lead_share(self, view: Tensor, rows: Tensor) -> float:
        """Share of clips whose lead instrument the classifier reads from a view."""
        lead = self.module.classify.logits(view)[LEAD_GROUP].argmax(1)
        return float((lead == self.test.labels(rows)[:, LEAD_GROUP]).float().mean())


def make_phrases(count: int) -> list[str]:
    """Return phrases about anything, the same every time."""
    rng, words = random.Random("phrases"), plain_words()
    return [rng.choice(PHRASES).format(*rng.choices(words, k=3)) for _ in range(count)]


def recall_at(queries: Tensor, items: Tensor, k: int) -> float:
    """Share of queries (N, D) whose own item is among the k nearest of (N, D)."""
    nearest = (queries @ items.T).topk(min(k, len(items))).indices
    own = torch.arange(len(queries), device=queries.device)[:, None]
    return float((nearest == own).any(1).float().mean())
