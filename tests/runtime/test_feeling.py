"""What a request feels like, and that the melody which is found feels so too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from descant.models.theory.feelings import QUADRANTS, quadrant_of
from descant.models.theory.words import MOODS
from descant.runtime import Engine
from descant.runtime.feeling import feeling
from descant.runtime.pack import open_pack
from descant.runtime.pieces import drain
from descant.runtime.retrieval import MelodyIndex, Wishes, load_index


def unit(rng: np.random.Generator) -> np.ndarray:
    vector = rng.standard_normal((1, 32)).astype(np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture(scope="module")
def index(tiny_pack: Path) -> MelodyIndex:
    with open_pack(tiny_pack) as pack:
        return load_index(pack)


def test_the_quarter_is_that_of_the_moods_together(
    tiny_engine: Engine, rng: np.random.Generator
) -> None:
    graph = tiny_engine.sessions["attributes"]
    found = set()
    for _ in range(20):
        place = unit(rng)
        felt = drain(feeling(tiny_engine.sessions, place))
        moods = graph.run(embedding=place)["moods"][0]
        shares = {
            name: sum(moods[k] for k, mood in enumerate(MOODS) if quadrant_of(mood) == name)
            for name in QUADRANTS
        }
        assert felt == max(shares, key=lambda name: shares[name])
        found.add(felt)
    assert len(found) > 1


@pytest.mark.parametrize("felt", QUADRANTS)
def test_melodies_that_feel_so_come_first(
    index: MelodyIndex, rng: np.random.Generator, felt: str
) -> None:
    found = index.find(unit(rng)[0], Wishes(feeling=felt), 64)
    fits = [quadrant_of(neighbour.mood or "") == felt for neighbour in found]
    assert fits == sorted(fits, reverse=True)
    for part in (True, False):  # and each part by its nearness
        near = [n.similarity for n, fit in zip(found, fits, strict=True) if fit == part]
        assert near == sorted(near, reverse=True)


def test_a_pack_that_can_not_tell_still_plays(blind_pack: Path, rng: np.random.Generator) -> None:
    with Engine.open(blind_pack, "cpu") as engine:
        assert drain(feeling(engine.sessions, unit(rng))) is None
        assert engine.search("calm piano", 3)
