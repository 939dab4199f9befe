"""Picture tower and adapters: unit vectors, independence of the others, what no training means."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from descant.models.nets.adapters import CaptionAdapter, PictureAdapter, StoryAdapter
from descant.models.nets.picture import PictureEncoder
from descant.models.training.augment import augment, recolour, reframe

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def units(*shape: int) -> Tensor:
    return functional.normalize(torch.randn(*shape), dim=-1)


@torch.no_grad()
def test_a_picture_has_its_feature_whatever_stands_beside_it() -> None:
    tower = PictureEncoder().eval()
    pictures = torch.rand(3, 3, 128, 128)
    features = tower(pictures)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(tower(pictures[1:2]), features[1:2], rtol=1e-4, atol=1e-5)
    assert float((features[0] - features[1]).norm()) > 1e-3


def test_the_tower_stays_small() -> None:
    assert sum(p.numel() for p in PictureEncoder().parameters()) <= 6_000_000


@torch.no_grad()
def test_a_picture_adapter_takes_features_of_any_width() -> None:
    for width in (512, 768):
        made = PictureAdapter(width).eval()(units(2, width))
        torch.testing.assert_close(made.norm(dim=1), torch.ones(2))


@torch.no_grad()
def test_an_untrained_caption_adapter_changes_nothing() -> None:
    text = units(4, 512)
    torch.testing.assert_close(CaptionAdapter().eval()(text), text)


def random_story_adapter() -> StoryAdapter:
    adapter = StoryAdapter().eval()
    for parameter in adapter.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return adapter


@torch.no_grad()
def test_windows_behind_a_storys_end_count_for_nothing() -> None:
    adapter, windows, words = random_story_adapter(), units(2, 5, 512), torch.tensor([[7, 9]] * 2)
    mask = torch.tensor([[1.0, 1, 1, 0, 0], [1, 1, 1, 0, 0]])
    short = adapter(windows[:, :3], mask[:, :3], words)
    padded = functional.pad(words, (0, 3))
    torch.testing.assert_close(adapter(windows, mask, padded), short, rtol=1e-4, atol=1e-5)
    assert float((adapter(windows, torch.ones(2, 5), words) - short).norm()) > 1e-2
    assert float((adapter(windows, mask, words + 1) - short).norm()) > 1e-2


@torch.no_grad()
def test_a_storys_windows_have_no_order() -> None:
    adapter, windows, mask = random_story_adapter(), units(1, 4, 512), torch.ones(1, 4)
    words = torch.tensor([[3, 1, 4, 1, 5]])
    backwards = adapter(windows.flip(1), mask, words.flip(1))
    torch.testing.assert_close(backwards, adapter(windows, mask, words), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_an_untrained_story_adapter_takes_the_mean() -> None:
    windows = units(3, 4, 512)
    made = StoryAdapter().eval()(windows, torch.ones(3, 4), torch.ones(3, 6, dtype=torch.int64))
    mean = functional.normalize(windows.mean(1), dim=-1)
    assert float((made * mean).sum(1).min()) > 0.99


def test_augmented_pictures_are_pictures_of_their_own() -> None:
    picture = torch.rand(1, 3, 8, 8).repeat_interleave(16, 2).repeat_interleave(16, 3)
    made = augment(picture.expand(16, -1, -1, -1))
    assert made.shape == (16, 3, 128, 128)
    assert 0.0 <= float(made.min()) < float(made.max()) <= 1.0
    assert float((made[0] - made[1]).abs().mean()) > 0.01


def test_a_view_keeps_most_of_a_picture_and_mirrors_half() -> None:
    """A horizontal ramp: its values say where along it a view looks, and which way."""
    ramp = torch.linspace(0.0, 1.0, 128).expand(200, 3, 128, 128)
    row = reframe(ramp)[:, 0, 64]
    seen = row.amax(1) - row.amin(1)
    assert float(seen.min()) > 0.65
    mirrored = (row[:, 96] < row[:, 32]).float().mean()
    assert 0.3 < float(mirrored) < 0.7


def test_a_tenth_of_the_pictures_turns_grey() -> None:
    colours = torch.rand(400, 3, 4, 4) * 0.5 + 0.25
    grey = (recolour(colours).std(1) < 2e-2).all(2).all(1).float().mean()
    assert 0.04 < float(grey) < 0.18
