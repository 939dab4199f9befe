"""Phase ``adapters``: the picture tower and MusFlow's adapters, on a CLMP that stands still.

Each adapter brings its side of a quadruple (music, caption, story, picture) to the embedding of
the music: by the cosine to it and by contrast with the batch's other clips (Song & Wang 2025,
MusFlow). What CLMP's own classifier reads from the adapted vectors must be true of the music, and
what further heads read from the picture's feature must be true of the scene, so that the tower
sees places, light and weather and not only the handful of clips.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.adapters import CaptionAdapter, PictureAdapter, StoryAdapter
from descant.models.nets.clmp import CLASS_GAIN, contrastive_loss
from descant.models.nets.picture import FEATURE_DIM, PictureEncoder
from descant.models.theory.feelings import QUADRANTS, quadrant_of
from descant.models.theory.words import MOODS
from descant.models.training.augment import augment
from descant.models.training.clmp import Clmp, recall_at
from descant.models.training.device import is_cuda
from descant.models.training.frozen_views import PARTS, SEEN_GROUPS, FrozenViews, Quadruples
from descant.models.training.loop import Metrics, Parts, load_best
from descant.models.training.resident import Resident

BATCH, CUDA_BATCH = 64, 384
GROWTH, CUDA_GROWTH = 4, 2048
"""Rows that are embedded before each step until all are known."""
WORDINGS = 6
TEST_BATCH = 128
MOOD_GROUP = 1
"""Place of the mood among CLMP's groups of classes."""
SIDES = ("picture", "story", "caption")
TEXT_NOISE = 0.015
"""Standard deviation per entry of what is added to embeddings of texts, a third of their own."""
WINDOW_DROP = 0.2
"""Share of a story's windows that are left out, the first never."""
WORD_DROP = 0.3
"""Share of its words that are left out of their mean."""


class Adapters(nn.Module):
    """The picture tower, the three adapters, and what is needed to train them."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = PictureEncoder()
        self.picture = PictureAdapter(FEATURE_DIM)
        self.story = StoryAdapter()
        self.caption = CaptionAdapter()
        self.seen = nn.Linear(FEATURE_DIM, sum(SEEN_GROUPS))
        self.feel = nn.Linear(FEATURE_DIM, 2)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def scale(self) -> Tensor:
        """Return the inverse temperature, at most 100."""
        return self.log_scale.exp().clamp(max=100.0)

    def views(self, batch: Quadruples) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the picture's (B, 512) feature and each side's (B, 512) adapted vector."""
        feature = self.tower(batch.picture).float()
        adapted = {
            "picture": self.picture(feature),
            "story": self.story(batch.windows, batch.window_mask, batch.words),
            "caption": self.caption(batch.caption),
        }
        return feature, {name: view.float() for name, view in adapted.items()}


def sight_loss(module: Adapters, feature: Tensor, seen: Tensor, feel: Tensor) -> Tensor:
    """What the heads read from (B, 512) features, against the scene.

    Args:
        module: With the heads.
        feature: Of the tower.
        seen: (B, 6) classes of ``SEEN_GROUPS``.
        feel: (B, 2) light and energy.
    """
    groups = module.seen(feature * CLASS_GAIN).split(SEEN_GROUPS, 1)
    losses = [
        # a sum over what is seen, so that a batch of abstract pictures alone gives no NaN
        functional.cross_entropy(group, classes, reduction="sum") / len(feature)
        for group, classes in zip(groups, seen.unbind(1), strict=True)
    ]
    felt = functional.mse_loss(module.feel(feature * CLASS_GAIN), feel)
    return torch.stack(losses).mean() + felt


