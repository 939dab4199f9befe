"""Stories: split, pooled, and what they do to the music."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.story_windows import WINDOW_WORDS, split_story
from descant.runtime import Engine, Request
from descant.runtime.cli import main
from descant.runtime.pieces import Pieces, drain, ready
from descant.runtime.story import MAX_WINDOWS, read_story
from tests.runtime.cli_helpers import Capture, refused


def test_sentences_stay_whole() -> None:
    first, second = "It " + "rained " * 24 + "on.", "We " + "walked " * 20 + "home!"
    assert split_story(f"{first} {second}") == (first, second)
    assert split_story("It rained.\nWe left. “Why?” he said.") == (
        "It rained. We left. “Why?” he said.",
    )


@given(st.text(max_size=400).filter(lambda text: text.strip()))
def test_no_word_is_lost(text: str) -> None:
    windows = split_story(text)
    assert "".join(windows).replace(" ", "") == "".join(text.split())
    assert all(0 < len(window.split()) <= WINDOW_WORDS for window in windows)


@given(st.lists(st.integers(1, 130), min_size=1, max_size=20))
def test_windows_are_full_but_never_too_full(lengths: list[int]) -> None:
    text = " ".join(" ".join(["rain"] * n) + "." for n in lengths)
    windows = split_story(text)
    assert " ".join(windows) == text
    sizes = [len(window.split()) for window in windows]
    assert max(sizes) <= WINDOW_WORDS
    assert all(a + b > WINDOW_WORDS / 2 for a, b in pairwise(sizes))


def test_the_gist_is_nearest_to_the_mean() -> None:
    axes = {"sea": (1.0, 0.0), "fog": (0.9, 0.1), "war": (0.0, 1.0)}
    windows = [" ".join([word] * WINDOW_WORDS) + "." for word in axes]
    story = drain(
        read_story(" ".join(windows), lambda text: ready(np.array(axes[text[:3]], np.float32)))
    )
    assert story.gist.startswith("fog")
    assert np.linalg.norm(story.embedding) == pytest.approx(1.0, abs=1e-6)
    assert story.embedding[0] > story.embedding[1] > 0


@given(st.text(min_size=1, max_size=500).filter(lambda text: text.strip()), st.integers(1, 60))
def test_what_does_not_fit_is_cut_and_none_of_it_lost(text: str, room: int) -> None:
    read: list[str] = []

    def encode(window: str) -> Pieces[NDArray[np.float32]]:
        read.append(window)
        return ready(np.ones(2, np.float32))

    story = drain(read_story(text, encode, fits=lambda window: len(window) <= room))
    assert story.is_whole or len(read) == MAX_WINDOWS
    assert all(0 < len(window) <= room for window in read)
    assert "".join(text.split()).startswith("".join("".join(read).split()))
    if story.is_whole:
        assert "".join("".join(read).split()) == "".join(text.split())


def test_windows_that_fit_stay_as_they_are() -> None:
    text = "The rain fell on the old town. " * 40
    read: list[str] = []

    def encode(window: str) -> Pieces[NDArray[np.float32]]:
        read.append(window)
        return ready(np.ones(2, np.float32))

    drain(read_story(text, encode, fits=lambda window: len(window.split()) <= WINDOW_WORDS))
    assert tuple(read) == split_story(text)


def test_the_end_of_a_story_without_spaces_is_read(tiny_engine: Engine) -> None:
    stories = ["\u96e8" * 200 + f" {end}" for end in ("slow guitar", "fast drums", "")]
    clips = [tiny_engine.generate(Request(story=s, seconds=1, seed=0)) for s in stories]
    assert len({clip.samples.tobytes() for clip in clips}) == 3
    told = [any("no word of the story" in text for text in clip.warnings) for clip in clips]
    assert told == [False, False, True]


def test_a_story_that_is_far_too_long_says_so(tiny_engine: Engine) -> None:
    clip = tiny_engine.generate(Request(story="\u96e8" * 39_000, seconds=1, seed=0))
    assert any("the story is long" in text for text in clip.warnings)


def test_a_story_alone_leads_the_music(tiny_engine: Engine) -> None:
    stories = ("a calm rain. " * 30, "a fast dance. " * 30, "a calm rain. " * 30)
    clips = [tiny_engine.generate(Request(story=s, seconds=1, seed=0)) for s in stories]
    first, second, third = (clip.samples.tobytes() for clip in clips)
    assert first == third
    assert first != second
    assert clips[0].receipt["request"]["story"] == stories[0]


def test_a_story_gives_no_orders(tiny_engine: Engine) -> None:
    clip = tiny_engine.generate(Request(prompt="calm piano", story="It was 280 bpm.", seconds=1))
    assert clip.sheet is not None
    assert clip.sheet.tempo_bpm != 280


def test_a_story_of_4000_words(tiny_engine: Engine) -> None:
    clip = tiny_engine.generate(Request(story="the rain fell. " * 1333, seconds=1, seed=0))
    assert np.isfinite(clip.samples).all()


@pytest.mark.parametrize("family", ["mg2", "audioldm"])
def test_latent_diffusion_reads_too(request: pytest.FixtureRequest, family: str) -> None:
    engine: Engine = request.getfixturevalue(family)
    clips = [
        engine.generate(Request(prompt="piano", story=story, seconds=1, seed=0, steps=2))
        for story in ("rain fell", "")
    ]
    assert clips[0].samples.tobytes() != clips[1].samples.tobytes()


def test_command(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("\ufeffIt was raining in the calm.", encoding="utf-8")
    outputs = []
    for given_as in (f"@{story}", "It was raining in the calm."):
        target = tmp_path / "a.wav"
        arguments = ["generate", "--story", given_as, "-o", str(target), "--seed", "1"]
        assert main([*arguments, "--pack", str(tiny_pack), "--seconds", "1"]) == 0
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(
    ("content", "mention"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"so " * 4001, "4001"),
        (b"x" * 200_000, "limit"),
    ],
)
def test_hostile_stories(
    capsys: Capture, words: list[str], tmp_path: Path, content: bytes, mention: str
) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    refused(capsys, [*words, "--story", f"@{tmp_path / 'bad.txt'}"], "story", mention)


@pytest.mark.parametrize("name", ["no.txt", ".", ""])
def test_no_story_file(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    refused(capsys, [*words, "--story", f"@{tmp_path / name}"], "story")
