"""Engines on disk: what makes one stale, and that no other one is ever taken for the right one."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import onnx
import pytest

from descant.export.engine_library import Library
from descant.export.engines import BuiltEngine
from descant.runtime.engine_cache import (
    EngineFiles,
    EngineKey,
    ShapeRange,
    cache_folder,
    check_engine,
    default_folder,
    engine_files,
)
from descant.runtime.errors import OutputError
from descant.runtime.pack import open_pack, read_manifest
from tests.export.engine_tools import SMALL, build, needs_builder

pytestmark = needs_builder
ROOT = Path(__file__).parents[2]
PROFILE = "seconds=1:2:3"


@pytest.fixture
def engine(
    starter_engines: dict[str, BuiltEngine], tmp_path: Path
) -> tuple[EngineFiles, EngineKey]:
    """Return an engine of one's own and its key."""
    made = starter_engines[SMALL]
    for path in made.plan.parent.glob(f"{SMALL}.fp16.*"):
        shutil.copy(path, tmp_path)
    return engine_files(tmp_path, SMALL, "fp16"), made.sidecar.key


def test_the_engine_that_was_built_is_good(engine: tuple[EngineFiles, EngineKey]) -> None:
    assert check_engine(*engine) == (True, "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"onnx_sha256": "0" * 64}, "the graph in the pack has changed"),
        ({"weights_sha256": "0" * 64}, "the graph in the pack has changed"),
        ({"version": "9.9"}, "built by tensorrt_rtx .*, and this is tensorrt_rtx 9.9"),
        ({"library": "tensorrt"}, "and this is tensorrt "),
        ({"compute_capabilities": (86,)}, "built for sm 86, 89, 120, and sm 86 is wanted"),
        ({"compute_capabilities": ()}, "the card it was built on"),
        ({"precision": "fp32"}, "computes in fp16, and fp32 is wanted"),
        ({"profile": {"roll": ShapeRange((1,), (1,), (1,))}}, "other lengths"),
        ({"flags": ()}, "other options"),
        ({"recipe": 0}, "another version of descant"),
        ({"graph": "vocoder"}, "of graph melody_encoder, not vocoder"),
    ],
)
def test_an_engine_of_another_key_is_stale(
    engine: tuple[EngineFiles, EngineKey], changes: dict[str, Any], reason: str
) -> None:
    files, key = engine
    check = check_engine(files, dataclasses.replace(key, **changes))
    assert not check.ok
    assert re.search(reason, check.reason)


