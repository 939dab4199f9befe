"""Phase ``denoiser``: conditional flow matching in the VAE's latents; any input may be dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from descant.models.nets.clmp import melody_roll
from descant.models.nets.conditioner import Conditioner
from descant.models.nets.denoiser import TIME_STRIDE, Denoiser, flow_loss
from descant.models.training.conditions import Conditions, draw_conditions, drop_control
from descant.models.training.data import FRAMES
from descant.models.training.device import is_cuda
from descant.models.training.encoded import EncodedClips, Encoders
from descant.models.training.loop import Metrics, Parts

BATCH, CUDA_BATCH = 16, 384
CROP = 432
"""Mel frames of most batches: attention is local, so short clips teach as much as long ones."""
WHOLE = 0.2
"""Share of batches with whole clips."""
TEST_CLIPS, TEST_BATCH = 128, 32
PRESENT_MELODY = 121
"""Channel of the control track that says whether there is a melody."""


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
    control: Tensor
    conditions: Conditions


class DenoiserPhase:
    """Flow matching."""

    name = "denoiser"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.module = FlowModel()
        self.encoders = Encoders(folder, device)
        classifier = self.encoders.clmp.classify.state_dict()
        self.module.conditioner.attributes.load_state_dict(classifier)
        self.clips = EncodedClips(self.encoders, folder / "data", "train")
        self.test = EncodedClips(self.encoders, folder / "data", "test")

    def batches(self) -> Iterator[object]:
        """Yield ``Batch``; every fifth or so holds whole clips."""
        size = CUDA_BATCH if is_cuda(self.device) else BATCH
        for step in range(10**9):
            if step % 200 == 199:
                self.clips.refresh()
            frames = FRAMES if step % round(1 / WHOLE) == 0 else CROP
            count = max(size * CROP // frames, 1)
            yield self._batch(self.clips, self.clips.pick(count), frames, drop=True)

    @torch.no_grad()
    def _batch(self, clips: EncodedClips, rows: Tensor, frames: int, drop: bool) -> Batch:
        begin = clips.data.starts(len(rows), frames, TIME_STRIDE)
        control = clips.data.take("control", rows, begin, frames)
        if drop:
            control = drop_control(control)
        first = begin // TIME_STRIDE
        steps = first[:, None, None] + torch.arange(frames // TIME_STRIDE, device=self.device)
        latents = clips.take("latents", rows)
        latents = latents.gather(2, steps.expand(-1, latents.shape[1], -1))
        return Batch(latents, control, draw_conditions(clips, rows, drop))

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Flow matching at logit-normal times."""
        assert isinstance(batch, Batch)
        time = torch.sigmoid(torch.randn(len(batch.latents), device=self.device) + 0.2)
        noise = torch.randn_like(batch.latents)
        shares = self.module.denoiser.synapse_weights().detach()
        return self._flow(batch, time, noise, drop=True), {"synapse": shares.mean()}

    def _flow(self, batch: Batch, time: Tensor, noise: Tensor, drop: bool) -> Tensor:
        asked = batch.conditions
        reference = self.encoders.clmp.melody(melody_roll(batch.control)).float()
        present = batch.control[:, PRESENT_MELODY, :1]  # no melody, no embedding of it
        if drop:
            present = present * (torch.rand_like(present) > 0.15)
        condition, context, control = self.module.conditioner(
            asked.query, asked.present, reference, present, asked.hidden, asked.mask, batch.control
        )
        mixed = torch.lerp(batch.latents, noise, time[:, None, None])
        velocity = self.module.denoiser(
            mixed, time, condition, context, asked.mask, control,
            asked.image_keys, asked.image_values, asked.image_strength,
        )  # fmt: skip
        return flow_loss(velocity.float(), batch.latents, noise)

    def evaluate(self) -> Metrics:
        """Flow-matching error of whole test clips, evenly over times."""
        losses = []
        for rows in torch.split(torch.arange(TEST_CLIPS, device=self.device), TEST_BATCH):
            batch = self._batch(self.test, rows, FRAMES, drop=False)
            noise = torch.randn_like(batch.latents)
            time = (torch.arange(len(rows), device=self.device) + 0.5) / len(rows)
            losses.append(float(self._flow(batch, time, noise, drop=False)))
        mean = sum(losses) / len(losses)
        return {"score": mean, "flow_loss": mean}
