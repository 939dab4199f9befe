"""What the doctor finds, and that it finds what is broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.runtime import doctor, machine
from descant.runtime.cli import main
from descant.runtime.cli.doctor import summary
from descant.runtime.nvidia import read_driver
from tests.runtime.cli_helpers import Capture
from tests.runtime.fake_device import install
from tests.runtime.fake_nvidia import FakeDriver

PARTS = {
    "ok", "versions", "system", "nvidia", "device", "skipped", "warnings", "providers", "kernels",
    "packs", "engines", "folders",
}  # fmt: skip


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tiny pack be the only one, for the starter takes a second per device."""
    monkeypatch.setattr(doctor, "built_in_names", lambda: ())


@pytest.mark.usefixtures("only")
def test_report(tiny_pack: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    assert main(["doctor", "--json", "--pack", str(tiny_pack)]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert err == ""
    assert set(report) == PARTS
    assert report["ok"]
    assert report["device"] == "cpu"
    assert report["providers"][0]["device"] == "cpu"
    assert report["providers"][0]["trial"]["seconds"] > 0
    assert {row["provider"] for row in report["skipped"]} == {"trt-rtx", "cuda", "tensorrt"}
    (pack,) = report["packs"]
    assert pack["verified"]
    assert len(pack["sha256"]) == 64
    assert {"numpy", "onnxruntime", "python", "descant"} <= set(report["versions"])
    assert all(folder["path"] for folder in report["folders"])


@pytest.mark.usefixtures("only")
def test_lines_are_short_and_aligned(tiny_pack: Path, capsys: Capture) -> None:
    assert main(["doctor", "--pack", str(tiny_pack)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 40
    assert all(line[:10].strip() == line[:10].split(" ")[0] for line in lines)
    assert all(len(line) > 10 and line[10] != " " for line in lines)
    assert lines[-1] == "verdict   music can be made"


@pytest.mark.usefixtures("only")
def test_broken_pack(tiny_pack: Path, tmp_path: Path, capsys: Capture) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "tiny"))
    (pack / "vocoder.onnx").write_bytes(b"x")
    assert main(["doctor", "--json", "--pack", str(pack)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    assert not report["packs"][0]["verified"]
    assert "vocoder.onnx" in report["packs"][0]["error"]
    assert "vocoder.onnx" in report["providers"][0]["trial"]["error"]
    assert main(["doctor", "--pack", str(pack)]) == 1
    assert "verdict   no music can be made" in capsys.readouterr().out


@pytest.mark.usefixtures("only")
def test_device_that_fails_or_sounds_otherwise(
    tiny_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = install(monkeypatch, "cuda")
    monkeypatch.setattr("descant.runtime.sessions.Sessions.uses_device_loop", False)
    rows = {row["device"]: row for row in doctor.examine(tiny_pack)["providers"]}
    assert rows["cuda"]["trial"]["same"]
    assert rows["cuda"]["trial"]["difference"] == 0.0
    assert rows["trt-rtx"]["trial"] is None
    fake.fails = lambda name: "device lost"
    report = doctor.examine(tiny_pack)
    rows = {row["device"]: row for row in report["providers"]}
    assert "device lost" in rows["cuda"]["trial"]["error"]
    assert report["ok"]  # the CPU makes music
    assert any("FAIL" in text and "device lost" in text for _, text in summary(report))


def test_another_sound_is_told(tiny_pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    _, clip = doctor._trial(tiny_pack, "cpu", None)
    assert clip is not None
    other = type(clip)(**{**vars(clip), "samples": clip.samples + np.float32(0.1)})
    trial, _ = doctor._trial(tiny_pack, "cpu", other)
    assert not trial["same"]
    assert trial["difference"] > 0.1
    failing, nothing = doctor._trial("no such pack", "cpu", None)
    assert nothing is None
    assert failing["hint"]


def test_a_card_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeDriver(cards=[("RTX 4070", 89)])
    monkeypatch.setattr(doctor, "driver", lambda: read_driver(fake.load(), Path("/nowhere")))
    monkeypatch.setattr(doctor, "free_memory_mb", lambda card: 9000)
    found = doctor._nvidia()
    assert (found["driver"], found["cuda"], found["reason"]) == ("580.65.06", "13.1", "")
    assert found["cards"][0]["free_mb"] == 9000
    report: dict[str, Any] = {
        "ok": True, "versions": {}, "system": machine.system(), "nvidia": found, "device": "cuda",
        "warnings": ["w"], "providers": [], "kernels": {"reason": "plain graphs"}, "packs": [],
        "folders": [],
        "engines": [
            {"pack": "p", "graph": "g", "device": "trt-rtx", "ok": False, "reason": "it is stale"},
            {"pack": "p", "graph": "h", "device": "trt-rtx", "ok": False,
             "reason": "none was built"},
        ],
    }  # fmt: skip
    lines = summary(report)
    assert ("", "RTX 4070, compute capability 8.9, 9.0 GB free of 12.0 GB") in lines
    assert ("nvidia", "driver 580.65.06, CUDA 13.1") in lines
    assert ("engines", "p g for trt-rtx: not used, it is stale") in lines
    assert not any("none was built" in text for _, text in lines)


def test_processor_and_memory_from_files(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("model name\t: Some CPU\nflags\t\t: fpu avx2 amx_int8 avx512_vnni\n")
    assert machine.cpu_name(info) == "Some CPU"
    assert machine.cpu_features(info) == ["avx2", "avx512_vnni", "amx_int8"]
    assert machine.cpu_features(tmp_path / "none") is None
    assert machine.cpu_name(tmp_path / "none")
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal:   1000000 kB\nMemFree: 1 kB\nMemAvailable:  500000 kB\n")
    assert machine.memory_mb(memory) == (1024, 512)


def test_folder_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._folder("cache", tmp_path / "not" / "there")["writable"]
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert not doctor._folder("output", tmp_path)["writable"]