def test_a_damaged_engine_is_not_taken(engine: tuple[EngineFiles, EngineKey]) -> None:
    files, key = engine
    plan, wrapper, sidecar = (
        path.read_bytes() for path in (files.plan, files.wrapper, files.sidecar)
    )
    middle = len(plan) // 2
    flipped = plan[:middle] + bytes([plan[middle] ^ 1]) + plan[middle + 1 :]
    for path, content, reason in (
        (files.plan, plan[:-1], "bytes instead of"),
        (files.plan, b"", "has 0 bytes"),
        (files.plan, flipped, "the content of melody_encoder.fp16.plan has changed"),
        (files.wrapper, wrapper[:-1], "bytes instead of"),
        (files.sidecar, sidecar[: len(sidecar) // 2], "sidecar can't be used"),
        (files.sidecar, b"{}", "sidecar.format: missing"),
        (files.sidecar, sidecar.replace(b'"format": 1', b'"format": 2'), "expected 1, got 2"),
        (files.sidecar, b"\xff\xfe", "sidecar can't be used"),
        (files.sidecar, sidecar.replace(b"fp16.plan", b"fp15.plan"), "its sidecar names"),
    ):
        whole = path.read_bytes()
        path.write_bytes(content)
        check = check_engine(files, key)
        assert not check.ok
        assert reason in check.reason
        path.write_bytes(whole)
    assert check_engine(files, key).ok
    for path, reason in (
        (files.plan, "is missing"), (files.wrapper, "is missing"), (files.sidecar, "none yet"),
    ):  # fmt: skip
        content = path.read_bytes()
        path.unlink()
        assert reason in check_engine(files, key).reason
        path.write_bytes(content)


def test_a_truncated_plan_is_built_again(engine: tuple[EngineFiles, EngineKey]) -> None:
    files, key = engine
    os.truncate(files.plan, 1000)
    (made,) = build("starter", files.folder, SMALL)
    assert not made.reused
    assert "has 1000 bytes instead of" in made.reason
    assert check_engine(files, key).ok


def test_a_changed_graph_is_built_again(tmp_path: Path) -> None:
    pack, folder = tmp_path / "pack", tmp_path / "engines"
    with read_manifest("starter") as starter:
        shutil.copytree(starter.path, pack)
    (first,) = build(pack, folder, SMALL)
    model = onnx.load(pack / f"{SMALL}.onnx")
    weight = next(w for w in model.graph.initializer if w.data_type == onnx.TensorProto.INT8)
    weight.raw_data = bytes(len(weight.raw_data))
    content = model.SerializeToString()
    (pack / f"{SMALL}.onnx").write_bytes(content)
    manifest = json.loads((pack / "pack.json").read_text("utf-8"))
    manifest["graphs"][SMALL] |= {
        "sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content),
    }  # fmt: skip
    (pack / "pack.json").write_text(json.dumps(manifest), encoding="utf-8")
    (second,) = build(pack, folder, SMALL)
    assert (second.reused, second.reason) == (False, "the graph in the pack has changed")
    assert second.sidecar.plan.sha256 != first.sidecar.plan.sha256


def test_another_library_builds_anew(
    engine: tuple[EngineFiles, EngineKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, key = engine
    monkeypatch.setattr(Library, "version", "1.8.0")
    (made,) = build("starter", files.folder, SMALL)
    assert (
        made.reason == f"it was built by tensorrt_rtx {key.version}, and this is tensorrt_rtx 1.8.0"
    )
    assert made.sidecar.key.version == "1.8.0"


def test_other_cards_build_anew(engine: tuple[EngineFiles, EngineKey]) -> None:
    files, _ = engine
    (made,) = build("starter", files.folder, SMALL, sm="sm89, 86,89")
    assert made.reason == "it was built for sm 86, 89, 120, and sm 86, 89 is wanted"
    assert made.sidecar.key.compute_capabilities == (86, 89)


def start(folder: Path, stop_at: int = 0) -> subprocess.Popen[str]:
    """Start a process that builds an engine."""
    arguments = [str(folder), PROFILE, str(stop_at)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.export.engine_worker", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def test_two_processes_build_once(tmp_path: Path) -> None:
    workers = [start(tmp_path), start(tmp_path)]
    said = [worker.communicate(timeout=120)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sum(lines.count("building") for lines in said) == 1
    results = sorted((json.loads(lines[-1]) for lines in said), key=lambda result: result["reused"])
    assert results == [
        {"reused": False, "reason": "there is none yet"},
        {"reused": True, "reason": "another process has just built it"},
    ]


@pytest.mark.parametrize("file", [1, 2, 3], ids=["plan", "wrapper", "sidecar"])
def test_a_process_killed_while_it_writes_leaves_nothing_that_is_taken(
    engine: tuple[EngineFiles, EngineKey], file: int
) -> None:
    """There was an engine for other lengths; half of it and half of the new one is none."""
    files, old = engine
    worker = start(files.folder, stop_at=file)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "writing"
    worker.kill()
    worker.communicate(timeout=60)
    assert list(files.folder.glob(".*.part"))
    assert check_engine(files, old).ok == (file == 1)
    (made,) = build("starter", files.folder, SMALL, profile=PROFILE)
    assert not made.reused
    assert made.reason in {"it was built for other lengths"}
    assert check_engine(files, made.sidecar.key).ok
    assert not list(files.folder.glob(".*.part")) + list(files.folder.glob(".*.work"))


def test_where_engines_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    with open_pack("starter") as pack:
        assert default_folder(pack) == cache_folder() / "engines" / f"starter-{pack.sha256[:12]}"
        shutil.copytree(pack.path, tmp_path / "mine")
    with open_pack(tmp_path / "mine") as pack:
        assert default_folder(pack) == tmp_path / "engines" / "mine"
        monkeypatch.setattr(os, "access", lambda *arguments: False)
        assert default_folder(pack).parent == cache_folder() / "engines"


def test_a_folder_that_can_not_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(OutputError) as refused:
        build("starter", file, SMALL)
    assert refused.value.hint
    assert file.read_text() == "mine"
