"""Phase ``denoiser``: conditional flow matching in the VAE's latents; any input may be dropped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from descant.models.nets.clmp import melody_roll
from descant.models.nets.denoiser import TIME_STRIDE, Conditioner, Denoiser, flow_loss
from descant.models.theory.control import PARTS, drop_parts
from descant.models.tokenizer import Tokenizer
from descant.models.training.data import FRAMES, Shards
from descant.models.training.latents import LatentStore
from descant.models.training.loop import Metrics
from descant.models.training.text import ascii_vocabulary, pad_tokens

BATCH = 16
CROP = 432
"""Mel frames of most batches: attention is local, so short clips teach as much as long ones."""
DROP_PART = 0.08
"""Chance of each part of the control track to be missing."""
DROP_TEXT = 0.12
AUDIO_QUERY = 0.15
"""Chance that the query is the clip's own audio embedding instead of its caption's."""


class FlowModel(nn.Module):
    """Denoiser and conditioner, trained together."""

    def __init__(self) -> None:
        super().__init__()
        self.conditioner = Conditioner()
        self.denoiser = Denoiser()


@dataclass(slots=True)
class Batch:
    """One training batch."""

    latents: Tensor
    audio_query: Tensor
    control: Tensor
    captions: list[str]


class DenoiserPhase:
    """Flow matching."""

    name = "denoiser"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = FlowModel()
        self.store = LatentStore(folder, device)
        self.clmp = self.store.clmp
        classifier = self.clmp.classify.state_dict()
        self.module.conditioner.attributes.load_state_dict(classifier)
        self.tokenizer = Tokenizer(ascii_vocabulary())
        self.train_shards = Shards(folder / "data", "train")
        self.test_shards = Shards(folder / "data", "test")

    def batches(self) -> Iterator[object]:
        """Yield ``Batch``; every fifth or so holds whole clips."""
        rng = random.Random()
        for step in range(10**9):
            if step % 100 == 99:
                self.train_shards.refresh()
            places = [self.train_shards.pick(rng) for _ in range(BATCH)]
            yield self._batch(self.train_shards, places, rng, drop=True)

    @torch.no_grad()
    def _batch(
        self, shards: Shards, places: list[tuple[int, int]], rng: random.Random, drop: bool
    ) -> Batch:
        latents, queries, controls, captions = [], [], [], []
        frames = FRAMES if not drop or rng.random() < 0.2 else CROP
        for at in places:
            begin = rng.randrange(0, FRAMES - frames + 1, 8)
            clip, query = self.store.clip(shards, at)
            latents.append(clip[:, begin // TIME_STRIDE : (begin + frames) // TIME_STRIDE])
            queries.append(query)
            control_part = shards.part("control", at, begin, frames)
            controls.append(_drop(control_part, rng) if drop else control_part)
            captions.append(str(rng.choice(shards.texts[at[0]][at[1]]["captions"])))
        control = torch.from_numpy(np.stack(controls))
        return Batch(
            torch.stack(latents).to(self.device),
            torch.stack(queries).to(self.device),
            control.to(self.device),
            captions,
        )

    @torch.no_grad()
    def _conditions(self, batch: Batch, drop: bool) -> tuple[Tensor, ...]:
        """Return the conditioner's inputs, each dropped independently when training."""
        count = len(batch.captions)
        ids, mask = (t.to(self.device) for t in pad_tokens(batch.captions, self.tokenizer))
        text, hidden = self.clmp.text(ids, mask)
        query, reference = text.float(), self.clmp.melody(melody_roll(batch.control)).float()
        present = torch.ones(count, 1, device=self.device)
        reference_present = batch.control[:, 121, :1].clone()  # no melody, no embedding of it
        if drop:
            chance = torch.rand(count, 1, device=self.device)
            use_audio = (chance < AUDIO_QUERY).float()
            query = torch.lerp(query, batch.audio_query, use_audio)
            no_text = (torch.rand(count, 1, device=self.device) < DROP_TEXT).float()
            present = 1.0 - no_text
            # Text tokens go with the query, and sometimes alone.
            silent = torch.maximum(torch.maximum(no_text, use_audio), (chance > 0.85).float())
            mask = torch.cat([mask[:, :1], mask[:, 1:] * (1.0 - silent)], 1)
            hidden = hidden * (1.0 - silent).unsqueeze(-1)  # the first token knows the others
            keep = (torch.rand(count, 1, device=self.device) > 0.15).float()
            reference_present = reference_present * keep
        return query, present, reference, reference_present, hidden, mask

    def loss(self, batch: object) -> tuple[Tensor, Metrics]:
        """Flow matching at logit-normal times."""
        assert isinstance(batch, Batch)
        time = torch.sigmoid(torch.randn(len(batch.latents), device=self.device) + 0.2)
        noise = torch.randn_like(batch.latents)
        return self._flow(batch, time, noise, drop=True), {}

    def _flow(self, batch: Batch, time: Tensor, noise: Tensor, drop: bool) -> Tensor:
        conditions = self._conditions(batch, drop)
        condition, context, control = self.module.conditioner(*conditions, batch.control)
        mixed = torch.lerp(batch.latents, noise, time[:, None, None])
        velocity = self.module.denoiser(mixed, time, condition, context, conditions[5], control)
        return flow_loss(velocity.float(), batch.latents, noise)

    def evaluate(self) -> Metrics:
        """Flow-matching error at fixed times and noise on test clips."""
        generator = torch.Generator().manual_seed(0)
        rng = random.Random("denoiser")
        losses = []
        for shard in range(min(len(self.test_shards.names), 4)):
            places = [(shard, row) for row in range(0, 128, 8)]
            batch = self._batch(self.test_shards, places, rng, drop=False)
            noise = torch.randn(batch.latents.shape, generator=generator).to(self.device)
            time = (torch.arange(16, device=self.device) + 0.5) / 16
            losses.append(float(self._flow(batch, time, noise, drop=False)))
        mean = sum(losses) / len(losses)
        return {"score": mean, "flow_loss": mean}


def _drop(control: np.ndarray, rng: random.Random) -> np.ndarray:
    """Take parts of a control track away, sometimes all of them."""
    chance = 1.0 if rng.random() < 0.08 else DROP_PART
    return drop_parts(control, tuple(part for part in PARTS if rng.random() < chance))
