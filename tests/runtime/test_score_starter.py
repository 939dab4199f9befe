"""A film scored by the shipped pack."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import Engine, Request
from descant.runtime.film import read_film
from descant.runtime.pack_source import built_in_folder
from descant.runtime.score import Laying, score_film
from tests.runtime.films import picture_packets, sound_samples, write_film

RATE = 44100
WISH = Request(prompt="calm piano", seed=0)


@pytest.mark.pack
def test_the_starter_scores_a_film(tmp_path: Path) -> None:
    if not (built_in_folder() / "starter" / "pack.json").is_file():
        pytest.skip("the starter pack is not in models/packs")
    rises = []
    with Engine.open("starter") as engine:
        for name, first_half, second_half in (("rises", 0.1, 6.0), ("falls", 6.0, 0.1)):
            halves = {True: first_half, False: second_half}
            path = write_film(
                tmp_path / f"{name}.mp4", 12.0, motion=partial(_motion_of_halves, halves)
            )
            film, target = read_film(path), tmp_path / f"{name}.mkv"
            made = score_film(engine, film, target, WISH, Laying(None, 0.5))
            assert picture_packets(made.path) == picture_packets(path)
            assert not made.warnings
            samples = sound_samples(made.path)
            first, second = samples[RATE : 5 * RATE], samples[7 * RATE : 11 * RATE]
            rises.append(10 * np.log10(np.square(second).mean() / np.square(first).mean()))
    # of nearly the same music, whatever its own loudness does, the part where more moves is louder
    assert rises[0] - rises[1] > 3.0


def _motion_of_halves(halves: dict[bool, float], second: float) -> float:
    return halves[second < 6.0]
