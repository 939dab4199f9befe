"""Steps from pictures to words for music: who is asked, what is kept, how much is said."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime.captions import (
    MAX_CHARACTERS,
    Caption,
    MusicPrompt,
    Scene,
    Sight,
    merge_captions,
    one_line,
    shortened,
)
from descant.runtime.chain import take_steps
from descant.runtime.errors import RequestError
from descant.runtime.request import Request

PIXELS = np.zeros((2, 2, 3), np.uint8)


class Teller:
    """Says of each picture what its name is."""

    name = "teller"

    def __init__(self, suffices: bool) -> None:
        self.suffices = suffices
        self.asked = 0

    def captions(self, sights: Sequence[Sight]) -> tuple[Caption, ...]:
        self.asked += 1
        return tuple(Caption(s.name, s.second, f"{s.name}.", 0.5) for s in sights)


class Echo:
    """Plays what it is told."""

    name = "echo"

    def __init__(self) -> None:
        self.scenes: list[Scene] = []

    def music_prompt(self, scene: Scene) -> MusicPrompt:
        self.scenes.append(scene)
        return MusicPrompt(f"music of {scene.description}")


def captions(*texts: str) -> list[Caption]:
    return [Caption("film.mp4", float(i), text, 0.1) for i, text in enumerate(texts)]


def test_nothing_edited_takes_every_step() -> None:
    sights = [Sight("sea", PIXELS), Sight("shore", PIXELS), Sight("sea", PIXELS, 2.0)]
    bridge = Echo()
    found = take_steps(Request(prompt="loud", story="A day."), sights, Teller(True), bridge)
    assert [c.text for c in found.captions] == ["sea.", "shore.", "sea."]
    assert found.description == "sea; shore"
    assert found.music_prompt == "music of sea; shore"
    assert (found.captioner, found.bridge, found.edited) == ("teller", "echo", ())
    (scene,) = bridge.scenes
    assert (scene.prompt, scene.story, scene.sights) == ("loud", "A day.", ())
    plain = found.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["captions"][2] == {"name": "sea", "second": 2.0, "text": "sea.", "score": 0.5}


def test_pictures_are_shown_to_the_bridge_where_words_say_too_little() -> None:
    bridge = Echo()
    take_steps(Request(prompt="x"), [Sight("sea", PIXELS)], Teller(False), bridge)
    assert len(bridge.scenes[0].sights) == 1


def test_own_caption_stands_for_all_pictures() -> None:
    teller, bridge = Teller(False), Echo()
    request = Request(caption="a\nquiet lake")
    found = take_steps(request, [Sight("sea", PIXELS)], teller, bridge)
    assert teller.asked == 0
    assert bridge.scenes[0].sights == ()
    assert found.description == "a quiet lake"
    assert found.music_prompt == "music of a quiet lake"
    assert found.edited == ("caption",)


def test_own_music_prompt_asks_nobody() -> None:
    teller, bridge = Teller(True), Echo()
    request = Request(music_prompt="slow harp", caption="a lake")
    found = take_steps(request, [Sight("sea", PIXELS)], teller, bridge)
    assert (teller.asked, bridge.scenes) == (0, [])
    assert (found.music_prompt, found.description) == ("slow harp", "a lake")
    assert found.edited == ("caption", "music_prompt")
    assert (found.captioner, found.bridge) == ("", "")


def test_nothing_to_explain_is_refused() -> None:
    with pytest.raises(RequestError, match="no picture, film or story"):
        take_steps(Request(prompt="only words"), [], Teller(True), Echo())


def test_what_is_seen_most_stays_when_there_is_too_much() -> None:
    long = [f"scene {i} " + "x" * 60 for i in range(4)]
    merged = merge_captions(captions(long[0], long[1], long[2], long[3], long[3].upper()))
    assert long[3] in merged
    assert merged.index(long[0]) < merged.index(long[3])
    assert long[2] not in merged
    assert len(merged) <= MAX_CHARACTERS


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), max_size=8))
def test_descriptions_are_short_whatever_captions_say(texts: list[str]) -> None:
    merged = merge_captions(captions(*texts))
    assert len(merged) <= MAX_CHARACTERS
    assert merged == one_line(merged)
    if any(one_line(text).strip(" .,;:-!?") for text in texts):
        assert merged


@settings(deadline=None)
@given(st.text(max_size=500))
def test_shortened_is_a_beginning_in_one_line(text: str) -> None:
    cut = shortened(text)
    assert len(cut) <= MAX_CHARACTERS
    assert one_line(text).startswith(cut)
    cut.encode("utf-8")
    assert "\n" not in cut


def test_shortened_prefers_whole_sentences_then_whole_words() -> None:
    assert shortened("One two three. Four five six seven", 20) == "One two three."
    assert shortened("One. Two three four five", 20) == "One. Two three four"
    assert shortened("x" * 300) == "x" * MAX_CHARACTERS
