"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import mido
import pytest
import soundfile
from PIL import Image

from descant.runtime import read_receipt
from descant.runtime.cli import main
from descant.runtime.engine import Engine
from tests.runtime.cli_helpers import OLD, Capture, hear_ctrl_c, refused
from tests.runtime.midi_files import tune

REPORT = {
    "path": str,
    "seed": int,
    "seconds": float,
    "sample_rate": int,
    "channels": int,
    "device": str,
    "timings_ms": dict,
    "rtf": float,
    "peak_rss_mb": float,
    "retrieved": list,
    "warnings": list,
    "skipped": list,
    "engines": dict,
}


def report(capsys: Capture, arguments: list[str]) -> dict[str, Any]:
    """Run with ``--json`` and return the object."""
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.strip().splitlines()) == 1
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def test_json_and_all_outputs(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    midi, plot = tmp_path / "a.mid", tmp_path / "a.png"
    got = report(capsys, [*words, "--seed", "0", "--midi", str(midi), "--plot", str(plot)])
    for key, kind in REPORT.items():
        assert isinstance(got[key], kind), key
    assert got["seed"] == 0
    assert got["retrieved"][0]["similarity"] <= 1
    assert soundfile.info(got["path"]).frames == 44100
    assert any(m.type == "note_on" for t in mido.MidiFile(midi).tracks for m in t)
    with Image.open(plot) as image:
        assert image.size[0] == 1200
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.mid", "a.png", "a.wav"]


def test_numbered_files(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    got = report(capsys, [*words, "--seed", "7", "--count", "2", "--midi", str(tmp_path / "b.mid")])
    assert [clip["seed"] for clip in got["clips"]] == [7, 8]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a-01.wav", "a-02.wav", "b-01.mid", "b-02.mid"]


def test_options_reach_the_receipt(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "in.mid"
    path.write_bytes(tune())
    options = ["--melody", str(path), "--bpm", "99", "--key", "Eb", "--steps", "2"]
    more = ["--guidance", "1.5", "--melody-strength", "0.5", "--negative", "sad", "--seed", "3"]
    report(capsys, [*words, *options, *more])
    receipt = read_receipt(tmp_path / "a.wav")
    assert receipt is not None
    asked = receipt["request"]
    assert (asked["tempo_bpm"], asked["key"], asked["steps"]) == (99.0, "Eb major", 2)
    assert (asked["guidance_scale"], asked["melody_strength"]) == (1.5, 0.5)
    assert (asked["negative_prompt"], receipt["seed"]) == ("sad", 3)
    assert len(asked["melody"]) > 0
    assert receipt["music"]["key"] == "Eb major"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_same_seed_same_bytes(words: list[str], tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in "abc"]
    for path, seed in zip(paths, "001", strict=True):
        assert main([*words, "-o", str(path), "--seed", seed]) == 0
    first, second, third = (path.read_bytes() for path in paths)
    assert first == second
    assert first != third


def test_silent_when_piped(capsys: Capture, words: list[str]) -> None:
    assert main([*words, "--seed", "0"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1


def test_progress_bar_on_a_terminal(
    capsys: Capture, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main([*words, "--seed", "0"]) == 0
    assert "%" in capsys.readouterr().err


def test_ctrl_c(
    capsys: Capture, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "generate_many", interrupt)
    assert main(words) == 130
    assert "interrupted" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_real_ctrl_c(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(OLD)
    code = (
        "import sys; from descant.runtime.cli import main; print('ready', flush=True); "
        "sys.exit(main())"
    )
    long = ["60", "--steps", "100", "--count", "16"]  # not done before the signal, on any machine
    command = [sys.executable, "-c", code, *words[:-1], *long]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert (tmp_path / "a.wav").read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_that_a_library_makes_an_error_of_its_own(
    capsys: Capture, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallow(*_: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("initialization failed") from None

    monkeypatch.setattr(Engine, "generate_many", swallow)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(words) == 130
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err.startswith("descant: interrupted")


def test_unexpected_failure_is_one_line(
    capsys: Capture, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(Engine, "generate_many", fail)
    assert main(words) == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "ZeroDivisionError" in err


def test_melody_search(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    base = ["melody", "search", "sad waltz", "--pack", str(tiny_pack), "-k", "3"]
    assert main(base) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    got = report(capsys, [*base, "-o", str(tmp_path / "m.mid")])
    assert len(got["retrieved"]) == 3
    for row in got["retrieved"]:
        tracks = mido.MidiFile(row["path"]).tracks
        assert [track.name for track in tracks[1:]] == ["melody", "chords", "bass"]
    for wrong in (["-k", "0"], ["-k", "101"], ["-o", "a.wav"], ["-o", "no/a.mid"]):
        refused(capsys, [*base, *wrong])
    refused(capsys, ["melody", "search", " ", "--pack", str(tiny_pack)], "empty")


def test_packs(capsys: Capture, tiny_pack: Path) -> None:
    assert main(["packs", "list"]) == 0
    capsys.readouterr()
    assert main(["packs", "info", str(tiny_pack)]) == 0
    assert "vocoder" in capsys.readouterr().out
    assert report(capsys, ["packs", "info", str(tiny_pack)])["graphs"]["vocoder"]["sha256"]
    assert report(capsys, ["packs", "verify", str(tiny_pack)])["verified"] is True
    assert main(["packs", "verify", str(tiny_pack)]) == 0
    assert "80 melodies" in capsys.readouterr().out
    refused(capsys, ["packs", "info", "nowhere"], "nowhere")


def test_help_and_version(capsys: Capture) -> None:
    for arguments in (["--help"], ["generate", "--help"], ["--version"]):
        assert main(arguments) == 0
        assert "descant" in capsys.readouterr().out
