"""Fixtures of the runtime's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from descant.runtime import Engine, Request
from tests.runtime.sounds import encoded, tone


@pytest.fixture
def words(tiny_pack: Path, tmp_path: Path) -> list[str]:
    """Return the arguments of a quick clip in ``tmp_path``."""
    target = str(tmp_path / "a.wav")
    return ["generate", "calm piano", "-o", target, "--pack", str(tiny_pack), "--seconds", "1"]


@pytest.fixture(scope="session")
def mg2(tiny_mg2: Path) -> Iterator[Engine]:
    """Return an engine on the tiny MG2."""
    with Engine.open(tiny_mg2, threads=1) as engine:
        yield engine


@pytest.fixture(scope="session")
def audioldm(tiny_audioldm: Path) -> Iterator[Engine]:
    """Return an engine on the tiny AudioLDM."""
    with Engine.open(tiny_audioldm, threads=1) as engine:
        yield engine


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two pictures, a film, a sound and a hummed tune."""
    pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
    from PIL import Image

    from tests.runtime.films import write_film

    folder = tmp_path_factory.mktemp("inputs")
    for i, name in enumerate(("a.png", "b.jpg")):
        noise = np.random.default_rng(i).integers(0, 256, (4, 6, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((300, 200)).save(folder / name)
    write_film(folder / "film.mp4", 2.0, light=lambda second: 0.2 + 0.6 * (second > 1))
    (folder / "sound.wav").write_bytes(encoded(tone(1.0, hertz=200.0)))
    parts = [tone(0.4, 22_050, hertz) for hertz in (262.0, 330.0, 392.0, 330.0, 262.0)]
    silence = np.zeros(2205, np.float32)
    tune = np.concatenate([part for note in parts for part in (note, silence)])
    (folder / "hum.wav").write_bytes(encoded(tune, 22_050))
    return folder


@pytest.fixture(scope="session")
def ours(tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of the tiny pack in a file, four seconds long."""
    wish = Request(prompt="calm piano", seed=4, seconds=4.0, tempo_bpm=120.0, key="D minor")
    return tiny_engine.generate(wish).save(tmp_path_factory.mktemp("ours") / "ours.wav")
