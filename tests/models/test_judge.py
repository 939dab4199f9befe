"""The judge: what it is asked, how it is built, and what its training changes in what it hears."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from descant.models.judge_spec import HEADS, tempo_class, true_classes
from descant.models.nets.judge import Judge
from descant.models.synthset.compose import compose
from descant.models.theory.feelings import QUADRANTS, quadrant_of
from descant.models.theory.words import MOODS
from descant.models.training import judge as training
from descant.models.training.judge import JudgePhase, vary

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

CLIPS, FRAMES = 4, 96


def facts(seed: int) -> dict[str, object]:
    """What a shard says of a piece, as far as the judge reads it."""
    truth = compose(seed).truth
    return {
        "genre": truth.genre,
        "mood": truth.mood,
        "lead": truth.lead,
        "key": str(truth.key),
        "tempo_bpm": truth.tempo_bpm,
        "has_drums": truth.has_drums,
    }


def test_every_quarter_of_the_circumplex_has_moods() -> None:
    assert {quadrant_of(mood) for mood in MOODS} == set(QUADRANTS)
    for mood, quadrant in (
        ("happy", "excited"), ("aggressive", "tense"), ("sad", "gloomy"), ("peaceful", "calm"),
    ):  # fmt: skip
        assert quadrant_of(mood) == quadrant


@given(st.floats(50.0, 200.0))
def test_a_tempos_class_is_within_its_width(tempo_bpm: float) -> None:
    centre = float(HEADS["tempo"][tempo_class(tempo_bpm)])
    assert abs(centre / tempo_bpm - 1.0) < 0.023


def test_true_classes_name_what_the_composer_knows() -> None:
    truth = compose(7).truth
    named = [names[i] for names, i in zip(HEADS.values(), true_classes(facts(7)), strict=True)]
    said = dict(zip(HEADS, named, strict=True))
    assert (said["mood"], said["genre"], said["lead"]) == (truth.mood, truth.genre, truth.lead)
    assert f"{said['tonic']} {said['mode']}" == str(truth.key)
    assert said["drums"] == ("with" if truth.has_drums else "without")


def test_the_judge_is_small_and_takes_any_length() -> None:
    judge = Judge().eval()
    assert sum(p.numel() for p in judge.parameters()) <= 1_500_000
    for frames in (16, 203):
        features, *logits = judge(torch.randn(2, 128, frames))
        assert features.shape == (2, 128)
        assert [head.shape for head in logits] == [(2, len(names)) for names in HEADS.values()]


def test_a_clip_is_judged_alike_in_any_company() -> None:
    judge = Judge().eval()
    mel = torch.randn(3, 128, 64)
    torch.testing.assert_close(judge(mel)[1][1:2], judge(mel[1:2])[1], atol=1e-4, rtol=1e-4)


def test_variations_keep_the_music() -> None:
    mel = 1.5 * torch.randn(8, 32, 24).repeat_interleave(4, 1).repeat_interleave(4, 2)
    changed = vary(mel)
    assert changed.shape == mel.shape
    assert bool(torch.isfinite(changed).all())
    for before, after in zip(mel, changed, strict=True):
        likeness = float(torch.corrcoef(torch.stack([before.flatten(), after.flatten()]))[0, 1])
        assert 0.3 < likeness < 0.999


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """A training folder with a few clips of noise in each split."""
    rng = np.random.default_rng(1)
    for split in ("train", "test"):
        folder = tmp_path / "data" / f"{split}-0000"
        folder.mkdir(parents=True)
        np.save(folder / "mel.npy", rng.normal(-0.5, 1.5, (CLIPS, 128, FRAMES)).astype(np.float16))
        (folder / "text.json").write_text(json.dumps([facts(i) for i in range(CLIPS)]))
    return tmp_path


def test_the_phase_learns_and_counts(shards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CPU_BATCH", 4)
    monkeypatch.setattr(training, "CROP", 64)
    monkeypatch.setattr(training, "FRAMES", FRAMES)
    phase = JudgePhase(shards)
    batch = next(phase.batches())
    optimiser = torch.optim.Adam(phase.module.parameters(), 2e-3)
    losses = []
    for _ in range(5):
        loss, parts = phase.loss(batch)
        assert set(parts) == set(HEADS)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        assert all(p.grad is not None for p in phase.module.parameters())
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.9 * losses[0]
    phase.module.eval()
    with torch.no_grad():
        metrics = phase.evaluate()
    assert all(0.0 <= metrics[name] <= 1.0 for name in HEADS)
    wanted = np.mean([metrics[name] for name in training.SCORED])
    assert metrics["score"] == pytest.approx(-wanted)


def test_new_shards_are_taken_in(shards: Path) -> None:
    phase = JudgePhase(shards)
    (shards / "data" / "train-0000").rename(shards / "data" / "train-0001")
    phase._refresh()
    assert len(phase.answers) == len(phase.train_data) == 2 * CLIPS
