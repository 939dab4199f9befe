"""The phases that learn from pieces that nobody plays, on shards of a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from descant.models.training import picture_adapter, pictures, stories
from descant.models.training.adapters import Adapters
from descant.models.training.clmp import Clmp
from descant.models.training.data import _write_scenes
from descant.models.training.loop import LoopConfig, Phase, load_best, train
from descant.models.training.picture_adapter import PictureAdapterPhase
from descant.models.training.pictures import PicturesPhase
from descant.models.training.shard_files import ShardJob
from descant.models.training.stories import StoriesPhase
from descant.models.training.unheard import Unheard
from tests.models.test_training_adapters import ROWS, write_shard

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder, rng = tmp_path_factory.mktemp("training"), np.random.default_rng(5)
    for name in ("data/test-0000", "scenes/train-0000"):
        write_shard(folder, name, rng)
    (folder / "scenes" / "train-0000" / "mel.npy").unlink()
    for name, module in (("clmp", Clmp()), ("adapters", Adapters())):
        content = {"model": module.state_dict(), "metrics": {}, "minutes": 0.0, "step": 0}
        torch.save(content, folder / f"{name}.best.pt")
    return folder


def a_few_steps(phase: Phase) -> list[float]:
    """Train a phase; return its losses."""
    moving = [p for p in phase.module.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(moving, 1e-3)
    batches, losses = phase.batches(), []
    for _ in range(6):
        loss, _ = phase.loss(next(batches))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def test_scenes_are_composed_without_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("descant.models.training.data.SHARD_SIZE", 2)
    _write_scenes(ShardJob(tmp_path, 3, "train"))
    shard = tmp_path / "train-0003"
    assert {file.name for file in shard.iterdir()} == {
        "picture.npy", "captions.npy", "stories.npy", "text.json",
    }  # fmt: skip
    texts = json.loads((shard / "text.json").read_text())
    assert [text["seed"] for text in texts] == [2_000_006, 2_000_007]
    assert np.load(shard / "picture.npy").shape == (2, 3, 128, 128)


@torch.no_grad()
def test_the_target_is_where_the_captions_lie(folder: Path) -> None:
    pieces = Unheard(folder, (), "cpu")
    rows = pieces.grow(4)
    assert (pieces.known, rows.tolist()) == (4, [0, 1, 2, 3])
    assert pieces.grow(100).tolist() == [4, 5]
    assert pieces.grow(100).tolist() == []
    ids = pieces.data.take("captions", rows[:1])[0].long()
    adapted = pieces.caption(pieces.clmp.text(ids, (ids > 0).float())[0]).mean(0)
    cosine = torch.cosine_similarity(adapted, pieces.target(rows[:1])[0], dim=0)
    assert cosine > 0.995  # bfloat16 where the processor has it


@pytest.mark.parametrize("kind", ["pictures", "stories"])
def test_training_moves_its_own_side_alone(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "BATCH", ROWS)
    monkeypatch.setattr(stories, "BATCH", ROWS)
    phase: PicturesPhase | StoriesPhase
    phase = PicturesPhase(folder) if kind == "pictures" else StoriesPhase(folder)
    learned = phase.pieces.adapters
    still = [*learned.caption.parameters(), *learned.tower.stem.parameters()]
    before = [values.detach().clone() for values in still]
    losses = a_few_steps(phase)
    assert losses[-1] < losses[0]
    for values, old in zip(still, before, strict=True):
        torch.testing.assert_close(values.detach(), old, rtol=0, atol=0)


def test_the_adapter_alone_learns_from_what_the_tower_saw(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"model": Adapters().state_dict(), "metrics": {}, "minutes": 0.0, "step": 0}
    torch.save(content, folder / "pictures.best.pt")
    monkeypatch.setattr(picture_adapter, "BATCH", ROWS)
    phase = PictureAdapterPhase(folder)
    assert [view.shape for view in phase.features] == [(ROWS, 512)] * 2
    assert not torch.equal(*phase.features)
    before = [p.detach().clone() for p in phase.tower.stem.parameters()]
    losses = a_few_steps(phase)
    assert losses[-1] < losses[0]
    for values, old in zip(phase.tower.stem.parameters(), before, strict=True):
        torch.testing.assert_close(values.detach(), old, rtol=0, atol=0)
    assert set(phase.evaluate()) == {"score", "picture_r10", "picture_quadrant"}


@pytest.mark.parametrize("kind", ["pictures", "stories"])
def test_a_run_leaves_a_checkpoint_with_its_metrics(folder: Path, kind: str) -> None:
    phase: PicturesPhase | StoriesPhase
    phase = PicturesPhase(folder) if kind == "pictures" else StoriesPhase(folder)
    metrics = train(phase, LoopConfig(folder, minutes=1e-6), lambda line: None)
    name = "picture" if kind == "pictures" else "story"
    assert set(metrics) == {"score", f"{name}_r10", f"{name}_quadrant"}
    assert metrics[f"{name}_r10"] == 1.0  # six clips are among the ten nearest
    fresh = Adapters()
    loaded = load_best(folder, kind, fresh if kind == "pictures" else fresh.story)
    assert loaded["score"] == metrics["score"]