class AdaptersPhase:
    """Training of everything that leads pictures, stories and captions to the music."""

    name = "adapters"
    learning_rate = 1e-3
    bf16 = True

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device, self.on_card = device, is_cuda(device)
        self.module = Adapters()
        self.clmp = Clmp()
        load_best(folder, "clmp", self.clmp)
        self.clmp.to(device).eval().requires_grad_(False)
        self.data = Resident(folder / "data", "train", PARTS, device)
        test = Resident(folder / "data", "test", PARTS, device)
        self.train_views = FrozenViews(self.clmp, self.data, WORDINGS)
        self.test_views = FrozenViews(self.clmp, test, 1)

    def batches(self) -> Iterator[object]:
        """Yield ``Quadruples``."""
        size = CUDA_BATCH if self.on_card else BATCH
        self.train_views.grow(size)
        for step in range(10**9):
            if step % 100 == 99:
                self.data.refresh()
            self.train_views.grow(CUDA_GROWTH if self.on_card else GROWTH)
            rows = torch.randint(self.train_views.known, (size,), device=self.device)
            which = torch.randint(WORDINGS, (size,), device=self.device)
            batch = self.train_views.quadruples(rows, which)
            # depthwise convolutions are fast on a card with the channels last
            batch.picture = augment(batch.picture).to(memory_format=torch.channels_last)
            yield batch

    def loss(self, batch: object) -> tuple[Tensor, Parts]:
        """Cosine, contrast and classes of each side, and what the tower sees."""
        assert isinstance(batch, Quadruples)
        batch.caption = shaken(batch.caption)
        batch.windows = shaken(batch.windows)
        dropped = torch.rand_like(batch.window_mask[:, 1:]) < WINDOW_DROP
        batch.window_mask[:, 1:] *= (~dropped).float()
        batch.words = batch.words * (torch.rand(batch.words.shape, device=self.device) > WORD_DROP)
        feature, views = self.module.views(batch)
        with torch.autocast(torch.device(self.device).type, enabled=False):
            seen = sight_loss(self.module, feature, batch.seen, batch.feel)
            total, shown = seen, {"seen": seen.detach()}
            for name, view in views.items():
                contrast = contrastive_loss([view, batch.audio], self.module.scale())
                distance = 1.0 - (view * batch.audio).sum(-1).mean()
                named = self.clmp.class_loss(view, batch.labels)
                total = total + contrast + distance + 0.5 * named
                shown[name] = contrast.detach()
        return total, shown

    def evaluate(self) -> Metrics:
        """Recall at 10 of each side's music over the test split, and the quadrant of its mood."""
        self.test_views.grow(len(self.test_views.data))
        rows = torch.arange(self.test_views.known, device=self.device)
        made: dict[str, list[Tensor]] = {name: [] for name in SIDES}
        audio, labels = [], []
        for part in torch.split(rows, TEST_BATCH):
            batch = self.test_views.quadruples(part, torch.zeros_like(part))
            for name, view in self.module.views(batch)[1].items():
                made[name].append(view)
            audio.append(batch.audio)
            labels.append(batch.labels)
        music, moods = torch.cat(audio), torch.cat(labels)[:, MOOD_GROUP]
        metrics: Metrics = {}
        with torch.autocast(torch.device(self.device).type, enabled=False):
            for name, views in made.items():
                view = torch.cat(views)
                metrics[f"{name}_r10"] = recall_at(view, music, 10)
                metrics[f"{name}_quadrant"] = quadrant_share(self.clmp, view, moods)
        return {"score": -sum(metrics.values()), **metrics}


def quadrant_share(clmp: Clmp, view: Tensor, moods: Tensor) -> float:
    """Share of views (B, 512) that name a mood of the true mood's quadrant (Russell 1980).

    Args:
        clmp: Whose classifier reads the mood.
        view: Unit vectors.
        moods: (B,) int64 places of the true moods in ``MOODS``.
    """
    quadrants = [QUADRANTS.index(quadrant_of(mood)) for mood in MOODS]
    table = torch.tensor(quadrants, device=view.device)
    likely = clmp.classify.logits(view)[MOOD_GROUP].softmax(1)
    share = torch.zeros(len(view), 4, device=view.device).index_add(1, table, likely)
    return float((share.argmax(1) == table[moods]).float().mean())


def shaken(unit: Tensor) -> Tensor:
    """Return embeddings of texts with noise, so that none is learned by heart."""
    return unit + TEXT_NOISE * torch.randn_like(unit)
