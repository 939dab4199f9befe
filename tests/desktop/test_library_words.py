"""Names, titles, tags and requests, whatever is put in."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from descant.desktop.library.peaks import COLUMNS, outline
from descant.desktop.library.request_json import request_from_json, request_to_json
from descant.desktop.library.rows import MAX_TAG, MAX_TAGS, clean_tags
from descant.desktop.library.take_files import file_name
from descant.desktop.library.titles import clean_title, title_of
from descant.runtime import Key, Note, Request

SPANS = st.tuples(st.floats(0, 5), st.floats(6, 9))
NOTES = st.lists(
    st.builds(Note, st.floats(0, 99), st.floats(0.1, 9), st.integers(21, 108), st.integers(1, 127)),
    min_size=1,
    max_size=5,
).map(lambda notes: tuple(sorted(notes)))


@given(st.text(), st.integers(1, 10**6))
def test_a_name_is_one_that_every_system_takes(title: str, number: int) -> None:
    name = file_name(title, number) + ".wav"
    assert len(f".{name[:80]}.0123456789ab.part".encode()) < 200
    assert PurePosixPath(name).name == name
    assert PureWindowsPath(name).name == name
    assert not set('<>:"/\\|?*') & set(name)
    assert name == name.strip(" .")
    assert name.isprintable()


@given(st.text())
def test_titles_are_on_one_line(text: str) -> None:
    title = clean_title(text)
    assert title == clean_title(title)
    assert len(title) <= 200
    assert title.isprintable()
    assert title_of({"prompt": text})


@given(st.lists(st.text(), max_size=40))
def test_tags_are_few_short_and_in_order(tags: list[str]) -> None:
    found = clean_tags(tags)
    assert found == clean_tags(found)
    assert len(found) <= MAX_TAGS
    assert all(tag and len(tag) <= MAX_TAG and tag.isprintable() for tag in found)
    assert len({tag.casefold() for tag in found}) == len(found)


@given(
    prompt=st.text(min_size=1, max_size=40).filter(str.strip),
    seed=st.none() | st.integers(0, 2**63 - 1),
    key=st.none() | st.builds(Key, st.integers(0, 11), st.sampled_from(["major", "minor"])),
    melody=st.none() | NOTES,
    edit=st.none() | SPANS,
    levels=st.lists(st.floats(0, 1), max_size=4).map(tuple),
)
def test_a_request_comes_back_from_json(
    prompt: str,
    seed: int | None,
    key: Key | None,
    melody: tuple[Note, ...] | None,
    edit: tuple[float, float] | None,
    levels: tuple[float, ...],
) -> None:
    init = None if edit is None else str(Path("/music/a.wav").absolute())
    request = Request(
        prompt, seed=seed, key=key, melody=melody, init=init, inpaint=edit, intensity=levels
    )
    assert request_from_json(json.loads(json.dumps(request_to_json(request)))) == request


VALUES = st.none() | st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=3)


@given(st.dictionaries(st.sampled_from(["prompt", "seed", "melody", "images", "x", "key"]), VALUES))
def test_any_json_makes_a_request_or_none(values: dict[str, object]) -> None:
    found = request_from_json(values)
    assert found is None or isinstance(found, Request)


@given(st.integers(0, 400), st.integers(1, 2))
def test_an_outline_has_as_many_columns_as_ever(count: int, channels: int) -> None:
    samples = np.random.default_rng(count).uniform(-1, 1, (channels, count)).astype(np.float32)
    levels = outline(samples)
    assert len(levels) == COLUMNS
    loudest = float(np.abs(samples).max()) if count else 0.0
    assert abs(max(levels) - loudest * 255) <= 1
