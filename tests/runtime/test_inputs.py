"""Requests by pictures, films and humming, in any mix with the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
from PIL import Image

from descant.runtime import Clip, Engine, Request, RequestError, query
from descant.runtime.cli import main
from descant.runtime.film import Film, read_film
from descant.runtime.film_arc import LIFT, lifted
from descant.runtime.prompt import Hints
from descant.runtime.sight import in_pace, see_film
from tests.runtime.cli_helpers import Capture
from tests.runtime.films import write_film
from tests.runtime.sounds import encoded, tone

KINDS = ("prompt", "story", "images", "video", "audio", "hum")
SUBSETS = [kinds for n in range(1, len(KINDS) + 1) for kinds in combinations(KINDS, n)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two pictures, a film, a sound and a hummed tune."""
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


@pytest.fixture(scope="module")
def blind(blind_pack: Path) -> Iterator[Engine]:
    with Engine.open(blind_pack, threads=1) as engine:
        yield engine


def given(files: Path, *kinds: str) -> dict[str, Any]:
    """Return these kinds of inputs."""
    known = {
        "prompt": "calm piano",
        "story": "It was raining.",
        "images": (files / "a.png", files / "b.jpg"),
        "video": files / "film.mp4",
        "audio": files / "sound.wav",
        "hum": files / "hum.wav",
    }
    return {kind: known[kind] for kind in kinds}


def make(engine: Engine, **wish: Any) -> Clip:
    """Make a second of music."""
    return engine.generate(Request(**{"seconds": 1.0, "seed": 0, "steps": 1, **wish}))


@pytest.mark.parametrize("kinds", SUBSETS, ids="+".join)
def test_any_mix_is_a_request(tiny_engine: Engine, files: Path, kinds: tuple[str, ...]) -> None:
    clip = make(tiny_engine, **given(files, *kinds))
    assert np.isfinite(clip.samples).all()
    assert np.abs(clip.samples).max() > 0.01
    assert bool(clip.retrieved) == ("hum" not in kinds)
    asked = clip.receipt["request"]
    for kind in ("images", "video", "audio", "hum"):
        assert (asked[kind] is not None) == (kind in kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_changes_the_music(tiny_engine: Engine, files: Path, kind: str) -> None:
    rest = given(files, *(k for k in KINDS if k != kind))
    without, beside = make(tiny_engine, **rest), make(tiny_engine, **rest, **given(files, kind))
    assert without.samples.tobytes() != beside.samples.tobytes()


def test_pictures_alone_lead_to_different_music(tiny_engine: Engine, files: Path) -> None:
    clips = [make(tiny_engine, images=(files / name,)) for name in ("a.png", "b.jpg", "a.png")]
    first, second, third = (clip.samples.tobytes() for clip in clips)
    assert first == third
    assert first != second
    assert clips[0].retrieved != clips[1].retrieved


def test_the_order_of_pictures_is_nothing(tiny_engine: Engine, files: Path) -> None:
    names = (files / "a.png", files / "b.jpg")
    one, other = make(tiny_engine, images=names), make(tiny_engine, images=names[::-1])
    assert one.retrieved == other.retrieved
    np.testing.assert_allclose(one.samples, other.samples, atol=1e-3)


def test_no_strength_is_no_picture(tiny_engine: Engine, files: Path) -> None:
    wish = given(files, "prompt", "audio")
    pictures = given(files, "images")
    plain = make(tiny_engine, **wish).samples.tobytes()
    assert make(tiny_engine, **wish, **pictures, image_strength=0.0).samples.tobytes() == plain
    made = [
        make(tiny_engine, **wish, **pictures, image_strength=strength).samples.tobytes()
        for strength in (0.5, 1.0, None, 2.0)
    ]
    assert made[1] == made[2]
    assert len({plain, *made}) == 4


@pytest.mark.parametrize("strength", [5e-324, 1e-9, 2.0])
def test_a_picture_alone_finds_its_melody_at_any_strength(
    tiny_engine: Engine, files: Path, strength: float
) -> None:
    alone = make(tiny_engine, **given(files, "images")).retrieved
    found = make(tiny_engine, **given(files, "images"), image_strength=strength).retrieved
    assert [melody.title for melody in found] == [melody.title for melody in alone]


def test_receipts_name_files_but_not_their_place(tiny_engine: Engine, files: Path) -> None:
    clip = make(tiny_engine, **given(files, *KINDS))
    asked = clip.receipt["request"]
    assert [image["name"] for image in asked["images"]] == ["a.png", "b.jpg"]
    assert asked["video"]["name"] == "film.mp4"
    assert asked["video"]["frames"][0] == 0.0
    assert len({len(asked[kind]["sha256"]) for kind in ("video", "audio", "hum")} | {64}) == 1
    assert asked["image_strength"] == 1.0
    assert [row[2] for row in asked["melody"]][:2] == [60, 64]
    assert str(files) not in json.dumps(clip.receipt)


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
    sight = see_film(tiny_engine.sessions, film, lambda text: np.eye(1, 32, len(text) % 32, "f"))
    assert np.linalg.norm(sight.embedding) == pytest.approx(1.0, abs=1e-6)
    assert len(sight.levels) == len(film.levels)
    assert any(sight.picture is look.image for look in film.frames)


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


def test_the_caption_adapter_can_take_prompts(
    tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make(tiny_engine, prompt="calm piano")
    monkeypatch.setattr(query, "ADAPTS_PROMPT", True)
    adapted = make(tiny_engine, prompt="calm piano")
    assert plain.samples.tobytes() != adapted.samples.tobytes()


@pytest.mark.parametrize("kind", ["images", "video", "hum"])
def test_packs_that_lack_the_graphs_say_so(
    request: pytest.FixtureRequest, blind: Engine, files: Path, kind: str
) -> None:
    engines = [blind, *(request.getfixturevalue(name) for name in ("mg2", "audioldm"))]
    for engine in engines:
        with pytest.raises(RequestError, match=engine.pack.spec.id) as refusal:
            make(engine, prompt="calm piano", **given(files, kind))
        assert refusal.value.hint


def test_packs_that_lack_the_graphs_still_play(blind: Engine, files: Path) -> None:
    for kinds in (("prompt",), ("story",), ("audio",), ("prompt", "story", "audio")):
        assert np.isfinite(make(blind, **given(files, *kinds)).samples).all()


def test_command(capsys: Capture, tiny_pack: Path, files: Path, tmp_path: Path) -> None:
    words = ["generate", "--image", str(files / "a.png"), str(files / "b.jpg"), "--image-strength",
             "0.7", "--video", str(files / "film.mp4"), "--hum", str(files / "hum.wav"), "--pack",
             str(tiny_pack), "-o", str(tmp_path / "a.wav"), "--json"]  # fmt: skip
    assert main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["seconds"] == pytest.approx(2.0)
    inputs = report["inputs"]
    assert [image["name"] for image in inputs["images"]] == ["a.png", "b.jpg"]
    assert inputs["video"]["frames"]
    assert inputs["hum"]["name"] == "hum.wav"
