"""The command line on latent diffusion packs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import soundfile
from PIL import Image

from descant.runtime import read_receipt
from descant.runtime.cli import main
from tests.runtime.cli_helpers import Capture, refused
from tests.runtime.midi_files import HOSTILE, tune


@pytest.fixture
def ldm_words(tiny_mg2: Path, tmp_path: Path) -> list[str]:
    """Return the arguments of a quick clip in ``tmp_path``."""
    target = str(tmp_path / "a.wav")
    return ["generate", "calm piano", "-o", target, "--pack", str(tiny_mg2), "--seconds", "1"]


def report(capsys: Capture, arguments: list[str]) -> dict[str, Any]:
    """Run with ``--json`` and return what it printed."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def test_generate_with_every_option(capsys: Capture, ldm_words: list[str], tmp_path: Path) -> None:
    plot = tmp_path / "a.png"
    more = ["--sampler", "ddim", "--eta", "0.5", "--steps", "4", "--candidates", "3"]
    made = report(capsys, [*ldm_words, *more, "--seed", "3", "--plot", str(plot)])
    assert made["music"] is None
    assert -1 <= made["similarity"] <= 1
    assert made["retrieved"][0]["title"].startswith("melody ")
    asked = (read_receipt(tmp_path / "a.wav") or {})["request"]
    assert (asked["sampler"], asked["eta"], asked["candidates"]) == ("ddim", 0.5, 3)
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert (len(samples), rate) == (16000, 16000)
    with Image.open(plot) as image:
        height = image.height
    assert height < 550  # no roll of notes that nobody knows
    first = (tmp_path / "a.wav").read_bytes()
    assert main([*ldm_words, *more, "--seed", "3"]) == 0
    assert (tmp_path / "a.wav").read_bytes() == first
    assert ": 1 s, seed " in capsys.readouterr().out


def test_edit_a_file(capsys: Capture, ldm_words: list[str], tmp_path: Path) -> None:
    assert main([*ldm_words, "--seed", "1"]) == 0
    before = tmp_path / "a.wav"
    edit = [*ldm_words[:3], str(tmp_path / "b.flac"), *ldm_words[4:], "--init", str(before)]
    made = report(capsys, [*edit, "--inpaint", "0.25:0.5", "--strength", "0.75"])
    assert made["seconds"] == 1.0
    asked = (read_receipt(tmp_path / "b.flac") or {})["request"]
    assert asked["inpaint"] == [0.25, 0.5]
    assert asked["strength"] == 0.75
    assert asked["init"]["name"] == "a.wav"


def test_melody(capsys: Capture, ldm_words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(tune(4))
    assert report(capsys, [*ldm_words, "--melody", str(path)])["retrieved"] == []


@pytest.mark.parametrize("name", [n for n in HOSTILE if "long" not in n])
def test_hostile_melody(capsys: Capture, ldm_words: list[str], tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.mid"
    path.write_bytes(HOSTILE[name])
    code = main([*ldm_words, "--melody", str(path)])
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert code == 0 or (code == 2 and "bad.mid" in err)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--sampler", "euler"),
        ("--sampler", "plms"),
        ("--eta", "2"),
        ("--eta", "nan"),
        ("--candidates", "0"),
        ("--candidates", "17"),
        ("--strength", "0.5"),
        ("--inpaint", "1:2"),
        ("--inpaint", "1"),
        ("--inpaint", "a:b"),
        ("--init", "missing.wav"),
        ("--steps", "501"),
    ],
)
def test_bad_value(
    capsys: Capture, ldm_words: list[str], tmp_path: Path, option: str, value: str
) -> None:
    refused(capsys, [*ldm_words, f"{option}={value}"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("span", ["0.5:0.25", "0.5:0.5", "-1:0.5", "0:nan", "0:1.5"])
def test_bad_span(capsys: Capture, ldm_words: list[str], tmp_path: Path, span: str) -> None:
    init = tmp_path / "init.wav"
    soundfile.write(init, [0.0] * 16000, 16000)
    refused(capsys, [*ldm_words, "--init", str(init), f"--inpaint={span}"], "inpaint")


def test_no_notes_no_midi(capsys: Capture, ldm_words: list[str], tmp_path: Path) -> None:
    refused(capsys, [*ldm_words, "--midi", str(tmp_path / "a.mid")], "which notes sound")
    assert not list(tmp_path.iterdir())


def test_search(capsys: Capture, tiny_mg2: Path, tiny_audioldm: Path, tmp_path: Path) -> None:
    words = ["melody", "search", "calm piano", "--pack", str(tiny_mg2)]
    assert main([*words, "-k", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("melody " in line and "bpm" not in line for line in lines)
    assert report(capsys, words)["retrieved"][0]["tempo_bpm"] is None
    refused(capsys, [*words, "-o", str(tmp_path / "a.mid")], "no notes")
    refused(capsys, [*words[:-1], str(tiny_audioldm)], "no melodies")


def test_packs(capsys: Capture, tiny_mg2: Path, tiny_audioldm: Path) -> None:
    assert report(capsys, ["packs", "verify", str(tiny_mg2)])["melodies"] == 40
    assert report(capsys, ["packs", "verify", str(tiny_audioldm)])["melodies"] == 0
    assert main(["packs", "info", str(tiny_mg2)]) == 0
    assert "5 steps of dpm++" in capsys.readouterr().out
