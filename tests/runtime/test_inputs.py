"""Requests by pictures, films and humming, in any mix with the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")

from descant.runtime import Engine, RequestError, query
from descant.runtime.cli import main
from tests.runtime.cli_helpers import Capture
from tests.runtime.wishes import given, make

KINDS = ("prompt", "story", "images", "video", "audio", "hum")
SUBSETS = [kinds for n in range(1, len(KINDS) + 1) for kinds in combinations(KINDS, n)]


@pytest.fixture(scope="module")
def blind(blind_pack: Path) -> Iterator[Engine]:
    with Engine.open(blind_pack, threads=1) as engine:
        yield engine


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
