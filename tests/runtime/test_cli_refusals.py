"""Bad input on the command line: exit code 2, one line with a hint, nothing lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from descant.runtime import read_receipt
from descant.runtime.cli import main
from tests.runtime.cli_helpers import OLD, Capture, refused
from tests.runtime.fake_device import install
from tests.runtime.midi_files import HOSTILE

BAD_VALUES = [
    ("--seconds", "0"),
    ("--seconds", "-1"),
    ("--seconds", "nan"),
    ("--seconds", "1e9"),
    ("--seconds", "inf"),
    ("--seconds", "ten"),
    ("--steps", "0"),
    ("--steps", "101"),
    ("--steps", "2.5"),
    ("--guidance", "nan"),
    ("--guidance", "-1"),
    ("--guidance", "99"),
    ("--key", "H#"),
    ("--key", ""),
    ("--bpm", "5"),
    ("--bpm", "nan"),
    ("--seed", "-1"),
    ("--seed", str(2**63)),
    ("--count", "0"),
    ("--count", "17"),
    ("--melody-strength", "2"),
    ("--threads", "0"),
    ("--bit-depth", "8"),
    ("--pack", "nowhere"),
    ("--midi", "a.txt"),
    ("--plot", "a.jpg"),
    ("--unknown", "1"),
]


@pytest.mark.parametrize(("option", "value"), BAD_VALUES)
def test_bad_value(
    capsys: Capture, words: list[str], tmp_path: Path, option: str, value: str
) -> None:
    refused(capsys, [*words, f"{option}={value}"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_melody(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.mid"
    path.write_bytes(HOSTILE[name])
    refused(capsys, [*words, "--melody", str(path)], "bad.mid")
    assert list(tmp_path.iterdir()) == [path]


def test_device_that_is_not_there(
    capsys: Capture, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    for device in ("cuda", "tpu"):
        assert main([*words, "--device", device]) == 1
        assert device in capsys.readouterr().err


def test_budget_of_memory(
    capsys: Capture, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(capsys, [*words, "--memory-mb", "0"], "memory_budget_mb")
    assert main([*words, "--memory-mb", "100"]) == 0
    monkeypatch.setattr("descant.runtime.graph_source.MEMORY_FACTOR", 1e6)
    assert main([*words, "--memory-mb", "100"]) == 1
    assert "the budget is 100 MB" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["generate"], ["generate", "x"], ["melody"]])
def test_incomplete_command(capsys: Capture, arguments: list[str]) -> None:
    refused(capsys, arguments)


def test_nothing_asked(capsys: Capture, words: list[str]) -> None:
    refused(capsys, ["generate", " ", *words[2:]], "prompt")


@pytest.mark.parametrize("prompt", ["🎹🌧️🎻", "piano " * 16_700, "\0", "-" * 50, "%s {} \\n"])
def test_any_prompt_works(capsys: Capture, words: list[str], tmp_path: Path, prompt: str) -> None:
    assert main(["generate", *words[2:], "--seed", "0", "--", prompt]) == 0
    err = capsys.readouterr().err
    assert ("warning" in err) == (len(prompt) > 1000 or prompt.startswith("🎹"))
    assert read_receipt(tmp_path / "a.wav") is not None


def test_missing_folder(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    refused(capsys, [*words, "-o", str(tmp_path / "no" / "a.wav")], "does not exist")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can write to")
def test_folder_nobody_can_write_to(capsys: Capture, words: list[str]) -> None:
    refused(capsys, [*words, "-o", "/proc/self/a.wav"])


def test_full_disk(
    capsys: Capture, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.wav").write_bytes(OLD)

    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    refused(capsys, words, "No space left")
    assert (tmp_path / "a.wav").read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", ["flip", "missing", "key", "outside"])
def test_damaged_pack(
    capsys: Capture, words: list[str], tiny_pack: Path, tmp_path: Path, damage: str
) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "pack"))
    manifest, graph = pack / "pack.json", pack / "audio_encoder.onnx"
    if damage == "flip":
        content = bytearray(graph.read_bytes())
        content[100] ^= 1
        graph.write_bytes(bytes(content))
    elif damage == "missing":
        graph.unlink()
    elif damage == "key":
        manifest.write_text(manifest.read_text().replace('"licence"', '"lizenz"', 1))
    else:
        manifest.write_text(manifest.read_text().replace("vocab.txt", "../vocab.txt"))
    refused(capsys, [*words, "--pack", str(pack)])
    if damage != "flip":
        refused(capsys, ["packs", "info", str(pack)])
    refused(capsys, ["packs", "verify", str(pack)])
    assert not (tmp_path / "a.wav").exists()


def test_same_name_twice(capsys: Capture, words: list[str], tmp_path: Path) -> None:
    line = refused(capsys, [*words, "--midi", str(tmp_path / "a.wav")])
    assert ".mid" in line


@pytest.mark.parametrize(
    ("read", "written", "name"),
    [
        (["--image"], ["--plot"], "in.png"),
        (["--melody"], ["--midi"], "in.mid"),
        (["--vary"], ["-o"], "in.wav"),
        (["--continue"], ["-o"], "in.flac"),
        (["--audio"], ["-o"], "in.ogg"),
        (["--hum"], ["--count", "12", "-o"], "in-07.wav"),
    ],
)
def test_an_input_is_never_replaced(
    capsys: Capture,
    words: list[str],
    tmp_path: Path,
    read: list[str],
    written: list[str],
    name: str,
) -> None:
    path, link = tmp_path / name, tmp_path / f"link{Path(name).suffix}"
    path.write_bytes(OLD)
    link.symlink_to(path)
    refused(capsys, [*words, *read, str(link), *written, str(path).replace("-07", "")], "an input")
    refused(capsys, ["generate", "--story", f"@{link}", *words[1:], "-o", f"{tmp_path}/./{name}"])
    assert path.read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("command", ["replay", "melody transcribe", "bench compare --html"])
def test_other_commands_keep_their_inputs(capsys: Capture, tmp_path: Path, command: str) -> None:
    name = {"replay": "a.wav", "melody transcribe": "a.mid"}.get(command, "a.json")
    path = tmp_path / name
    path.write_bytes(OLD)
    option = [str(path), str(path)] if "bench" in command else ["-o", str(path)]
    refused(capsys, [*command.split(), *option, str(path)], "it is")
    assert path.read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_melody_that_never_ends_is_not_waited_for(
    capsys: Capture, words: list[str], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "a.mid")
    for path in (str(tmp_path / "a.mid"), "/dev/zero"):
        refused(capsys, [*words, "--melody", path], "pipe or a device")
