"""Tempo, key and metre in a prompt's words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.theory.notes import PITCH_NAMES, Key
from descant.models.theory.words import TEMPO_WORDS
from descant.models.tokenizer import Tokenizer
from descant.runtime.prompt import read_prompt
from tests.make_tiny_pack import WORDS


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("calm piano, 120 bpm", 120.0),
        ("calm piano at 95bpm", 95.0),
        ("a 128-bpm banger", 128.0),
        ("72.5 BPM strings", 72.5),
        ("100 beats per minute", 100.0),
        ("tempo 140, drums", 140.0),
        ("at a tempo of 66", 66.0),
        ("a song from 1985", None),
        ("5 bpm drone", None),
        ("9999 bpm", None),
        ("slow piano", None),
    ],
)
def test_tempo_number(text: str, tempo: float | None) -> None:
    assert read_prompt(text).tempo_bpm == tempo


def test_tempo_out_of_range_is_said() -> None:
    assert "5 bpm" in read_prompt("a drone at 5 bpm").warnings[0]


@pytest.mark.parametrize("word", TEMPO_WORDS)
def test_tempo_word(word: str) -> None:
    assert read_prompt(f"{word.upper()} piano").tempo_range == TEMPO_WORDS[word]
    assert read_prompt(f"{word} piano at 90 bpm").tempo_range is None
    assert read_prompt(f"un{word}ly piano").tempo_range is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sad strings in D minor", "D minor"),
        ("F# major, bright", "F# major"),
        ("in F sharp minor", "F# minor"),
        ("Bb major swing", "Bb major"),
        ("e flat major", "Eb major"),
        ("in C♯ minor", "C# minor"),
        ("piano in a minor", "A minor"),
        ("piano in a minor, slow", "A minor"),
        ("piano in A minor key", "A minor"),
        ("in Am", "A minor"),
        ("in F#m at 90 bpm", "F# minor"),
        ("the key of G", "G major"),
        ("key of b flat", "Bb major"),
        ("Cmaj pads in Dmin", "C major"),
        ("piano in a minor key", None),
        ("a major hit", None),
        ("with a minor feel", None),
        ("in A world of snow", None),
        ("calm piano", None),
        ("the problem major", None),
        ("I'd a minor worry", None),
    ],
)
def test_key(text: str, key: str | None) -> None:
    found = read_prompt(text).key
    assert (None if found is None else str(found)) == key


@pytest.mark.parametrize("name", PITCH_NAMES)
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_every_key_is_read_back(name: str, mode: str) -> None:
    text = f"warm pads in {name} {mode}, 100 bpm"
    assert read_prompt(text).key == Key.parse(f"{name} {mode}")


def test_mode_alone() -> None:
    assert read_prompt("piano in a minor key").mode == "minor"
    assert read_prompt("something major and bright").mode == "major"
    assert read_prompt("D major, then minor").mode == "major"
    assert read_prompt("calm piano").mode is None


def test_metre() -> None:
    assert read_prompt("a slow Waltz").beats_per_bar == 3
    assert read_prompt("folk in 3/4").beats_per_bar == 3
    assert read_prompt("rock in 4/4").beats_per_bar == 4
    assert read_prompt("a wall").beats_per_bar is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    hints = read_prompt(text)
    assert hints.tempo_bpm is None or 30 <= hints.tempo_bpm <= 300


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500))
def test_tokenizer_takes_any_text(text: str) -> None:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer([*special, *dict.fromkeys(WORDS.split())], 16)
    tokens = tokenizer.encode(text)
    assert 2 <= len(tokens.ids) <= 16
    assert (tokens.ids[0], tokens.ids[-1]) == (2, 3)
    assert all(0 <= i < len(tokenizer) for i in tokens.ids)
    assert tokens == tokenizer.encode(text.upper().lower() if text.isascii() else text)
