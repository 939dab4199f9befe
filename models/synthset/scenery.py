"""Imagine a scene that a piece of music could belong to: its truth, before it is drawn or told."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import NamedTuple

from descant.models.synthset.genres import GENRES, MOODS
from descant.models.synthset.piece import Split, Truth
from descant.models.synthset.scenes import TIMES
from descant.models.synthset.settings import (
    ABSTRACT,
    FIGURES,
    INSTRUMENTS,
    PALETTES,
    SETTINGS,
    STYLES,
    WEATHERS,
    Setting,
)
from descant.models.theory.feelings import FEELINGS

HORIZONS = (0.4, 0.5, 0.58, 0.66)
FOCI = (0.22, 0.36, 0.5, 0.64, 0.78)
FRAMES = ("open", "left", "right", "both")
LAYOUTS = len(HORIZONS) * len(FOCI) * len(FRAMES) * 2
_MUSIC_SHARE = 0.72
"""Of pictures with a place, those that show the lead instrument: as photographs and covers that
people put beside music mostly do."""
_VIEWS = {"near": 0.55, "far": 0.2, "still": 0.25}
"""Shares among these: a player who fills the picture, one in the middle distance, nobody."""
_PROP_SHARE = 0.8
_TEST_SHARE = 52
"""Of 256 scene recipes, those that only the test split shows."""


class Layout(NamedTuple):
    """How a picture is composed."""

    horizon: float
    """Height of the horizon, 0 the picture's top … 1."""
    focus: float
    """Place of the main thing from left to right, 0 … 1."""
    frame: str
    """Where something near frames the view: open, left, right or both."""
    variant: int
    """Which of the place's two forms is seen."""


@dataclass(frozen=True, slots=True)
class SceneTruth:
    """What a picture shows and a story tells."""

    seed: int
    split: Split
    place: str
    """A name of ``settings.SETTINGS``."""
    time_of_day: str
    weather: str
    palette: str
    style: str
    figure: str
    """A name of ``settings.FIGURES``, or "player"."""
    instrument: str
    """A name of ``settings.INSTRUMENTS`` that a player holds or that stands alone, or nothing."""
    view: str
    """How an instrument is seen: far, near or still; far where there is none."""
    prop: str
    """A genre whose thing stands beside the instrument, or nothing."""
    mood: str
    energy: float
    """0 still … 1 rushing; from the music's tempo and force."""
    light: float
    """-1 low-key … 1 high-key."""
    abstractness: float
    """0 a view as an eye sees it … 1 no place at all."""
    layout: int
    """0 … ``LAYOUTS`` - 1; see ``unpack``."""


def unpack(layout: int) -> Layout:
    """Return what a layout's number stands for."""
    rest, variant = divmod(layout, 2)
    rest, frame = divmod(rest, len(FRAMES))
    horizon, focus = divmod(rest, len(FOCI))
    return Layout(HORIZONS[horizon], FOCI[focus], FRAMES[frame], variant)


def recipe_split(place: str, time_of_day: str, weather: str, layout: int) -> Split:
    """Return the one split that shows this composition."""
    digest = sha256(f"{place}|{time_of_day}|{weather}|{layout}".encode()).digest()
    return "test" if digest[0] < _TEST_SHARE else "train"


def imagine(truth: Truth, seed: int, split: Split) -> SceneTruth:
    """Imagine the scene with this number; the same in every process.

    Args:
        truth: What is true of the music; its mood, genre, place, time, tempo and mode make some
            scenes likelier than others and none certain.
        seed: Any integer.
        split: Its compositions (place, time, weather and layout) are shown by no other split.
    """
    rng = Random(f"scene {split} {seed}")
    mood = truth.mood if rng.random() < 0.92 else rng.choice(_kindred(truth.mood))
    place = _choose_place(rng, truth, mood)
    setting = SETTINGS[place]
    time = truth.time_of_day if rng.random() < 0.4 else _choose_time(rng, mood)
    weather = _choose_weather(rng, setting, mood, truth.key.mode == "minor")
    style = _choose_style(rng, truth.genre)
    valence = FEELINGS[mood][0]
    view = _choose_view(rng, setting, style)
    figure = _choose_figure(rng, setting, mood, view)
    while True:
        layout = rng.randrange(LAYOUTS)
        if recipe_split(place, time, weather, layout) == split:
            break
    return SceneTruth(
        seed=seed,
        split=split,
        place=place,
        time_of_day=time,
        weather=weather,
        palette=_suited(rng, PALETTES, mood, truth.genre),
        style=style,
        figure=figure,
        instrument=_shown(truth.lead) if view else "",
        view=view or "far",
        prop=truth.genre if view and rng.random() < _PROP_SHARE else "",
        mood=mood,
        energy=_energy(rng, truth, mood),
        light=max(-1.0, min(1.0, 0.6 * valence + rng.gauss(0.0, 0.3))),
        abstractness=STYLES[style][0],
        layout=layout,
    )


