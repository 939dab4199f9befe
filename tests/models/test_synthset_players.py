"""Pictures show the lead instrument and what goes with the genre, large enough to be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from descant.models.synthset.settings import INSTRUMENTS
from descant.models.theory.words import GENRES
from tests.models.test_synthset_pictures import SCENE, pixels


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_that_is_near_is_large(instrument: str) -> None:
    empty = pixels(replace(SCENE, figure="nobody"), (128, 128))
    shares = {}
    for view, figure in (("far", "player"), ("near", "player"), ("still", "nobody")):
        scene = replace(SCENE, figure=figure, instrument=instrument, view=view)
        changed = np.abs(pixels(scene, (128, 128)) - empty).max(axis=2) > 24
        shares[view] = changed.mean()
    assert shares["near"] > max(2 * shares["far"], 0.1)
    assert shares["still"] > 0.01


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_has_a_thing_beside_its_instrument(genre: str) -> None:
    alone = replace(SCENE, figure="nobody", instrument="harp", view="still")
    bare, beside = (pixels(replace(alone, prop=p), (128, 128)) for p in ("", genre))
    assert (np.abs(bare - beside).max(axis=2) > 24).mean() > 0.004
