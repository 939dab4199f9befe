"""Fit a picture adapter to a picture tower that stands still."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor, nn

from descant.export.errors import ExportInputError
from descant.export.picture_examples import Example, Source
from descant.kernels.area_resize import tower_pixels
from descant.models.nets.adapters import PictureAdapter
from descant.models.nets.clmp import contrastive_loss
from descant.models.training.augment import augment
from descant.models.training.clmp import recall_at

MAX_MINUTES = 1440.0
SEEING_SHARE = 0.85
"""Of the time, in which pictures are drawn and seen; then the adapter is fitted."""
TEST_EVERY, MAX_EXAMPLES = 5, 20_000
"""Every fifth group of examples is of the test split."""
GROUP, BATCH = 8, 256
"""Pictures that are seen at once, and rows of a step."""
LEAST = 32
"""Examples of each split without which a fit is not worth its name."""
CHECK_EVERY, PATIENCE, GAIN = 20, 25, 1e-3
"""Steps between looks at the test split, looks without gain after which to stop, and least gain."""
SCALE = 20.0
"""Inverse temperature of the contrast."""
OnShare = Callable[[str, float], None]
"""Called with what is done now and the share (0 … 1) of the time that has gone by."""


@dataclass(frozen=True)
class Seen:
    """Pictures as a tower sees them, beside their music."""

    feature: Tensor
    """(N, W) unit vectors."""
    music: Tensor
    """(N, 512) unit vectors."""

    def __len__(self) -> int:
        return len(self.feature)

    def rows(self, rows: Tensor | slice) -> Seen:
        """Return some of them."""
        return Seen(self.feature[rows], self.music[rows])


@dataclass(frozen=True)
class Fitted:
    """An adapter and what it is worth."""

    adapter: PictureAdapter
    examples: int
    """That it was fitted to."""
    metrics: dict[str, float]
    """On half of the test split; the other half said when to stop."""


class _Clock:
    """Tells the share of the time that has gone by."""

    def __init__(self, minutes: float, on_share: OnShare) -> None:
        self._begun, self._seconds, self._on_share = time.monotonic(), minutes * 60.0, on_share

    def share(self, doing: str) -> float:
        share = (time.monotonic() - self._begun) / self._seconds
        self._on_share(doing, min(share, 1.0))
        return share


def fit_adapter(
    tower: nn.Module, side: int, source: Source, minutes: float, on_share: OnShare
) -> Fitted:
    """See as many pictures as there is time for, then fit.

    Args:
        tower: (B, 3, side, side) in 0 … 1 -> (B, W) unit features.
        side: Pixels that it takes.
        source: Of the pictures.
        minutes: All that it may take.
        on_share: Told now and then; raises to stop.

    Raises:
        ExportInputError: The time is too short, or the source too small.
    """
    if not 0.0 < minutes <= MAX_MINUTES:
        raise ExportInputError(
            f"{minutes} minutes", hint=f"Give a time of up to {MAX_MINUTES:.0f} minutes."
        )
    clock = _Clock(minutes, on_share)
    train, test = _see(tower.eval(), side, source, clock)
    if min(len(train), len(test)) < LEAST:
        raise ExportInputError(
            f"{len(train)} pictures to fit to and {len(test)} to test with are too few",
            hint="Give more --minutes.",
        )
    return _fit(train, test, clock)


@torch.no_grad()
def _see(tower: nn.Module, side: int, source: Source, clock: _Clock) -> tuple[Seen, Seen]:
    """Run the tower on examples of both splits while there is time and there are any."""
    streams = {"train": source.examples("train"), "test": source.examples("test")}
    found: dict[str, list[Seen]] = {"train": [], "test": []}
    turn = 0
    while streams and clock.share("seeing") < SEEING_SHARE and turn * GROUP < MAX_EXAMPLES:
        split = "test" if turn % TEST_EVERY == 0 else "train"
        turn += 1
        group = list(islice(streams.get(split, ()), GROUP))
        if not group:
            streams.pop(split, None)
            continue
        pictures = torch.stack([_pixels(example, side) for example in group])
        if split == "train" and turn % 2:  # half as they are, half in other light and colours
            pictures = augment(pictures)
        music = torch.stack([torch.from_numpy(example.music) for example in group])
        found[split].append(Seen(tower(pictures).float(), music))
    train, test = (
        Seen(torch.cat([s.feature for s in parts]), torch.cat([s.music for s in parts]))
        if parts else Seen(torch.empty(0, 1), torch.empty(0, 1))
        for parts in found.values()
    )  # fmt: skip
    return train, test


def _pixels(example: Example, side: int) -> Tensor:
    return torch.from_numpy(tower_pixels(example.pixels, side)).float() / 255.0


def _fit(train: Seen, test: Seen, clock: _Clock) -> Fitted:
    torch.manual_seed(0)
    adapter = PictureAdapter(train.feature.shape[1], train.music.shape[1])
    optimizer = torch.optim.AdamW(adapter.parameters(), 1e-3, weight_decay=0.05)
    stop, judge = test.rows(slice(0, None, 2)), test.rows(slice(1, None, 2))
    best, kept, idle = float("inf"), copy.deepcopy(adapter.state_dict()), 0
    step = 0
    while idle < PATIENCE and clock.share("fitting") < 1.0:
        adapter.train()
        loss = _loss(adapter, train.rows(torch.randint(len(train), (BATCH,))))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % CHECK_EVERY == 0:
            with torch.no_grad():
                found = float(_loss(adapter.eval(), stop))
            idle += 1
            if found < best - GAIN:
                best, kept, idle = found, copy.deepcopy(adapter.state_dict()), 0
        step += 1
    adapter.load_state_dict(kept)
    with torch.no_grad():
        view = adapter.eval()(judge.feature)
    metrics = {
        "cosine": float((view * judge.music).sum(1).mean()),
        "recall_at_10": recall_at(view, judge.music, 10),
        "recall_by_chance": min(1.0, 10 / len(judge)),
        "test_pictures": float(len(judge)),
    }
    return Fitted(adapter, len(train), metrics)


def _loss(adapter: PictureAdapter, seen: Seen) -> Tensor:
    view = adapter(seen.feature)
    distance = 1.0 - (view * seen.music).sum(1).mean()
    return distance + contrastive_loss([view, seen.music], torch.tensor(SCALE))
