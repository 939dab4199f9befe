"""Music to a film: as long as it, in its pace, as strong as its pictures, scene by scene."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import Engine, Request, query, starter_making
from descant.runtime.conditioning import load_tokenizer
from descant.runtime.film import Film, read_film
from descant.runtime.film_arc import LIFT, lifted
from descant.runtime.pieces import drain, ready
from descant.runtime.prompt import Hints
from descant.runtime.sight import in_pace, see_film
from tests.runtime.films import write_film
from tests.runtime.wishes import given, make


def test_music_is_as_long_as_the_film(tiny_engine: Engine, files: Path) -> None:
    assert make(tiny_engine, **given(files, "video"), seconds=None).seconds == pytest.approx(2.0)
    assert make(tiny_engine, **given(files, "video"), seconds=3.0).seconds == 3.0


def test_a_film_shapes_the_music(tiny_engine: Engine, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", 12.0, motion=lambda t: 0.1 if t < 6 else 6.0)
    sheets = [
        make(tiny_engine, video=path, seconds=12.0, **more).sheet
        for more in ({}, {"image_strength": 0, "prompt": "x"}, {"intensity": (0.5,)})
    ]
    for sheet in sheets:
        assert sheet is not None
    moved, unseen, asked = (sheet.intensity for sheet in sheets if sheet)
    assert moved[-1] > moved[0] + 0.2
    assert unseen[-1] > unseen[0] + 0.2
    assert set(asked) == {0.5}


def test_a_film_that_was_read_is_not_read_again(
    tiny_engine: Engine, files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes((files / "film.mp4").read_bytes())
    film = read_film(path)
    path.unlink()
    again = make(tiny_engine, video=film)
    assert again.samples.tobytes() == make(tiny_engine, **given(files, "video")).samples.tobytes()


def test_levels_rise_where_pictures_are_strong() -> None:
    levels = (0.5,) * 40
    raised = lifted(levels, 20.0, np.array([2.0, 18.0]), np.array([0.0, 1.0], np.float32))
    assert raised[0] == pytest.approx(0.5 - LIFT / 2, abs=0.01)
    assert raised[-1] == pytest.approx(0.5 + LIFT / 2, abs=0.01)
    alike = lifted(levels, 20.0, np.array([2.0, 18.0]), np.array([0.3, 0.301], np.float32))
    assert np.abs(np.array(alike) - 0.5).max() < 0.01


def test_a_picture_counts_as_long_as_it_stands(tiny_engine: Engine, files: Path) -> None:
    film = read_film(files / "film.mp4")
    places = np.eye(32, dtype=np.float32)
    sight = drain(
        see_film(tiny_engine.sessions, film, lambda text: ready(places[len(text) % 32][None]))
    )
    assert np.linalg.norm(sight.embedding) == pytest.approx(1.0, abs=1e-6)
    assert len(sight.levels) == len(film.levels)
    assert any(sight.picture is look.image for look in film.frames)


class Sampled(Exception):
    """Ends the making of a clip as soon as its windows are known."""


def test_long_films_are_asked_for_scene_by_scene(
    tiny_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_film(tmp_path / "a.mp4", 64.0, fps=1, light=lambda t: 0.1 if t < 30 else 0.9)
    film = read_film(path)
    pack = tiny_engine.pack
    reader = query.QueryReader(pack.spec.pipeline, tiny_engine.sessions, load_tokenizer(pack))
    asked = drain(reader.read(Request(prompt="calm piano", video=film), film=film))
    assert asked.scene is not None
    dark, light, whole = asked.scene(0, 25), asked.scene(40, 64), asked.text.embedding
    for scene in (dark, light):
        assert np.linalg.norm(scene) == pytest.approx(1.0, abs=1e-6)
        assert float((scene @ whole.T).item()) > float((dark @ light.T).item())
    np.testing.assert_array_equal(asked.scene(70, 80), whole)
    windows: list[Any] = []

    def sample(step: Any, noise: Any, conditions: Any, *_: Any) -> None:
        windows.extend(conditions)
        raise Sampled

    monkeypatch.setattr(starter_making, "sample_windows", sample)
    with pytest.raises(Sampled):
        make(tiny_engine, prompt="calm piano", video=film, seconds=None)
    first, last = windows[0][0].condition, windows[-1][0].condition
    assert np.abs(first[0] - last[0]).max() > 1e-3


def paced(film: Film, cuts: int, hints: Hints) -> tuple[float, float] | None:
    """Tempo range of a film with so many cuts."""
    times = tuple(np.linspace(0.1, film.seconds, cuts))
    return in_pace(hints, replace(film, cuts=times)).tempo_range


def test_cuts_set_the_pace(files: Path) -> None:
    film = read_film(files / "film.mp4")
    slow, fast = paced(film, 0, Hints()), paced(film, 5, Hints())
    assert slow is not None
    assert fast is not None
    assert slow[1] < fast[0]
    assert paced(film, 5, Hints(tempo_bpm=70.0)) is None
    assert paced(film, 5, Hints(tempo_range=(60.0, 70.0))) == (60.0, 70.0)
