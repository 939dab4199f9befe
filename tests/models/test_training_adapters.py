"""The phase that trains picture tower and adapters, on shards of a few rows."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from descant.models.theory.words import MOODS
from descant.models.training import adapters
from descant.models.training.adapters import AdaptersPhase, quadrant_share
from descant.models.training.clmp import Clmp
from descant.models.training.frozen_views import UNSEEN, FrozenViews
from descant.models.training.loop import LoopConfig, load_best, train
from descant.models.training.words import story_table, token_table

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

ROWS = 6
STORIES = (
    "The harbour slept. A bell rang far away.",
    "It rained all night. " + "Nobody came to the old house by the river any more. " * 8,
)


def _text(seed: int) -> dict[str, Any]:
    return {
        "genre": "jazz", "mood": MOODS[seed], "lead": "piano", "key": "C major", "tempo_bpm": 90.0,
        "place": "harbour", "time_of_day": "night", "weather": "rain",
        "style": "marbling" if seed == 1 else "photo", "light": 0.25, "energy": 0.5,
        "instrument": "piano", "view": "near", "prop": "jazz" if seed == 0 else "",
    }  # fmt: skip


def write_shard(folder: Path, name: str, rng: np.random.Generator) -> None:
    """Write a shard of what the phases look at."""
    shard = folder / name
    shard.mkdir(parents=True)
    captions = token_table([f"calm piano number {i}" for i in range(ROWS * 2)])
    stories = np.stack([story_table(story) for story in STORIES])
    np.save(shard / "mel.npy", rng.normal(0, 1, (ROWS, 128, 864)).astype(np.float16))
    np.save(shard / "picture.npy", rng.integers(0, 256, (ROWS, 3, 128, 128), np.uint8))
    np.save(shard / "captions.npy", captions.reshape(ROWS, 2, -1))
    np.save(shard / "stories.npy", np.stack([stories] * ROWS))
    (shard / "text.json").write_text(json.dumps([_text(i) for i in range(ROWS)]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder, rng = tmp_path_factory.mktemp("training"), np.random.default_rng(5)
    for name in ("data/train-0000", "data/test-0000", "scenes/train-0000"):
        write_shard(folder, name, rng)
    content = {"model": Clmp().state_dict(), "metrics": {}, "minutes": 0.0, "step": 0}
    torch.save(content, folder / "clmp.best.pt")
    return folder


@torch.no_grad()
def test_kept_views_are_those_of_the_towers(folder: Path) -> None:
    phase = AdaptersPhase(folder)
    views, data, clmp = phase.train_views, phase.data, phase.clmp
    views.grow(2)
    assert views.known == 2
    views.grow(100)
    assert views.known == len(data) == ROWS
    rows = torch.tensor([5, 0])
    batch = views.quadruples(rows, torch.tensor([1, 0]))
    close = partial(torch.testing.assert_close, rtol=0.0, atol=2e-3)
    close(batch.audio, clmp.audio(data.take("mel", rows)))
    ids = data.take("captions", rows)[torch.arange(2), torch.tensor([1, 0])].long()
    close(batch.caption, clmp.text(ids, (ids > 0).float())[0])
    assert batch.window_mask.sum(1).tolist() == [3.0, 1.0]
    close(batch.windows.norm(dim=2), batch.window_mask)
    ids = data.take("stories", rows)[0, 1, :1].long()
    close(batch.windows[0, :1], clmp.text(ids, (ids > 0).float())[0])


def test_an_abstract_picture_shows_no_place(folder: Path) -> None:
    views = FrozenViews(Clmp().eval(), AdaptersPhase(folder).data, 1)
    views.grow(2)
    seen = views.quadruples(torch.tensor([0, 1]), torch.zeros(2, dtype=torch.int64)).seen
    assert seen[1, [0, 1, 2, 4, 5]].tolist() == [UNSEEN] * 5
    assert UNSEEN not in seen[0].tolist()
    assert seen[:, 3].tolist() == [0, 1]


def test_training_brings_every_side_nearer_to_its_music(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "BATCH", 6)
    phase = AdaptersPhase(folder)
    batches = phase.batches()
    optimizer = torch.optim.AdamW(phase.module.parameters(), 1e-3)
    clmp_before = phase.clmp.text.widen.weight.clone()
    losses = []
    for _ in range(4):
        loss, shown = phase.loss(next(batches))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert set(shown) == {"seen", "picture", "story", "caption"}
    assert losses[-1] < 0.9 * losses[0]
    torch.testing.assert_close(phase.clmp.text.widen.weight, clmp_before, rtol=0, atol=0)
    assert all(p.grad is not None for p in phase.module.parameters())


def test_a_run_leaves_a_checkpoint_with_its_metrics(folder: Path) -> None:
    metrics = train(AdaptersPhase(folder), LoopConfig(folder, minutes=1e-6), lambda line: None)
    sides = {f"{side}_{kind}" for side in adapters.SIDES for kind in ("r10", "quadrant")}
    assert set(metrics) == sides | {"score"}
    assert metrics["picture_r10"] == 1.0  # six clips are among the ten nearest
    assert metrics["score"] == pytest.approx(-sum(metrics[name] for name in sides))
    loaded = load_best(folder, "adapters", adapters.Adapters())
    assert loaded["score"] == metrics["score"]


def test_the_quadrant_is_read_from_the_moods() -> None:
    clmp = Clmp()
    with torch.no_grad():
        clmp.classify.weight.normal_()
        clmp.classify.bias.zero_()
    begin = len(clmp.classify.logits(torch.zeros(1, 512))[0][0])
    moods = torch.arange(len(MOODS))
    views = functional.normalize(clmp.classify.weight[begin : begin + len(MOODS)].detach(), dim=1)
    assert quadrant_share(clmp, views, moods) == 1.0
    opposite = torch.tensor([MOODS.index("sad")])
    assert quadrant_share(clmp, views[:1], opposite) == 0.0  # the first is happy
