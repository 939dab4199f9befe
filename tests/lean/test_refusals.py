"""Bad input ends with exit code 2, one line and a hint, and nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lean.program import Descant, Outcome

pytestmark = pytest.mark.pack


def assert_refused(outcome: Outcome, *mentions: str) -> None:
    """Hold that the program refused in one line that says what was wrong."""
    assert outcome.code == 2, outcome.stderr
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1
    for mention in mentions:
        assert mention in outcome.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--seconds", "0"),
        ("--seconds", "-1"),
        ("--seconds", "nan"),
        ("--seconds", "1e9"),
        ("--steps", "0"),
        ("--guidance", "nan"),
        ("--bpm", "5"),
        ("--key", "H#"),
        ("--seed", "-1"),
    ],
)
def test_value_out_of_range(
    descant: Descant, starter: Path, tmp_path: Path, option: str, value: str
) -> None:
    target = tmp_path / "a.wav"
    outcome = descant("generate", "calm piano", "-o", target, f"{option}={value}")
    assert_refused(outcome)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"", b"not MIDI at all", b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\xff\0"]
)
def test_midi_that_is_none(descant: Descant, starter: Path, tmp_path: Path, content: bytes) -> None:
    tune = tmp_path / "tune.mid"
    tune.write_bytes(content)
    outcome = descant("generate", "calm piano", "-o", tmp_path / "a.wav", "--melody", tune)
    assert_refused(outcome, "tune.mid")
    assert list(tmp_path.iterdir()) == [tune]


def test_folder_that_does_not_exist(descant: Descant, starter: Path, tmp_path: Path) -> None:
    outcome = descant("generate", "calm piano", "-o", tmp_path / "none" / "a.wav")
    assert_refused(outcome, "none")


def test_format_that_is_unknown(descant: Descant, starter: Path, tmp_path: Path) -> None:
    outcome = descant("generate", "calm piano", "-o", tmp_path / "a.xyz")
    assert_refused(outcome, "xyz")


def test_words_that_are_missing(descant: Descant) -> None:
    assert_refused(descant("generate"), "--output")
    assert_refused(descant("generate", "calm piano", "-o", "a.wav", "--seconds", "ten"), "ten")
