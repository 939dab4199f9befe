"""Draw a scene: choose its air and palette, paint the place, set the figure, finish.

The same scene is the same picture, byte for byte, under one version of Pillow; another version
may round its edges in another way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from PIL import Image

from descant.models.synthset.pictures import (
    abstract,
    coasts,
    festivals,
    lands,
    parlours,
    roads,
    rooms,
    shows,
    stone,
    streets,
    wilds,
    worlds,
)
from descant.models.synthset.pictures.air import Air, indoors, make_air
from descant.models.synthset.pictures.canvas import Canvas, Stage
from descant.models.synthset.pictures.colour import PALETTES, Palette, mix, times, turned
from descant.models.synthset.pictures.finish import OVERSAMPLING, finish
from descant.models.synthset.pictures.people import add_figure
from descant.models.synthset.pictures.players import add_instrument, add_player
from descant.models.synthset.pictures.props import add_prop
from descant.models.synthset.pictures.sky import falling
from descant.models.synthset.scenery import SceneTruth, unpack
from descant.models.synthset.settings import SETTINGS

PLACES: dict[str, Callable[[Canvas], Stage | None]] = {
    "shore": coasts.shore,
    "harbour": coasts.harbour,
    "underwater": coasts.underwater,
    "swamp": coasts.swamp,
    "forest": lands.forest,
    "meadow": lands.meadow,
    "desert": wilds.desert,
    "mountains": wilds.mountains,
    "snowfield": wilds.snowfield,
    "volcano": wilds.volcano,
    "garden": lands.garden,
    "city street": streets.city_street,
    "neon city": streets.neon_city,
    "rooftop": streets.rooftop,
    "highway": roads.highway,
    "market": roads.market,
    "train": roads.train,
    "dance club": shows.dance_club,
    "stadium": shows.stadium,
    "fairground": festivals.fairground,
    "parade": festivals.parade,
    "ballroom": shows.ballroom,
    "battlefield": festivals.battlefield,
    "kitchen": rooms.kitchen,
    "bedroom": rooms.bedroom,
    "library": parlours.library,
    "cafe": parlours.cafe,
    "bar": parlours.bar,
    "castle": stone.castle,
    "cathedral": stone.cathedral,
    "dungeon": stone.dungeon,
    "space": worlds.space,
    "game level": worlds.game_level,
}
ABSTRACT: dict[str, Callable[[Canvas], None]] = {
    "fields": abstract.fields,
    "strokes": abstract.strokes,
    "geometry": abstract.geometry,
    "marbling": abstract.marbling,
    "rings": abstract.rings,
    "ribbons": abstract.ribbons,
}
_TO_THE_LEFT = ("piano", "harpsichord", "trombone")
"""Instruments that reach far to one side."""
_ASPECTS = (1.0, 1.0, 4 / 3, 3 / 2, 16 / 9, 3 / 4, 2 / 3)
_SIDES = (128, 160, 192, 256)
_LAMPLIGHT = {"dance club": 0.62, "dungeon": 0.55, "bar": 0.72, "cathedral": 0.72, "library": 0.85}
"""Brightness of rooms that are never bright."""


def own_size(scene: SceneTruth) -> tuple[int, int]:
    """Return the width and height that a scene takes when none is asked for."""
    rng = Random(f"size {scene.split} {scene.seed}")
    aspect, side = rng.choice(_ASPECTS), rng.choice(_SIDES)
    return (side, round(side / aspect)) if aspect >= 1.0 else (round(side * aspect), side)


def draw(scene: SceneTruth, size: tuple[int, int] | None = None) -> Image.Image:
    """Draw a scene.

    Args:
        scene: What to show.
        size: Width and height in pixels, 32 … 1024; None takes the scene's own.

    Returns:
        An RGB image of that size.

    Raises:
        ValueError: The size is out of range.
    """
    width, height = size or own_size(scene)
    if not (32 <= width <= 1024 and 32 <= height <= 1024):
        raise ValueError(f"a picture is 32 to 1024 pixels wide and high, not {width} by {height}")
    layout = unpack(scene.layout)
    canvas = Canvas(
        (width * OVERSAMPLING, height * OVERSAMPLING),
        scene,
        layout,
        _air(scene),
        _palette(scene),
    )
    if scene.style in ABSTRACT:
        ABSTRACT[scene.style](canvas)
        return finish(canvas)
    stage = PLACES[scene.place](canvas)
    if scene.view == "far":
        _set_figure(canvas, stage)
    else:
        _come_near(canvas)
    if not SETTINGS[scene.place].indoors:
        falling(canvas)
    return finish(canvas)


def _set_figure(c: Canvas, stage: Stage | None) -> None:
    """Set the figure where the place has room for it, and beside it what goes with the genre."""
    if stage is None:
        return
    (x, y), tall = stage
    margin = min(0.18, c.aspect / 4)
    x = max(margin, min(x, c.aspect - margin))
    if c.scene.prop:
        side = 1 if x < c.aspect / 2 else -1
        add_prop(c, c.scene.prop, x + side * 0.95 * tall, y, tall * 1.1)
    add_figure(c, (x, y), tall)


def _come_near(c: Canvas) -> None:
    """Show a player from the knees up, or the instrument alone, before the place."""
    side = 1 if c.variant else -1
    x = c.aspect * 0.5 + side * min(0.14, c.aspect * 0.1) + c.rng.uniform(-0.05, 0.05)
    near = c.scene.view == "near"
    foot = c.rng.uniform(1.12, 1.28) if near else c.rng.uniform(0.94, 1.02)
    tall = c.rng.uniform(0.8, 0.92) * (1.0 if near else 0.84) * min(1.0, c.aspect)
    if c.air.dark or SETTINGS[c.scene.place].indoors:
        c.halo((x, 0.5), 0.5, times(c.palette.light, 0.3))  # or nobody would be seen
    if c.scene.instrument in _TO_THE_LEFT:
        x += 0.3 * tall
    if c.scene.prop:
        add_prop(c, c.scene.prop, x - side * min(0.42, c.aspect * 0.36), min(foot, 1.0), tall * 0.9)
    (add_player if near else add_instrument)(c, (x, foot), tall)


def _air(scene: SceneTruth) -> Air:
    """Return the scene's air, turned a little towards its palette."""
    air = make_air(scene.time_of_day, scene.weather)
    palette = PALETTES[scene.palette]
    if SETTINGS[scene.place].indoors:
        lamp = mix((255, 226, 180), palette.light, 0.4)
        return indoors(air, lamp, _LAMPLIGHT.get(scene.place, 1.0))
    ground = palette.shadow if air.dark else palette.middle
    return replace(
        air,
        top=mix(air.top, ground, 0.25),
        middle=mix(air.middle, palette.middle, 0.12 if air.dark else 0.2),
        low=mix(air.low, palette.light, 0.08 if air.dark else 0.22),
    )


def _palette(scene: SceneTruth) -> Palette:
    """Return the scene's palette with accents of its own: the same family, another shade."""
    rng = Random(f"palette {scene.split} {scene.seed}")
    palette = PALETTES[scene.palette]
    turn = rng.gauss(0.0, 0.025)
    first, second, third = (turned(accent, turn) for accent in palette.accents)
    accents = (first, second, third)
    if rng.random() < 0.5:
        accents = (second, third, first)
    return replace(palette, accents=accents, strength=palette.strength * rng.uniform(0.7, 1.15))
