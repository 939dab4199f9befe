"""Scenes go with their music without being determined by it, and splits share no composition."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.synthset.compose import Split, Truth, compose
from descant.models.synthset.pictures.colour import PALETTES as DRAWN_PALETTES
from descant.models.synthset.pictures.draw import ABSTRACT as DRAWN_ABSTRACT
from descant.models.synthset.pictures.draw import PLACES as DRAWN_PLACES
from descant.models.synthset.pictures.style import STYLES as DRAWN_STYLES
from descant.models.synthset.scenery import (
    LAYOUTS,
    SceneTruth,
    imagine,
    recipe_split,
    unpack,
)
from descant.models.synthset.scenes import PLACES, TIMES
from descant.models.synthset.settings import (
    ABSTRACT,
    FIGURES,
    INSTRUMENTS,
    PALETTES,
    SETTINGS,
    STYLES,
    WEATHERS,
)
from descant.models.theory.feelings import FEELINGS
from descant.models.theory.notes import Key
from descant.models.theory.words import GENRES, LEADS, MOODS

BRIGHT = replace(
    compose(1).truth,
    genre="pop",
    mood="happy",
    place="a sunny beach",
    time_of_day="morning",
    tempo_bpm=128.0,
    key=Key(0, "major"),
)
DARK = replace(
    BRIGHT,
    genre="ambient",
    mood="dark",
    place="a deep forest",
    time_of_day="night",
    tempo_bpm=62.0,
    key=Key(9, "minor"),
)


def scenes(truth: Truth, count: int = 500) -> list[SceneTruth]:
    return [imagine(truth, seed, "train") for seed in range(count)]


def recipe(scene: SceneTruth) -> tuple[str, str, str, int]:
    return scene.place, scene.time_of_day, scene.weather, scene.layout


def share(found: list[SceneTruth], field: str, values: tuple[str, ...]) -> float:
    return float(np.mean([getattr(scene, field) in values for scene in found]))


def test_tables_agree() -> None:
    assert set(SETTINGS) == set(DRAWN_PLACES)
    assert len(SETTINGS) >= 24
    assert set(PALETTES) == set(DRAWN_PALETTES)
    assert set(ABSTRACT) == set(DRAWN_ABSTRACT)
    assert set(STYLES) == set(ABSTRACT) | set(DRAWN_STYLES) | {"photo"}
    assert set(FEELINGS) == set(MOODS)
    assert sorted(lead for leads in INSTRUMENTS.values() for lead in leads) == sorted(LEADS)
    shown = {place for setting in SETTINGS.values() for place in setting.music_places}
    assert shown == set(PLACES)
    moods = [*WEATHERS.values(), *FIGURES.values(), *(m for m, _ in PALETTES.values())]
    assert {mood for group in moods for mood in group} <= set(MOODS)
    genres = [*(g for _, g in PALETTES.values()), *(g for _, _, g in STYLES.values())]
    assert {genre for group in genres for genre in group} == set(GENRES)
    for setting in SETTINGS.values():
        assert set(setting.moods) <= set(MOODS)
        assert set(setting.genres) <= set(GENRES)
        assert set(setting.weathers) <= set(WEATHERS)


def test_imagining_is_the_same_in_every_process() -> None:
    code = (
        "import hashlib; from descant.models.synthset.compose import compose; "
        "from descant.models.synthset.scenery import imagine; "
        "scenes = [imagine(compose(s).truth, s, 'test') for s in range(4)]; "
        "print(hashlib.sha256(repr(scenes).encode()).hexdigest())"
    )
    want = [imagine(compose(s).truth, s, "test") for s in range(4)]
    digest = hashlib.sha256(repr(want).encode()).hexdigest()
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == digest


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(), split=st.sampled_from(("train", "test")), mood=st.sampled_from(MOODS))
def test_a_scene_is_of_its_split_and_of_its_place(seed: int, split: Split, mood: str) -> None:
    scene = imagine(replace(BRIGHT, mood=mood), seed, split)
    assert recipe_split(*recipe(scene)) == split
    setting = SETTINGS[scene.place]
    assert scene.weather in setting.weathers
    assert (scene.instrument != "") == (scene.figure == "player" or scene.view == "still")
    assert scene.instrument or (scene.view, scene.prop) == ("far", "")
    assert scene.figure == "nobody" or setting.peopled
    assert not (setting.indoors and scene.figure in ("birds", "crows", "rider"))
    assert 0.0 <= scene.energy <= 1.0
    assert -1.0 <= scene.light <= 1.0
    assert (scene.abstractness == 1.0) == (scene.style in ABSTRACT)


def test_splits_share_no_composition_and_each_has_some_of_every_place() -> None:
    for place, setting in SETTINGS.items():
        for time in TIMES:
            for weather in setting.weathers:
                owners = Counter(recipe_split(place, time, weather, k) for k in range(LAYOUTS))
                assert owners["train"] > owners["test"] >= 8, (place, time, weather)
    train = {recipe(scene) for scene in scenes(BRIGHT)}
    test = {recipe(imagine(BRIGHT, seed, "test")) for seed in range(500)}
    assert not train & test


def test_layouts_are_all_different() -> None:
    assert len({unpack(k) for k in range(LAYOUTS)}) == LAYOUTS


def test_dark_music_is_seen_at_night_in_bad_weather_and_low_light() -> None:
    bright, dark = scenes(BRIGHT), scenes(DARK)
    night = ("night", "midnight")
    assert share(dark, "time_of_day", night) > 3 * share(bright, "time_of_day", night)
    heavy = ("fog", "storm", "rain")
    assert share(dark, "weather", heavy) > 2 * share(bright, "weather", heavy)
    assert np.mean([s.light for s in bright]) - np.mean([s.light for s in dark]) > 0.7
    assert np.mean([s.energy for s in bright]) - np.mean([s.energy for s in dark]) > 0.3
    grim = ("noir", "blood", "toxic", "slate")
    assert share(dark, "palette", grim) > 4 * share(bright, "palette", grim)


def test_nothing_is_certain() -> None:
    for found in (scenes(BRIGHT), scenes(DARK)):
        for field in ("place", "time_of_day", "weather", "palette", "style", "figure"):
            counts = Counter(getattr(scene, field) for scene in found)
            assert len(counts) >= 4, field
            assert counts.most_common(1)[0][1] < 0.8 * len(found), field
        moods = Counter(scene.mood for scene in found)
        assert 0.85 < moods.most_common(1)[0][1] / len(found) < 0.97


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_chooses_its_places_more_often(mood: str) -> None:
    truth = replace(BRIGHT, mood=mood, genre="jazz", place="a parade")
    other = replace(truth, mood="sad" if FEELINGS[mood][0] > 0 else "happy")
    suited = tuple(name for name, setting in SETTINGS.items() if mood in setting.moods)
    assert share(scenes(truth), "place", suited) > share(scenes(other), "place", suited)


def test_abstract_art_and_scenes_without_music_are_a_part() -> None:
    found = [imagine(BRIGHT, seed, "train") for seed in range(600)]
    assert 0.05 < np.mean([scene.abstractness == 1.0 for scene in found]) < 0.35
    assert 0.3 < np.mean([scene.figure == "player" for scene in found]) < 0.6
    assert 0.25 < np.mean([scene.instrument == "" for scene in found]) < 0.5
