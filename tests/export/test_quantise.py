"""Layers in int8: which ones, how the ranges are used, what the graph then computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; it makes the graphs")

import onnx
import onnx_ir as ir
import onnxruntime
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn

from descant.export.onnx_graph import GraphPlan, export_model, tensor
from descant.export.precision import store_compactly
from descant.export.quantise import (
    Watch,
    find_layers,
    observe,
    observed_values,
    quantise,
    round_weight,
    step_and_zero,
)

FloatArray = NDArray[np.float32]
pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


class Layers(nn.Module):
    """Narrow, wide and narrow convolutions around two products of one input."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.first = nn.Conv2d(8, 160, 5, padding=2)
        self.wide = nn.Conv2d(160, 128, 3, padding=1)
        self.left, self.right = nn.Linear(128, 192), nn.Linear(128, 192, bias=False)
        self.last = nn.Conv2d(192, 8, 5, padding=2)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 8, T, W) -> the same shape."""
        hidden = nn.functional.silu(self.wide(nn.functional.silu(self.first(x))))
        tokens = hidden.permute(0, 2, 3, 1)
        mixed = self.left(tokens) * torch.sigmoid(self.right(tokens))
        made: Tensor = self.last(mixed.permute(0, 3, 1, 2))
        return made


@pytest.fixture(scope="module")
def proto() -> onnx.ModelProto:
    """Return the network as a graph."""
    plan = GraphPlan(
        "layers", Layers(), {"x": tensor("float32", "B", 8, "T", 4)},
        {"y": tensor("float32", "B", 8, "T", 4)}, {"x": torch.randn(2, 8, 16, 4)},
    )  # fmt: skip
    return ir.to_proto(export_model(plan))


def run(model: onnx.ModelProto, x: FloatArray, outputs: list[str] | None = None) -> list[Any]:
    """Compute a graph."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    made: list[Any] = session.run(outputs, {"x": x})
    return made


def noise(seed: int) -> FloatArray:
    """(2, 8, 16, 4)."""
    return np.random.default_rng(seed).standard_normal((2, 8, 16, 4), dtype=np.float32)


def in_int8(proto: onnx.ModelProto, calibration: list[FloatArray]) -> onnx.ModelProto:
    """Observe a graph and compute it in int8."""
    model = ir.from_proto(proto)
    layers = find_layers(model)
    watch = Watch(observed_values(layers))
    watched = onnx.ModelProto()
    watched.CopyFrom(proto)
    outputs = observe(watched.graph, watch.names)
    for x in calibration:
        watch.see(run(watched, x, outputs))
    quantise(model, layers, watch.ranges)
    return ir.to_proto(model)


def test_wide_layers_are_found_and_the_ends_stay(proto: onnx.ModelProto) -> None:
    layers = find_layers(ir.from_proto(proto))
    assert [layer.node.op_type for layer in layers] == ["Conv", "MatMul", "MatMul"]
    assert layers[0].weight.shape == (128, 160, 3, 3)
    assert layers[1].input is layers[2].input
    # the products' input once, the convolution's input and sum
    assert len(observed_values(layers)) == 3


def test_observing_tells_true_ranges_and_leaves_the_result(proto: onnx.ModelProto) -> None:
    layers = find_layers(ir.from_proto(proto))
    name = observed_values(layers)[0]
    watched = onnx.ModelProto()
    watched.CopyFrom(proto)
    outputs = observe(watched.graph, [name])
    x = noise(1)
    y, low, high = run(watched, x, ["y", *outputs])
    np.testing.assert_array_equal(y, run(proto, x)[0])
    with torch.no_grad():
        hidden = nn.functional.silu(Layers().first(torch.from_numpy(x)))
    assert low == pytest.approx(float(hidden.min()), abs=1e-5)
    assert high == pytest.approx(float(hidden.max()), abs=1e-5)


def test_int8_is_near_float32_and_small(proto: onnx.ModelProto) -> None:
    made = in_int8(proto, [noise(seed) for seed in range(4)])
    onnx.checker.check_model(made, full_check=True)
    x = noise(9)
    wanted, given_back = run(proto, x)[0], run(made, x)[0]
    relative = np.sqrt(np.square(given_back - wanted).mean() / np.square(wanted).mean())
    assert 1e-4 < relative < 0.03  # measured 0.011; below 1e-4 nothing would have been rounded
    assert made.ByteSize() < 0.5 * proto.ByteSize()


def test_one_input_is_rounded_once_for_all_that_read_it(proto: onnx.ModelProto) -> None:
    made = in_int8(proto, [noise(0)])
    rounded = [node for node in made.graph.node if node.op_type == "QuantizeLinear"]
    assert len(rounded) == 3
    assert len({name for node in made.graph.node for name in node.output}) == sum(
        len(node.output) for node in made.graph.node
    )


def test_stored_weights_give_the_same_graph(proto: onnx.ModelProto) -> None:
    """fp16 weights with the nodes that widen them are weights as well, and go away."""
    stored = onnx.ModelProto()
    stored.CopyFrom(proto)
    store_compactly(stored, int8=False)
    made = in_int8(stored, [noise(seed) for seed in range(4)])
    names = {weight.name for weight in made.graph.initializer}
    assert not any("wide.weight" in name and name.endswith(".fp16") for name in names)
    x = noise(9)
    plain = run(in_int8(proto, [noise(seed) for seed in range(4)]), x)[0]
    np.testing.assert_allclose(run(made, x)[0], plain, atol=0.02 * np.abs(plain).max())


def test_a_channel_of_zeros_stays_zero() -> None:
    weight = np.zeros((40, 3), np.float32)
    weight[:, 1] = 5.0
    whole, scale = round_weight(weight, 1)
    np.testing.assert_array_equal(whole[:, 0], 0)
    np.testing.assert_allclose(whole * scale, weight, rtol=1e-6)


finite = st.floats(-1e6, 1e6, width=32)


@given(finite, finite, st.lists(finite, min_size=1, max_size=20))
def test_bytes_hold_zero_exactly_and_their_range_to_half_a_step(
    one: float, other: float, numbers: list[float]
) -> None:
    low, high = min(one, other), max(one, other)
    scale, zero = step_and_zero(low, high)
    assert scale > 0

    def through(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.clip(np.round(x / float(scale)) + int(zero), 0, 255) - int(zero)) * float(scale)

    assert through(np.zeros(1))[0] == 0.0
    inside = np.clip(np.array(numbers), min(low, 0.0), max(high, 0.0))
    assert np.abs(through(inside) - inside).max() <= float(scale) * 1.001
