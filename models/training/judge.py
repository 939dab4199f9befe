"""Phase ``judge``: the classifier by which generated music is measured.

It hears renderings only, but must judge what a vocoder made: training changes loudness, timbre and
sharpness of what it hears, hides parts of it and covers its floor with noise, so that none of what
a vocoder does to music can decide an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from descant.models.judge_spec import HEADS, true_classes
from descant.models.nets.judge import Judge
from descant.models.training.data import FRAMES
from descant.models.training.device import is_cuda
from descant.models.training.loop import Metrics, Parts
from descant.models.training.resident import Resident

CROP = 432
"""Mel frames of a view in training: 5 s. Evaluation hears all 10 s."""
GPU_BATCH, CPU_BATCH = 256, 32
TEST_BATCH = 128
SMOOTHING = 0.1
"""Of the labels: a mood is a matter of degree, and the composer's is only likely to be heard."""
WEIGHTS = {"quadrant": 2.0, "mode": 0.5, "drums": 0.5}
"""Of the heads' losses; the others' is 1."""
REFRESH = 50
"""Steps between looks for new shards."""
SCORED = ("quadrant", "genre", "lead", "tempo")
"""Heads whose shares of right answers choose the checkpoint."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """One batch of views."""

    mel: Tensor
    """(B, 128, T) log-mel."""
    answers: Tensor
    """(B, heads) int64 classes."""


class JudgePhase:
    """Classification by all heads at once."""

    name = "judge"
    learning_rate = 2e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.batch = GPU_BATCH if is_cuda(device) else CPU_BATCH
        self.module = Judge()
        if is_cuda(device):  # the layout that its convolutions are fast in
            self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.train_data = Resident(folder / "data", "train", ("mel",), device)
        self.test_data = Resident(folder / "data", "test", ("mel",), device)
        self.answers = answers_of(self.train_data.texts).to(device)

    def batches(self) -> Iterator[object]:
        """Yield crops of random clips, changed, with their true classes."""
        for step in range(10**9):
            if step % REFRESH == REFRESH - 1:
                self._refresh()
            rows = self.train_data.pick(self.batch)
            begin = torch.randint(0, FRAMES + 1 - CROP, (self.batch,), device=self.device)
            mel = self.train_data.take("mel", rows, begin, CROP)
            yield _Heard(vary(mel), self.answers[rows])

    def _refresh(self) -> None:
        self.train_data.refresh()
        new = self.train_data.texts[len(self.answers) :]
        if new:
            self.answers = torch.cat([self.answers, answers_of(new).to(self.device)])

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Weighted mean of the heads' cross-entropies."""
        assert isinstance(batch, _Heard)
        _, *logits = self.module(batch.mel)
        total = torch.zeros((), device=batch.mel.device)
        parts: dict[str, Tensor | float] = {}
        for column, (name, head) in enumerate(zip(HEADS, logits, strict=True)):
            error = functional.cross_entropy(
                head.float(), batch.answers[:, column], label_smoothing=SMOOTHING
            )
            parts[name] = error.detach()
            total = total + WEIGHTS.get(name, 1.0) * error
        return total / len(HEADS), parts

    def evaluate(self) -> Metrics:
        """Share of right answers of each head over whole test clips.

        A tempo counts as right when it is in the right class or next to it.
        """
        rows = torch.arange(len(self.test_data), device=self.device)
        truth = answers_of(self.test_data.texts)[: len(rows)]
        guesses = []
        for part in torch.split(rows, TEST_BATCH):
            _, *logits = self.module(self.test_data.take("mel", part))
            guesses.append(torch.stack([head.argmax(1) for head in logits], 1).cpu())
        away = (torch.cat(guesses) - truth).abs()
        shares = {
            name: float((away[:, i] <= (name == "tempo")).float().mean())
            for i, name in enumerate(HEADS)
        }
        return {"score": -sum(shares[name] for name in SCORED) / len(SCORED), **shares}


def answers_of(texts: list[dict[str, Any]]) -> Tensor:
    """Return the (N, heads) int64 classes of clips from their ``text.json``."""
    return torch.tensor([true_classes(text) for text in texts], dtype=torch.int64)


def vary(mel: Tensor) -> Tensor:
    """Change (B, 128, T) log-mel in ways that leave the music what it is.

    Level and equaliser (a smooth curve over the bands), blur along both axes as a decoder's, noise
    of every bin, a floor of noise, and hidden bands and spans (SpecAugment, Park et al. 2019).
    """
    count, bands, frames = mel.shape
    mel = _blurred(mel) + _equaliser(count, bands, mel.device)
    mel = mel + torch.randn_like(mel) * 0.15 * torch.rand(count, 1, 1, device=mel.device)
    floor = torch.empty(count, 1, 1, device=mel.device).uniform_(-6.0, -2.5)
    mel = torch.logaddexp(mel, floor + 0.5 * torch.randn_like(mel))
    hidden = _spans(count, bands, 16, mel.device)[:, :, None]
    for _ in range(2):
        hidden = hidden | _spans(count, frames, 32, mel.device)[:, None, :]
    return mel.masked_fill(hidden, -3.0)


def _blurred(mel: Tensor) -> Tensor:
    """Mix clips with their mean over 3 x 3 bins, by a random share each, half of them not."""
    share = (torch.rand(len(mel), 1, 1, device=mel.device) * 2.0 - 1.0).clamp(min=0.0)
    smooth = functional.avg_pool2d(mel[:, None], 3, 1, 1, count_include_pad=False)[:, 0]
    return mel + share * (smooth - mel)


def _equaliser(count: int, bands: int, device: torch.device) -> Tensor:
    """(count, bands, 1) random level and smooth curve, natural log."""
    place = torch.linspace(0.0, torch.pi, bands, device=device)
    waves = torch.stack([(order * place).cos() for order in range(6)])
    sizes = torch.tensor([0.4, 0.35, 0.25, 0.2, 0.15, 0.1], device=device)
    return ((torch.randn(count, 6, device=device) * sizes) @ waves)[:, :, None]


def _spans(count: int, length: int, longest: int, device: torch.device) -> Tensor:
    """(count, length) bool: one span of random place and size in each row."""
    size = torch.randint(0, longest + 1, (count, 1), device=device)
    begin = torch.rand(count, 1, device=device) * (length - size)
    places = torch.arange(length, device=device)
    return (places >= begin) & (places < begin + size)
