"""Pictures to words to music on the tiny pack, in Python and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from descant.models.theory.scene_words import MUSIC_TAGS, SCENE_PHRASES
from descant.runtime import Engine, Request, RequestError, explain
from descant.runtime.chain import spoken
from descant.runtime.cli import main
from descant.runtime.film import read_film
from tests.runtime.cli_helpers import refused
from tests.runtime.films import write_film
from tests.runtime.tiny_language import write_language_model

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return three pictures, two of which are alike."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    red, blue = np.zeros((2, 8, 8, 3), np.uint8)
    red[:4, :, 0], blue[4:, :, 2] = 255, 255
    for i, shown in enumerate((red, blue, red)):
        path = folder / f"{i}.png"
        Image.fromarray(shown).resize((256, 256), Image.Resampling.NEAREST).save(path)
        paths.append(str(path))
    return paths


def test_every_step_of_a_picture(tiny_engine: Engine, pictures: list[str]) -> None:
    found = explain(tiny_engine, Request(images=tuple(pictures)))
    assert [caption.name for caption in found.captions] == ["0.png", "1.png", "2.png"]
    assert found.captions[0].text == found.captions[2].text != found.captions[1].text
    for caption in found.captions:
        assert any(caption.text.startswith(place) for place in SCENE_PHRASES["places"])
    first, second = (caption.text for caption in found.captions[:2])
    assert found.description == f"{first}; {second}"
    assert [tag.kind for tag in found.tags] == list(MUSIC_TAGS)
    assert all(tag.word in found.music_prompt for tag in found.tags)
    assert found.edited == ()
    assert explain(tiny_engine, Request(images=tuple(pictures))) == found


def test_each_step_can_be_changed(tiny_engine: Engine, pictures: list[str]) -> None:
    given = (pictures[0],)
    plain = explain(tiny_engine, Request(images=given))
    mended = explain(tiny_engine, Request(images=given, caption="dance music and drums"))
    other = explain(tiny_engine, Request(images=given, caption="sad guitar in the rain"))
    assert mended.description == "dance music and drums"
    assert mended.edited == ("caption",)
    assert len({plain.music_prompt, mended.music_prompt, other.music_prompt}) > 1
    own = explain(tiny_engine, Request(images=given, music_prompt="loud rock"))
    assert (own.music_prompt, own.edited, own.captions) == ("loud rock", ("music_prompt",), ())


def test_a_story_has_a_chain_too(tiny_engine: Engine) -> None:
    found = explain(tiny_engine, Request(story="Rain fell on the dark guitar. Slow and sad."))
    assert (found.captions, found.description) == ((), "")
    assert found.music_prompt
    with pytest.raises(RequestError, match="no picture, film or story"):
        explain(tiny_engine, Request(prompt="calm piano"))


def test_a_film_is_described_picture_by_picture(tiny_engine: Engine, tmp_path: Path) -> None:
    film = read_film(write_film(tmp_path / "a.mp4"))
    found = explain(tiny_engine, Request(video=film))
    assert len(found.captions) == len(film.frames)
    assert [c.second for c in found.captions] == [look.second for look in film.frames]
    assert found == explain(tiny_engine, Request(video=film.path))


def test_a_clips_request_with_a_caption_makes_it_again(tiny_engine: Engine) -> None:
    clip = tiny_engine.generate(Request(prompt="calm piano", caption="rain", seconds=1, seed=0))
    again = tiny_engine.generate(clip.request)
    assert again.samples.tobytes() == clip.samples.tobytes()
    assert again.request == clip.request
    assert again.receipt == clip.receipt


def test_a_caption_stays_for_the_image_branch(tiny_engine: Engine) -> None:
    space = tiny_engine.on_device(lambda pipeline: pipeline.space)
    assert spoken(Request(prompt="calm piano", caption="rain"), space).caption == "rain"


def test_the_words_act_as_a_part_of_the_prompt(tiny_engine: Engine, pictures: list[str]) -> None:
    space = tiny_engine.on_device(lambda pipeline: pipeline.space)
    asked = Request(prompt="calm piano", music_prompt="dark  rock\n", seconds=1.0, seed=3)
    assert spoken(asked, space).prompt == "calm piano, dark rock"
    assert spoken(Request(music_prompt="dark rock"), space).prompt == "dark rock"
    plain = Request(prompt="calm piano", images=(pictures[0],))
    assert spoken(plain, space) is plain
    words = explain(tiny_engine, Request(caption="rain", prompt="calm piano")).music_prompt
    worded = spoken(Request(prompt="calm piano", caption="rain"), space)
    assert worded.prompt == f"calm piano, {words}"
    made = tiny_engine.generate(asked)
    same = tiny_engine.generate(Request(prompt="calm piano, dark rock", seconds=1.0, seed=3))
    other = tiny_engine.generate(Request(prompt="calm piano", seconds=1.0, seed=3))
    assert np.array_equal(made.samples, same.samples)
    assert not np.array_equal(made.samples, other.samples)
    assert made.receipt["request"]["prompt"] == "calm piano, dark rock"


def test_a_pack_without_eyes(blind_pack: Path, audioldm: Engine, pictures: list[str]) -> None:
    with Engine.open(blind_pack, threads=1) as blind:
        for engine in (blind, audioldm):
            with pytest.raises(RequestError, match="can't see") as caught:
                explain(engine, Request(images=(pictures[0],)))
            assert caught.value.hint
            assert explain(engine, Request(caption="rain in a forest")).music_prompt


def test_explain_prints_the_chain(tiny_pack: Path, pictures: list[str], capsys: Capture) -> None:
    words = ["explain", "--pack", str(tiny_pack), "--image", *pictures[:2]]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["0.png", "1.png"]
    assert lines[2].startswith("description (nearest phrases): ")
    assert lines[3].startswith("music prompt (nearest phrases): ")
    assert lines[4].startswith("  mood ")
    assert main([*words, "--json", "--caption", "rain"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["description"] == "rain"
    assert report["edited"] == ["caption"]
    assert main([*words, "--music-prompt", "slow jazz"]) == 0
    assert capsys.readouterr().out == "music prompt (yours): slow jazz\n"
    refused(capsys, ["explain", "--pack", str(tiny_pack)], "prompt is empty")


def test_generate_shows_the_chain_and_plays_it(
    words: list[str], pictures: list[str], capsys: Capture, tmp_path: Path
) -> None:
    seen = [*words, "--seed", "1", "--image", pictures[0], "--explain"]
    assert main(seen) == 0
    printed = capsys.readouterr().out
    assert "music prompt (nearest phrases): " in printed
    assert printed.index("music prompt") < printed.index("a.wav")
    with_words = (tmp_path / "a.wav").read_bytes()
    assert main([*seen[:-1], "--json"]) == 0
    assert "explanation" not in json.loads(capsys.readouterr().out)
    assert (tmp_path / "a.wav").read_bytes() != with_words
    assert main([*seen, "--json"]) == 0
    assert "music_prompt" in json.loads(capsys.readouterr().out)["explanation"]


def test_a_language_model_bridges(
    words: list[str], pictures: list[str], capsys: Capture, tmp_path: Path
) -> None:
    pytest.importorskip("onnxruntime_genai", reason="onnxruntime-genai is not installed")
    model = write_language_model(tmp_path / "model")
    chosen = ["--image", pictures[0], "--bridge-model", str(model), "--json"]
    assert main([*words, *chosen]) == 0
    report = json.loads(capsys.readouterr().out)["explanation"]
    assert report["bridge"] == "model 'model'"
    assert 0 < len(report["music_prompt"]) <= 200
    refused(capsys, [*words, "--image", pictures[0], "--bridge-model", str(tmp_path)], "bridge")
    refused(capsys, [*words, "--image", pictures[0], "--captioner", str(tmp_path)], "captioner")


def test_pictures_reach_a_pack_without_eyes_as_words(
    tiny_audioldm: Path, pictures: list[str], capsys: Capture, tmp_path: Path
) -> None:
    target = str(tmp_path / "a.wav")
    words = ["generate", "-o", target, "--pack", str(tiny_audioldm), "--steps", "2", "--seed", "1"]
    seen = [*words, "--image", pictures[0], "--caption", "rain in a forest"]
    refused(capsys, seen, "can't see")
    assert main([*seen, "--explain", "--json"]) == 0
    prompt = json.loads(capsys.readouterr().out)["explanation"]["music_prompt"]
    with_picture = Path(target).read_bytes()
    assert main([*words, "--music-prompt", prompt]) == 0
    assert Path(target).read_bytes() == with_picture
