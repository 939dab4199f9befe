"""Requests that come from takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from descant.desktop.actions import (
    PackView,
    continue_take,
    more_like_this,
    obstacle,
    replace_region,
    vary,
)
from descant.desktop.library import Library, TakeRecord
from descant.runtime import Request, RequestError
from tests.desktop.takes import make_clip

ALL = PackView("tiny", frozenset({"words", "sound", "edit"}))
PLAIN = PackView("other", frozenset({"words"}))
LATENT = PackView("audioldm-s", frozenset({"words", "sound", "edit"}), "audioldm")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Return an empty library."""
    found = Library(tmp_path / "music")
    yield found
    found.close()


def kept(library: Library, **wishes: Any) -> TakeRecord:
    """Return a take."""
    return library.add(make_clip(seconds=4.0, **wishes))


def test_more_like_this(library: Library) -> None:
    take = kept(library, steps=3, tempo_bpm=90, key="D minor", count=2)
    request = more_like_this(take, ALL)
    assert request == Request(
        prompt="calm piano in the rain",
        audio=take.path,
        seconds=4.0,
        steps=3,
        tempo_bpm=90,
        key="D minor",
    )
    assert request.seed is None
    deaf = more_like_this(take, PLAIN)
    assert (deaf.audio, deaf.prompt, deaf.steps) == (None, take.prompt, None)


def test_vary_keeps_words_and_leaves_the_rest_to_the_take(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    images = (tmp_path / "a.png", tmp_path / "gone.png")
    notes = make_clip(notes=True).notes
    take = kept(library, tempo_bpm=90, melody=notes, images=images, image_strength=0.5)
    assert vary(take, ALL, 0.3) == Request(
        prompt="calm piano in the rain",
        init=take.path,
        strength=0.3,
        images=(str(tmp_path / "a.png"),),
        image_strength=0.5,
    )


def test_files_that_are_gone_are_left_out(library: Library, tmp_path: Path) -> None:
    take = kept(library, images=(tmp_path / "gone.png",), image_strength=0.5)
    assert vary(take).images == ()
    assert more_like_this(take).image_strength is None


def test_continue(library: Library) -> None:
    take = kept(library, key="D minor")
    request = continue_take(take, ALL)
    assert request == Request(prompt=take.prompt, continues=take.path, seconds=4.0)
    assert continue_take(take, ALL, 9.0).seconds == 9.0


def test_replace_a_region(library: Library) -> None:
    take = kept(library)
    request = replace_region(take, (3.0, 1.5), ALL)
    assert request == Request(prompt=take.prompt, init=take.path, inpaint=(1.5, 3.0))
    assert replace_region(take, (-1.0, 99.0)).inpaint == (0.0, 4.0)
    with pytest.raises(RequestError, match="has to be"):
        replace_region(take, (5.0, 6.0))


def test_a_take_of_a_variation_is_no_variation_of_its_parent(library: Library) -> None:
    first = kept(library)
    second = library.add(make_clip(init=first.path, strength=0.5), parent=first.id)
    request = more_like_this(second, ALL)
    assert (request.init, request.strength, request.audio) == (None, None, second.path)


def test_what_is_in_the_way(library: Library) -> None:
    take = kept(library)
    silent = library.add(make_clip("", melody=make_clip(notes=True).notes))
    gone = dataclasses.replace(take, missing=True)
    assert [obstacle(a, take, ALL) for a in ("more", "vary", "continue", "replace")] == [None] * 4
    assert [obstacle(a, take, None) for a in ("more", "vary", "continue", "replace")] == [None] * 4
    assert obstacle("vary", gone, ALL) == "file"
    assert obstacle("replace", take, PLAIN) == "edit"
    assert obstacle("more", take, PLAIN) is None
    assert obstacle("more", silent, PLAIN) == "nothing"
    assert obstacle("continue", take, LATENT) == "continue"
    assert obstacle("vary", take, LATENT) is None


def test_a_take_without_a_request_has_its_words_at_least(library: Library) -> None:
    take = dataclasses.replace(kept(library), request_json="{}")
    assert more_like_this(take, ALL).prompt == take.prompt
    assert vary(take, ALL).prompt == take.prompt
