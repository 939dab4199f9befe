"""Engines that were built ahead of time are taken where they fit, and why not is told."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.models.spec import FileSpec
from descant.models.strict_json import to_json
from descant.runtime import Engine, Request
from descant.runtime import prebuilt as prebuilt_module
from descant.runtime.engine_cache import (
    SIDECAR_FORMAT,
    EngineFiles,
    EngineKey,
    ShapeRange,
    Sidecar,
    default_folder,
    engine_files,
)
from descant.runtime.nvidia import Driver, read_driver
from descant.runtime.pack import open_pack
from descant.runtime.prebuilt import find_engine, installed_version
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.runtime.fake_device import install
from tests.runtime.fake_nvidia import FakeDriver

GRAPH = "vae_decoder"
SHORT, LONG = 8, 40
"""Latent frames, of which the engine takes up to 16."""


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack in a folder of its own."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "tiny"))


@pytest.fixture(autouse=True)
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be a card and the library that reads engines."""
    known = read_driver(FakeDriver().load(), Path("/nowhere"))
    monkeypatch.setattr(prebuilt_module, "driver", lambda: known)
    monkeypatch.setattr(prebuilt_module, "installed_version", lambda library: "1.7.1")


def build(pack: Path, precision: str = "fp16", **changes: Any) -> EngineFiles:
    """Write what stands for an engine of one graph: its wrapper is the graph itself."""
    with open_pack(pack) as opened:
        files = engine_files(default_folder(opened), GRAPH, precision)
        spec = opened.spec.graphs[GRAPH]
        content = opened.read(f"graphs.{GRAPH}")
    profile = {"latents": ShapeRange((1, 96, 1), (1, 96, 8), (1, 96, 16))}
    key = EngineKey(
        GRAPH, spec.sha256, None, "tensorrt_rtx", "1.7.1.116", (86, 89, 120), precision, profile,
        (), 1,
    )  # fmt: skip
    files.folder.mkdir(parents=True, exist_ok=True)
    files.plan.write_bytes(b"plan")
    files.wrapper.write_bytes(content)
    key = dataclasses.replace(key, **changes)
    sidecar = Sidecar(SIDECAR_FORMAT, key, described(files.plan), described(files.wrapper), 0.1)
    files.sidecar.write_text(json.dumps(to_json(sidecar)))
    return files


def described(path: Path) -> FileSpec:
    content = path.read_bytes()
    return FileSpec(path.name, hashlib.sha256(content).hexdigest(), len(content))


def look(pack: Path, device: str = "trt-rtx") -> prebuilt_module.Prebuilt:
    with open_pack(pack) as opened:
        return find_engine(opened, GRAPH, device)


def test_a_good_one(pack: Path) -> None:
    files = build(pack)
    found = look(pack)
    assert found.path == files.wrapper
    assert found.reason == "built ahead of time in fp16"
    assert found.ranges["latents"].max == (1, 96, 16)


def test_none(pack: Path) -> None:
    assert look(pack) == prebuilt_module.Prebuilt(None, "none was built")
    build(pack, "fp32")
    assert look(pack).reason == "built ahead of time in fp32"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"onnx_sha256": "0" * 64}, "the graph in the pack has changed"),
        ({"version": "1.6.0.5"}, "built by tensorrt_rtx 1.6.0.5, and this is tensorrt_rtx 1.7.1"),
        ({"version": "1.7.10"}, "this is tensorrt_rtx 1.7.1"),
        ({"library": "tensorrt"}, "built by tensorrt 1.7.1"),
        ({"compute_capabilities": (86, 120)}, "built for sm 86, 120, and sm 89 is wanted"),
    ],
)
def test_one_that_does_not_fit(pack: Path, changes: dict[str, Any], reason: str) -> None:
    build(pack, **changes)
    found = look(pack)
    assert found.path is None
    assert reason in found.reason


def test_one_for_the_card_it_was_built_on(pack: Path) -> None:
    build(pack, compute_capabilities=())
    assert look(pack).path is not None


@pytest.mark.parametrize("part", ["plan", "wrapper", "sidecar"])
def test_a_damaged_one(pack: Path, part: str) -> None:
    files = build(pack)
    getattr(files, part).write_bytes(b"nonsense")
    found = look(pack)
    assert found.path is None
    assert found.reason


def test_no_library(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(pack)
    monkeypatch.setattr(prebuilt_module, "installed_version", lambda library: None)
    assert "this is tensorrt_rtx None" in look(pack).reason


def test_a_machine_without_a_card(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(pack)
    monkeypatch.setattr(prebuilt_module, "driver", Driver)
    assert look(pack).path is not None


def test_installed_version_of_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert installed_version("tensorrt") is None


def test_sessions_open_the_engine_and_the_graph_for_other_lengths(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = build(pack)
    fake = install(monkeypatch, "trt-rtx")
    rng = np.random.default_rng(0)
    with open_pack(pack) as opened:
        sessions = Sessions(opened, choose_provider("trt-rtx"), 1)
        graph = sessions[GRAPH]
        assert graph.is_engine
        assert fake.paths == [str(files.wrapper)]
        graph.run(latents=rng.standard_normal((1, 96, SHORT), np.float32))
        assert len(fake.opened) == 1
        assert graph.taking({"latents": (1, 96, SHORT)}) is graph
        long = graph.run(latents=rng.standard_normal((1, 96, LONG), np.float32))
        assert long["mel"].shape[2] == 8 * LONG
        assert fake.opened == [("trt-rtx", GRAPH)] * 2
        assert len(fake.paths) == 1
        plain = graph.taking({"latents": (1, 96, LONG)})
        assert not plain.is_engine
        assert sessions.engines == {GRAPH: "built ahead of time in fp16"}
        assert not sessions["vocoder"].is_engine
        assert sessions.engines["vocoder"] == "none was built"
        sessions.release(GRAPH)
        assert sessions.loaded == ("vocoder",)
    assert {device for device, _ in fake.opened} == {"trt-rtx"}


def test_the_cpu_looks_for_none(pack: Path) -> None:
    build(pack)
    with Engine.open(pack, "cpu", 1) as engine:
        engine.generate(Request(prompt="x", seconds=1, seed=0))
        assert engine.sessions.engines == {}
