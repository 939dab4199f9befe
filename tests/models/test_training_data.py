"""Training examples: every view of a clip tells of the same music."""

from __future__ import annotations

import numpy as np
import pytest

from descant.kernels.mel import log_mel
from descant.models.nets.clmp import GROUPS
from descant.models.synthset.render import SoundfontRenderer
from descant.models.theory.control import MELODY
from descant.models.training.clmp import recall_at
from descant.models.training.data import AUDIO, make_example

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

FRAMES = 256


def test_views_of_an_example_agree() -> None:
    example = make_example(3, "train", SoundfontRenderer(), FRAMES)
    assert example.samples.shape == (FRAMES * AUDIO.hop_length,)
    assert example.mel.shape == (128, FRAMES)
    assert example.roll.shape == (88, FRAMES)
    assert example.control.shape == (126, FRAMES)
    np.testing.assert_array_equal(example.mel, log_mel(example.samples, AUDIO))
    melody, sounding = example.control[MELODY] > 0, example.roll > 0
    assert melody.any()
    # the roll is humanised by a few milliseconds, the control track is not
    assert (melody & sounding).sum() > 0.9 * melody.sum()


def test_examples_are_the_same_every_time() -> None:
    first, second = (make_example(11, "test", SoundfontRenderer(), 128) for _ in range(2))
    np.testing.assert_array_equal(first.samples, second.samples)
    assert first.piece == second.piece


def test_splits_differ() -> None:
    renderer = SoundfontRenderer()
    train, test = (make_example(5, split, renderer, 128) for split in ("train", "test"))
    assert train.piece.sheet.notes != test.piece.sheet.notes


def test_recall_counts_own_items_among_the_nearest() -> None:
    items = torch.eye(20)
    assert recall_at(items, items, 1) == 1.0
    assert recall_at(items.roll(1, 0), items, 1) == 0.0
    assert recall_at(items[:5], items[:5], 10) == 1.0
    assert sum(GROUPS) == 24 + 18 + 41 + 24 + 12


def test_a_vae_that_starts_from_components_already_knows_music() -> None:
    from descant.models.nets.vae import Vae
    from descant.models.training.vae import start_from_components

    torch.manual_seed(0)
    renderer = SoundfontRenderer()
    examples = [make_example(seed, "train", renderer, 512) for seed in range(6)]
    mel = torch.from_numpy(np.stack([e.mel for e in examples]))
    roll = torch.from_numpy(np.stack([e.roll for e in examples]))
    vae = Vae().eval()
    start_from_components(vae, mel, roll)
    with torch.no_grad():
        mel_out, roll_out = vae.decode(vae.encode(mel, roll))
        mean, _ = vae.encoder.moments(mel, roll)
    assert float((mel_out - mel).abs().mean()) < 0.3
    assert float(((roll_out > 0.4) == (roll > 0.2)).float().mean()) > 0.97
    assert 0.7 < float(mean.std()) < 1.3