def _kindred(mood: str) -> tuple[str, ...]:
    """Return the three moods that feel most like this one."""
    here = FEELINGS[mood]
    others = sorted(
        (name for name in FEELINGS if name != mood),
        key=lambda name: sum((a - b) ** 2 for a, b in zip(here, FEELINGS[name], strict=True)),
    )
    return tuple(others[:3])


def _choose_place(rng: Random, truth: Truth, mood: str) -> str:
    weights = []
    for setting in SETTINGS.values():
        mood_fits, genre_fits = mood in setting.moods, truth.genre in setting.genres
        suits = 0.6 * mood_fits + 1.6 * genre_fits + 5.0 * (mood_fits and genre_fits)
        weights.append(0.03 + suits + 2.0 * (truth.place in setting.music_places))
    return rng.choices(tuple(SETTINGS), weights)[0]


def _choose_time(rng: Random, mood: str) -> str:
    return rng.choices(tuple(TIMES), [0.06 + (mood in moods) for moods in TIMES.values()])[0]


def _choose_weather(rng: Random, setting: Setting, mood: str, minor: bool) -> str:
    weights = []
    for name in setting.weathers:
        heavy = name in ("rain", "fog", "storm")
        weights.append(0.08 + (mood in WEATHERS[name]) + 0.3 * (heavy if minor else not heavy))
    return rng.choices(setting.weathers, weights)[0]


def _choose_style(rng: Random, genre: str) -> str:
    weights = []
    for name, (_, base, genres) in STYLES.items():
        bonus = 0.5 if name in ABSTRACT else 3.2
        weights.append(base + bonus * (genre in genres))
    return rng.choices(tuple(STYLES), weights)[0]


def _choose_view(rng: Random, setting: Setting, style: str) -> str:
    """Return how the instrument is seen; nothing where none is."""
    if style in ABSTRACT or rng.random() >= _MUSIC_SHARE:
        return ""
    if not setting.peopled:
        return "still"
    return rng.choices(tuple(_VIEWS), tuple(_VIEWS.values()))[0]


def _choose_figure(rng: Random, setting: Setting, mood: str, view: str) -> str:
    if view in ("near", "far"):
        return "player"
    if view or not setting.peopled:
        return "nobody"
    allowed = [
        name
        for name in FIGURES
        if (setting.horses or name != "rider")
        and not (setting.indoors and name in ("birds", "crows"))
    ]
    return rng.choices(allowed, [0.06 + (mood in FIGURES[name]) for name in allowed])[0]


def _shown(lead: str) -> str:
    return next(name for name, leads in INSTRUMENTS.items() if lead in leads)


def _suited(
    rng: Random, table: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], mood: str, genre: str
) -> str:
    weights = []
    for moods, genres in table.values():
        both = mood in moods and genre in genres
        weights.append(0.03 + 1.2 * (mood in moods) + 0.5 * (genre in genres) + 2.5 * both)
    return rng.choices(tuple(table), weights)[0]


def _energy(rng: Random, truth: Truth, mood: str) -> float:
    low, high = GENRES[truth.genre].tempo
    within = (truth.tempo_bpm - low) / (high - low)
    pace = (truth.tempo_bpm - 60.0) / 116.0
    value = 0.45 * pace + 0.15 * within + 0.4 * (MOODS[mood].force - 0.4) / 0.5
    return round(max(0.0, min(1.0, value + rng.gauss(0.0, 0.06))), 3)
