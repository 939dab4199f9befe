"""Pictures of any shape -> the square that towers see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from descant.kernels.area_resize import area_weights, tower_pixels


def test_a_smaller_picture_is_the_mean_of_what_it_covers(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, (256, 384, 3), np.uint8)
    made = tower_pixels(pixels[:, 64:-64], 64)
    means = pixels[:, 64:-64].reshape(64, 4, 64, 4, 3).mean((1, 3)).transpose(2, 0, 1)
    np.testing.assert_allclose(made, means, atol=0.51)


def test_it_agrees_with_pillow(rng: np.random.Generator) -> None:
    coarse = Image.fromarray(rng.integers(0, 256, (12, 14, 3), np.uint8))
    smooth = coarse.resize((170, 150), Image.Resampling.BICUBIC)
    theirs = smooth.resize((128, 128), Image.Resampling.BILINEAR)  # with a filter that is wider
    ours = tower_pixels(np.asarray(smooth)).transpose(1, 2, 0)
    assert np.abs(ours.astype(int) - np.asarray(theirs)).mean() < 1.5


def test_the_ends_of_a_long_picture_are_cut_off() -> None:
    pixels = np.zeros((100, 400, 3), np.uint8)
    pixels[:, 133:267] = 200  # of which 133.3 are four by three
    assert tower_pixels(pixels).min() > 190
    assert tower_pixels(pixels.transpose(1, 0, 2)).min() > 190


def test_a_picture_up_to_four_by_three_is_seen_whole() -> None:
    pixels = np.zeros((90, 120, 3), np.uint8)
    pixels[:, :2] = pixels[:, -2:] = 255
    made = tower_pixels(pixels)
    assert made[:, :, 0].min() == 255
    assert made[:, :, -1].min() == 255


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 1024), st.integers(1, 1024), st.integers(0, 255))
def test_one_colour_stays_it(height: int, width: int, value: int) -> None:
    made = tower_pixels(np.full((height, width, 3), value, np.uint8), 16)
    assert made.shape == (3, 16, 16)
    assert (made == value).all()


@pytest.mark.parametrize(("size", "target"), [(3, 9), (128, 128), (1000, 7), (1, 5)])
def test_weights_are_means(size: int, target: int) -> None:
    weights = area_weights(size, target)
    assert weights.shape == (target, size)
    np.testing.assert_allclose(weights.sum(1), 1.0, rtol=1e-6)
    positions = weights @ (np.arange(size) + 0.5)
    assert (np.diff(positions) >= 0).all()
    assert positions[0] + positions[-1] == pytest.approx(size, rel=1e-5)  # symmetric
