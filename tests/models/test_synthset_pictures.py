"""Pictures are the same for the same scene, show its light and colours, and differ otherwise."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from descant.models.synthset.compose import compose
from descant.models.synthset.pictures.draw import draw, own_size
from descant.models.synthset.pictures.noise import smooth_noise
from descant.models.synthset.pictures.sheet import contact_sheet
from descant.models.synthset.scenery import LAYOUTS, SceneTruth, imagine
from descant.models.synthset.scenes import TIMES
from descant.models.synthset.settings import (
    ABSTRACT,
    FIGURES,
    INSTRUMENTS,
    PALETTES,
    SETTINGS,
    STYLES,
    WEATHERS,
)

SMALL = (64, 64)
SCENE = replace(
    imagine(compose(0).truth, 0, "train"),
    place="meadow",
    time_of_day="afternoon",
    weather="clear",
    palette="sunlit",
    style="photo",
    figure="walker",
    instrument="",
    view="far",
    prop="",
    energy=0.5,
    light=0.0,
    abstractness=0.0,
    layout=41,
)


def pixels(scene: SceneTruth, size: tuple[int, int] = SMALL) -> NDArray[np.float64]:
    return np.asarray(draw(scene, size), dtype=np.float64)


def thumbnail(image: Image.Image) -> bytes:
    """A picture so small that a pixel's rounding does not show."""
    small = np.asarray(image.resize((8, 8), Image.Resampling.BOX), dtype=np.int64)
    return bytes(((small + 8) // 16).astype(np.uint8).tobytes())


@lru_cache(maxsize=1)
def sample() -> tuple[NDArray[np.float64], ...]:
    found = [imagine(compose(seed).truth, seed, "train") for seed in range(60)]
    return tuple(pixels(scene) for scene in found)


def test_the_same_scene_is_the_same_picture() -> None:
    for seed in range(8):
        scene = imagine(compose(seed).truth, seed, "test")
        assert draw(scene, SMALL).tobytes() == draw(scene, SMALL).tobytes()


def test_drawing_is_the_same_in_every_process() -> None:
    code = (
        "import hashlib; from descant.models.synthset.compose import compose; "
        "from descant.models.synthset.scenery import imagine; "
        "from descant.models.synthset.pictures.draw import draw; "
        "scenes = [imagine(compose(s).truth, s, 'test') for s in range(6)]; "
        "print(hashlib.sha256(b''.join(draw(s, (64, 64)).tobytes() for s in scenes)).hexdigest())"
    )
    found = [draw(imagine(compose(s).truth, s, "test"), SMALL) for s in range(6)]
    want = hashlib.sha256(b"".join(image.tobytes() for image in found)).hexdigest()
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == want


@pytest.mark.parametrize("place", SETTINGS)
def test_every_place_can_be_drawn_in_all_its_weather(place: str) -> None:
    for k, weather in enumerate(SETTINGS[place].weathers):
        time = tuple(TIMES)[(k * 2) % len(TIMES)]
        view = pixels(replace(SCENE, place=place, weather=weather, time_of_day=time, layout=k * 31))
        assert view.shape == (64, 64, 3)
        assert view.std() > 8.0
        rows = view.mean(axis=(1, 2))
        assert rows.max() - rows.min() > 6.0  # not a flat field


@pytest.mark.parametrize("style", STYLES)
def test_every_style_changes_the_picture(style: str) -> None:
    abstractness = STYLES[style][0]
    view = pixels(replace(SCENE, style=style, abstractness=abstractness))
    assert view.std() > 8.0
    if style != "photo":
        assert np.abs(view - pixels(SCENE)).mean() > 4.0


@pytest.mark.parametrize("figure", [*FIGURES, *INSTRUMENTS])
def test_every_figure_is_seen(figure: str) -> None:
    played = figure in INSTRUMENTS
    name, instrument = ("player", figure) if played else (figure, "")
    empty = pixels(replace(SCENE, figure="nobody"), (128, 128))
    view = pixels(replace(SCENE, figure=name, instrument=instrument), (128, 128))
    assert (np.abs(view - empty).max(axis=2) > 24).any() == (figure != "nobody")


@settings(deadline=None, max_examples=40)
@given(
    place=st.sampled_from(sorted(SETTINGS)),
    time=st.sampled_from(sorted(TIMES)),
    weather=st.sampled_from(sorted(WEATHERS)),
    palette=st.sampled_from(sorted(PALETTES)),
    style=st.sampled_from(sorted(STYLES)),
    seed=st.integers(0, 2**40),
    layout=st.integers(0, LAYOUTS - 1),
    energy=st.floats(0.0, 1.0),
    light=st.floats(-1.0, 1.0),
    size=st.tuples(st.integers(32, 140), st.integers(32, 140)),
)
def test_any_scene_can_be_drawn_at_any_size(
    place: str,
    time: str,
    weather: str,
    palette: str,
    style: str,
    seed: int,
    layout: int,
    energy: float,
    light: float,
    size: tuple[int, int],
) -> None:
    scene = replace(
        SCENE,
        seed=seed,
        place=place,
        time_of_day=time,
        weather=weather,
        palette=palette,
        style=style,
        layout=layout,
        energy=energy,
        light=light,
        abstractness=STYLES[style][0],
    )
    image = draw(scene, size)
    assert image.mode == "RGB"
    assert image.size == size


def test_sizes_of_their_own() -> None:
    sizes = {own_size(replace(SCENE, seed=seed)) for seed in range(200)}
    assert len(sizes) >= 15
    assert all(128 <= max(size) <= 256 and min(size) >= 72 for size in sizes)
    assert draw(SCENE).size == own_size(SCENE)


@pytest.mark.parametrize("size", [(31, 64), (64, 1025), (0, 0)])
def test_sizes_out_of_range_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="32 to 1024"):
        draw(SCENE, size)


def test_no_two_pictures_are_alike() -> None:
    coarse = [view.reshape(16, 4, 16, 4, 3).mean(axis=(1, 3)) for view in sample()]
    differences = [np.abs(a - b).mean() for a, b in itertools.combinations(coarse, 2)]
    assert min(differences) > 5.0
    other = replace(SCENE, seed=SCENE.seed + 1)
    assert thumbnail(draw(SCENE, SMALL)) != thumbnail(draw(other, SMALL))


def test_pictures_use_the_whole_range() -> None:
    views = sample()
    means = np.array([view.mean() for view in views])
    assert means.min() < 60.0 < 150.0 < means.max()
    assert min(view.min() for view in views) == 0.0
    assert max(view.max() for view in views) == 255.0


def test_night_is_dark_and_noon_is_bright() -> None:
    for place in ("meadow", "shore", "mountains", "city street", "castle", "forest"):
        noon = pixels(replace(SCENE, place=place, time_of_day="afternoon")).mean()
        night = pixels(replace(SCENE, place=place, time_of_day="midnight")).mean()
        assert noon > 1.5 * night, place


def test_light_opens_and_closes_the_picture() -> None:
    levels = [pixels(replace(SCENE, light=light)).mean() for light in (-1.0, 0.0, 1.0)]
    assert levels[0] + 15 < levels[1] < levels[2] - 15


def test_palettes_are_seen() -> None:
    def warmth(palette: str) -> float:
        view = pixels(replace(SCENE, palette=palette))
        return float(view[..., 0].mean() - view[..., 2].mean())

    def fullness(palette: str) -> float:
        view = pixels(replace(SCENE, palette=palette))
        return float((view.max(axis=2) - view.min(axis=2)).mean())

    assert min(warmth("ember"), warmth("amber")) > max(warmth("ice"), warmth("lagoon")) + 30
    assert fullness("candy") > 1.5 * fullness("slate")


def test_wild_abstract_art_has_more_edges_than_still_art() -> None:
    def edges(style: str, energy: float) -> float:
        scene = replace(SCENE, style=style, abstractness=1.0, energy=energy)
        return float(np.abs(np.diff(pixels(scene, (128, 128)).mean(axis=2))).mean())

    rising = [edges(style, 0.95) > edges(style, 0.1) for style in ABSTRACT]
    assert sum(rising) >= 5


def test_noise_is_smooth_and_repeatable() -> None:
    noise = smooth_noise(3, (40, 60), 4, 2)
    assert noise.shape == (40, 60)
    assert noise.dtype == np.float32
    np.testing.assert_array_equal(noise, smooth_noise(3, (40, 60), 4, 2))
    assert np.abs(np.diff(noise, axis=0)).max() < 0.5
    assert noise.std() > 0.2


def test_a_contact_sheet_holds_every_picture() -> None:
    red, blue = Image.new("RGB", (64, 32), "red"), Image.new("RGB", (32, 64), "blue")
    page = contact_sheet([red, blue, red], columns=2, cell=64)
    assert page.size == (2 * 68 + 4, 2 * 68 + 4)
    counts = {colour: count for count, colour in page.getcolors(1 << 16) or []}
    assert counts[(255, 0, 0)] == 2 * 64 * 32
    assert counts[(0, 0, 255)] == 32 * 64
