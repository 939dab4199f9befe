"""Graphs that are not what their spec says, or that reach outside the pack."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime import Engine, Request
from descant.runtime.errors import (
    BackendError,
    GraphMismatchError,
    NumericalError,
    PackError,
    PackFormatError,
)
from descant.runtime.onnx_guard import check_onnx
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from tests.runtime.test_pack import change, rehash

pytest.importorskip("onnx", reason="onnx is not installed; it changes the graphs")
import onnx


@pytest.fixture
def pack(tiny_pack: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny pack that may be changed."""
    return Path(shutil.copytree(tiny_pack, tmp_path / "pack"))


def edit_graph(pack: Path, name: str, edit: Callable[[onnx.ModelProto], None]) -> None:
    """Change a graph and its hash."""
    model = onnx.load(pack / f"{name}.onnx")
    edit(model)
    rehash(pack, name, "graphs", model.SerializeToString())


def load(pack: Path, name: str) -> None:
    """Make a session of one graph."""
    with open_pack(pack) as opened:
        _ = Sessions(opened, choose_provider("cpu"), 1)[name]


def test_renamed_input(pack: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        model.graph.input[0].name = "other"
        for node in model.graph.node:
            node.input[:] = ["other" if i == "latents" else i for i in node.input]

    edit_graph(pack, "vae_decoder", edit)
    with pytest.raises(GraphMismatchError, match=r"want \['latents'\], got \['other'\]"):
        load(pack, "vae_decoder")


def test_other_width(pack: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 95

    edit_graph(pack, "vae_decoder", edit)
    with pytest.raises(GraphMismatchError, match="vae_decoder"):
        load(pack, "vae_decoder")


def test_other_dtype(pack: Path) -> None:
    spec = {"dtype": "int64", "shape": ["B", "S"]}
    change(pack, lambda s: s["graphs"]["text_encoder"]["inputs"].update(mask=spec))
    with pytest.raises(GraphMismatchError, match=r"mask.*want int64"):
        load(pack, "text_encoder")


@pytest.mark.parametrize("content", [b"", b"x", b"\x08\x0a" * 50, bytes(1000)])
def test_file_that_is_no_graph(pack: Path, content: bytes) -> None:
    if not content:
        with pytest.raises(ValueError, match="graph"):
            check_onnx(content)
        return
    rehash(pack, "vocoder", "graphs", content)
    with pytest.raises(PackError):
        load(pack, "vocoder")


def test_external_weights(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(model: onnx.ModelProto) -> None:
        tensor = model.graph.initializer[0]
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.ClearField("raw_data")
        tensor.external_data.add(key="location", value="../outside.bin")

    (tmp_path / "outside.bin").write_bytes(bytes(100_000))
    monkeypatch.chdir(pack)
    edit_graph(pack, "vocoder", edit)
    with pytest.raises(PackFormatError, match="outside the file"):
        load(pack, "vocoder")


def test_external_weights_inside_a_subgraph(pack: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        tensor = onnx.TensorProto(name="w", data_type=1, dims=[1])
        tensor.data_location = onnx.TensorProto.EXTERNAL
        inner = onnx.helper.make_graph([], "inner", [], [], [tensor])
        model.graph.node.append(onnx.helper.make_node("If", ["c"], ["o"], then_branch=inner))

    edit_graph(pack, "vocoder", edit)
    with pytest.raises(PackFormatError, match="outside the file"):
        load(pack, "vocoder")


def test_foreign_operators(pack: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        model.graph.node[0].domain = "evil.ops"

    edit_graph(pack, "vocoder", edit)
    with pytest.raises(PackFormatError, match=r"evil\.ops"):
        load(pack, "vocoder")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_guard_takes_any_bytes(content: bytes) -> None:
    try:
        check_onnx(content)
    except ValueError:
        return


def test_nan_is_refused_with_the_stage(pack: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        for node in model.graph.node:
            if node.op_type == "Exp":
                node.op_type = "Log"  # of a log-mel: NaN where it is below 0

    edit_graph(pack, "vocoder", edit)
    with Engine.open(pack, threads=1) as engine, pytest.raises(NumericalError, match="vocoder"):
        engine.generate(Request(prompt="calm piano", seconds=1, seed=0))


def test_wrong_shape_at_run_time(pack: Path) -> None:
    with open_pack(pack) as opened:
        sessions = Sessions(opened, choose_provider("cpu"), 1)
        with pytest.raises(BackendError, match="vae_decoder"):
            sessions["vae_decoder"].run(latents=np.zeros((1, 5, 4), np.float32))
        with pytest.raises(BackendError, match="latents"):
            sessions["vae_decoder"].run(other=np.zeros((1, 96, 4), np.float32))
