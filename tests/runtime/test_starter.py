"""The shipped pack: promises that hold for real weights."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from descant.models.theory.words import GENRES, LEADS, MOODS
from descant.runtime import Engine, Request
from descant.runtime.loudness import integrated_loudness, true_peak
from descant.runtime.pack_source import built_in_folder
from tests.runtime.midi_files import tune

pytestmark = pytest.mark.pack


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Return an engine on the starter pack."""
    if not (built_in_folder() / "starter" / "pack.json").is_file():
        pytest.skip("the starter pack is not in models/packs")
    with Engine.open("starter") as opened:
        yield opened


@pytest.mark.parametrize("seed", range(6))
def test_random_requests_are_healthy(engine: Engine, seed: int) -> None:
    rng = random.Random(seed)
    prompt = f"{rng.choice(MOODS)} {rng.choice(GENRES)} with {rng.choice(list(LEADS))}"
    clip = engine.generate(Request(prompt=prompt, seconds=rng.uniform(2, 8), seed=seed))
    assert np.isfinite(clip.samples).all()
    assert integrated_loudness(clip.samples, 44100) == pytest.approx(-14, abs=1)
    assert true_peak(clip.samples) <= 10 ** (-1 / 20)
    assert clip.notes
    assert not [w for w in clip.warnings if "silent" in w or "clipped" in w]


def test_same_seed_same_samples(engine: Engine) -> None:
    clips = [engine.generate(Request(prompt="calm piano", seconds=3, seed=s)) for s in (0, 0, 1)]
    first, second, third = (clip.samples.tobytes() for clip in clips)
    assert first == second
    assert first != third


def test_given_melody_is_in_the_notes(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "scale.mid"
    path.write_bytes(tune(4, tempo_bpm=100))
    clip = engine.generate(Request(prompt="flute", melody=path, seconds=9, seed=0))
    heard = {note.pitch for note in clip.notes}
    assert len({60, 62, 64, 65, 67, 69, 71, 72} & heard) >= 6
