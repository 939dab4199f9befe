"""The shipped pack: promises that hold for real weights."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from descant.models.theory.words import GENRES, LEADS, MOODS
from descant.runtime import Engine, Request, decode
from descant.runtime.loudness import integrated_loudness
from descant.runtime.pack_source import built_in_folder
from descant.runtime.true_peak import true_peak
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


def test_decoding_in_pieces_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(prompt="jazz trio", seconds=20, seed=3)
    whole = engine.generate(request)
    monkeypatch.setattr(decode, "PIECE_LATENTS", 60)
    np.testing.assert_allclose(engine.generate(request).samples, whole.samples, atol=2e-3)


def test_intensity_is_heard(engine: Engine) -> None:
    quiet_first = tuple(0.2 if i < 10 else 0.95 for i in range(20))
    loud_first = quiet_first[::-1]
    for prompt in ("epic cinematic strings", "rock with electric guitar"):
        ratios = []
        for levels in (quiet_first, loud_first):
            clip = engine.generate(Request(prompt=prompt, seconds=20, seed=1, intensity=levels))
            half = clip.samples.shape[1] // 2
            power = [float(np.square(part).mean()) for part in np.split(clip.samples[0], [half])]
            ratios.append(power[1] / power[0])
        assert ratios[0] > 1.15 * ratios[1], prompt  # measured: 1.25 and more
