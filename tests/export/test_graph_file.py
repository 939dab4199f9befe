"""How a graph's weights are stored: precision, where they lie, and that nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from descant.export.compare import compare
from descant.export.errors import ParityError
from descant.export.graph_file import Layout, write_graph
from descant.export.ldm_networks import networks
from descant.export.onnx_graph import GraphPlan, export_model, tensor
from descant.export.pack_part import PackPart
from descant.export.parity import run_graph, run_network
from descant.models.nets.ldm.transformer import SpatialTransformer
from descant.models.spec import FileSpec
from tests.export.small_models import sizes

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def matrix_plan(dtype: torch.dtype = torch.float32) -> GraphPlan:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(160, 160), nn.Tanh()).to(dtype)
    name = str(dtype).removeprefix("torch.")
    sides = tensor(name, "B", 160)
    return GraphPlan("m", module, {"x": sides}, {"y": sides}, {"x": torch.randn(3, 160).to(dtype)})


def write(
    part: PackPart, plan: GraphPlan, layout: Layout, max_embedded: int
) -> tuple[FileSpec, FileSpec | None]:
    return write_graph(export_model(plan), plan.name, layout, part, max_embedded)


@pytest.mark.parametrize("max_embedded", [0, 2**20])
@pytest.mark.parametrize(("layout", "limit"), [("fp32", 1e-6), ("widened", 1e-3)])
def test_weights_inside_or_beside_the_graph(
    tmp_path: Path, layout: Layout, limit: float, max_embedded: int
) -> None:
    plan = matrix_plan()
    wanted = run_network(plan)
    with PackPart(tmp_path / "pack") as part:
        file, weights = write(part, plan, layout, max_embedded)
        path = part.folder / file.file
        assert compare("m", run_graph(plan, path), wanted, limit).relative_error <= limit
        number_bytes = 4 if layout == "fp32" else 2
        stored = weights or file
        assert (weights is None) == (max_embedded > 0)
        matrix_bytes = 160 * 160 * number_bytes
        assert matrix_bytes <= stored.size_bytes < matrix_bytes * 1.2
        content = path.read_bytes()
        assert str(Path(__file__).parent).encode() not in content  # no trace of the sources
        assert all(not node.metadata_props for node in onnx.load(path).graph.node)


def test_a_graph_that_computes_in_half_takes_and_returns_float32(tmp_path: Path) -> None:
    plan = matrix_plan()
    wanted = run_network(plan)
    with PackPart(tmp_path / "pack") as part:
        file, _ = write(part, matrix_plan(torch.float16), "half", 2**20)
        path = part.folder / file.file
        assert compare("m", run_graph(plan, path), wanted, 5e-3).relative_error > 1e-5
        graph = onnx.load(path).graph
    assert {weight.data_type for weight in graph.initializer} == {onnx.TensorProto.FLOAT16}
    casts = [node for node in graph.node if node.op_type == "Cast"]
    assert [node.attribute[0].i for node in casts] == [10, 1]  # to float16, back to float32


def attention_plan(dtype: torch.dtype = torch.float32) -> GraphPlan:
    """Plan a transformer of the UNet; its norms and softmax are what must stay wide."""
    torch.manual_seed(1)
    name = str(dtype).removeprefix("torch.")
    sides = tensor(name, "B", 64, "F", 16)
    module = SpatialTransformer(64, heads=2, depth=1).to(dtype)
    example = 30.0 * torch.randn(2, 64, 8, 16)
    return GraphPlan("attention", module, {"x": sides}, {"y": sides}, {"x": example.to(dtype)})


def test_norms_and_softmax_of_half_graphs_are_float32(tmp_path: Path) -> None:
    plan = attention_plan()
    wanted = run_network(plan)
    with PackPart(tmp_path / "pack") as part:
        file, _ = write(part, attention_plan(torch.float16), "half", 2**30)
        path = part.folder / file.file
        parity = compare("attention", run_graph(plan, path), wanted, 1e-2)
        nodes = onnx.load(path).graph.node
    assert parity.relative_error > 1e-6
    softmax = [
        attribute.i for node in nodes if node.op_type == "Attention"
        for attribute in node.attribute if attribute.name == "softmax_precision"
    ]  # fmt: skip
    assert softmax == [onnx.TensorProto.FLOAT] * 2


def test_a_half_plan_has_the_numbers_of_the_wide_one() -> None:
    network = next(n for n in networks(sizes("mg2")) if n.part == "vocoder")
    module = network.build().eval()
    wide = network.planned(module)
    narrow = network.planned_half(module, wide)
    for plan, other in zip(wide, narrow, strict=True):
        assert (plan.name, set(plan.inputs)) == (other.name, set(other.inputs))
        for name, value in other.example.items():
            assert value.dtype == torch.float16
            torch.testing.assert_close(value, plan.example[name].half())
    assert next(module.parameters()).dtype == torch.float16


def test_parity_of_nan_is_refused() -> None:
    ones, broken = np.ones(3, np.float32), np.array([1, np.nan, 1], np.float32)
    with pytest.raises(ParityError, match="nan"):
        compare("m", [broken], [ones], 1e-2)
