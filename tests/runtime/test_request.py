"""A request refuses what can't be, with the field, the value and the limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from descant.models.spec import DefaultsSpec, LimitsSpec
from descant.models.theory.notes import Key, Note
from descant.runtime.errors import DescantError, RequestError
from descant.runtime.request import MAX_SEED, Request

BAD: list[tuple[str, Any]] = [
    *[("seconds", v) for v in (0, -1, math.nan, math.inf, 1e9, 600.1, 0.5, True, "10")],
    *[("tempo_bpm", v) for v in (5, 0, -120, math.nan, 1e6)],
    *[("guidance_scale", v) for v in (math.nan, -1, math.inf, 1e3)],
    *[("melody_strength", v) for v in (-0.1, 1.1, math.nan)],
    *[("steps", v) for v in (0, -1, 1.5, 10**6, True)],
    *[("count", v) for v in (0, -1, 10**9, None)],
    *[("seed", v) for v in (-1, 2**63, 0.5, True)],
    *[("key", v) for v in ("H#", "", "D mijor", "#", 3, "C major minor")],
    *[("melody", v) for v in ((), (1, 2), (Note(0, -1, 60),), (Note(0, 1, 200),), "")],
    *[("melody", (Note(start, 1, 60),)) for start in (-1.0, math.nan, math.inf)],
    ("prompt", 7),
    ("negative_prompt", None),
    ("story", 7),
    ("story", "word " * 4001),
    ("story", "x" * 40_001),
    *[(field, v) for field in ("audio", "hum", "video") for v in ("", 7)],
    *[("images", v) for v in ("a.png", None, (None,), ("",), (7,), ("a.png",) * 33)],
    *[("image_strength", v) for v in (-0.1, 2.1, math.nan, "1")],
    ("caption", 7),
    ("music_prompt", None),
    *[("intensity", v) for v in (0.5, (0.5, 1.1), (-0.1,), (math.nan,), (None,), (0.5,) * 10_001)],
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=[f"{f}={v!r:.20}" for f, v in BAD])
def test_refused(field: str, value: Any) -> None:
    wish: dict[str, Any] = {"prompt": "calm piano", field: value}
    with pytest.raises(RequestError, match=field) as refused:
        Request(**wish)
    assert isinstance(refused.value, ValueError)
    assert isinstance(refused.value, DescantError)


@pytest.mark.parametrize("prompt", ["", "  \n"])
def test_nothing_asked(prompt: str) -> None:
    with pytest.raises(RequestError, match="no melody"):
        Request(prompt=prompt)
    assert Request(prompt=prompt, melody="a.mid").melody == "a.mid"
    assert Request(prompt=prompt, audio="a.wav").audio == "a.wav"
    assert Request(prompt=prompt, story="once").story == "once"
    for wish in ({"images": ("a.png",)}, {"video": "a.mp4"}, {"hum": "a.wav"}):
        assert Request(prompt=prompt, **wish)
    with pytest.raises(RequestError, match="no melody"):
        Request(prompt=prompt, images=("a.png",), image_strength=0)


def test_there_is_one_tune() -> None:
    with pytest.raises(RequestError, match="hum and melody"):
        Request(hum="a.wav", melody="a.mid")


def test_a_long_story_is_refused_with_its_length() -> None:
    with pytest.raises(RequestError, match=r"4321 words, the limit is 4000"):
        Request(story="so " * 4321)


def test_keys_are_parsed_and_notes_sorted() -> None:
    request = Request(prompt="x", key="bb minor", melody=(Note(1, 1, 62), Note(0, 1, 60)))
    assert request.asked_key == Key(10, "minor")
    assert request.melody == (Note(0, 1, 60), Note(1, 1, 62))


def test_numpy_numbers_are_numbers() -> None:
    request = Request(prompt="x", seconds=np.float32(2), steps=np.int64(4), seed=np.int64(3))  # type: ignore[arg-type]
    settled = request.settle(DefaultsSpec(), LimitsSpec())
    assert (settled.seconds, settled.steps, request.first_seed()) == (2.0, 4, 3)


def test_defaults_fill_the_gaps_and_zero_is_a_value() -> None:
    defaults = DefaultsSpec(seconds=7.0, steps=9, guidance_scale=3.0, melody_strength=0.5)
    settled = Request(prompt="x", guidance_scale=0.0, melody_strength=0.0).settle(
        defaults, LimitsSpec()
    )
    assert (settled.seconds, settled.steps) == (7.0, 9)
    assert (settled.guidance_scale, settled.melody_strength) == (0.0, 0.0)
    assert Request(prompt="x", seed=0).first_seed() == 0


@pytest.mark.parametrize(
    "wish", [{"seconds": 31.0}, {"steps": 51}, {"guidance_scale": 5.5}, {"count": 3}]
)
def test_limits_of_the_pack(wish: dict[str, Any]) -> None:
    limits = LimitsSpec(1.0, 30.0, 50, 5.0, 2)
    with pytest.raises(RequestError, match=next(iter(wish))):
        Request(prompt="x", **wish).settle(DefaultsSpec(), limits)


def test_seed_leaves_room_for_the_count() -> None:
    assert Request(prompt="x", seed=MAX_SEED).seed == MAX_SEED
    with pytest.raises(RequestError, match="seed"):
        Request(prompt="x", seed=MAX_SEED, count=2)
