"""The kernels' ONNX functions: exported from PyTorch, run by ONNX Runtime, equal to the twins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch import Tensor, nn

from descant.export.onnx_functions import functions, use_plugin
from descant.export.onnx_graph import OPSET, GraphPlan, export_onnx, tensor
from descant.kernels.fast.groupnorm_silu import groupnorm_silu
from descant.kernels.fast.guided_step import guided_step
from descant.kernels.fast.launch import ONNX_DOMAIN, ONNX_VERSION
from descant.kernels.fast.synapse_attention import synapse_attention
from descant.models.spec import TensorSpec

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

SOURCES = ("image_key", "image_value", "music_key", "music_value")
Inputs = dict[str, NDArray[Any]]


class Synapse(nn.Module):
    """One layer's attention with its weight."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([0.3]))

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key2: Tensor, value2: Tensor
    ) -> Tensor:
        return synapse_attention(query, key, value, key2, value2, self.weight)


class Norm(nn.Module):
    """A UNet block's norm, with and without the time's bias."""

    def __init__(self) -> None:
        super().__init__()
        self.gain, self.offset = nn.Parameter(torch.randn(8)), nn.Parameter(torch.randn(8))

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        first = groupnorm_silu(x, self.gain, self.offset, 4, 1e-5)
        return groupnorm_silu(first, self.gain, self.offset, 2, 1e-3, bias)


class Step(nn.Module):
    """A solver's step, once with and once without what it may lack."""

    def forward(
        self, predicted: Tensor, latents: Tensor, row: Tensor, scale: Tensor, history: Tensor
    ) -> tuple[Tensor, Tensor]:
        after, denoised = guided_step(predicted, latents, row, scale, history, history + 1.0)
        return guided_step(predicted, after, row, scale, denoised)


def plan_of(
    module: nn.Module, inputs: dict[str, TensorSpec], outputs: dict[str, TensorSpec], **sizes: int
) -> GraphPlan:
    example = {name: torch.from_numpy(a) for name, a in draw(inputs, **sizes).items()}
    return GraphPlan("function", module, inputs, outputs, example)


def draw(inputs: dict[str, TensorSpec], **sizes: int) -> Inputs:
    """Draw inputs of the sizes that the symbolic axes are given."""
    rng = np.random.default_rng(7)

    def size(axis: int | str) -> int:
        if isinstance(axis, int):
            return axis
        factor, _, name = axis.rpartition("*")
        return int(factor or 1) * sizes[name]

    shapes = {name: tuple(size(axis) for axis in spec.shape) for name, spec in inputs.items()}
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def synapse_plan() -> GraphPlan:
    key = tensor("float32", "B", 2, "L", 16)
    query = tensor("float32", "B", 2, "S", 16)
    inputs = {"query": query, "key": key, "value": key, "key2": key, "value2": key}
    return plan_of(Synapse(), inputs, {"mixed": query}, B=2, S=5, L=7)


def norm_plan() -> GraphPlan:
    x = tensor("float32", "B", 8, "T", "W")
    inputs = {"x": x, "bias": tensor("float32", "B", 8)}
    return plan_of(Norm(), inputs, {"activated": x}, B=2, T=6, W=4)


def step_plan() -> GraphPlan:
    latents = tensor("float32", "B", 4, "F")
    inputs = {
        "predicted": tensor("float32", "2*B", 4, "F"), "latents": latents,
        "row": tensor("float32", 6), "scale": tensor("float32", 1), "history": latents,
    }  # fmt: skip
    return plan_of(Step(), inputs, {"after": latents, "denoised": latents}, B=2, F=9)


@pytest.mark.parametrize(
    ("build", "name", "sizes"),
    [
        (synapse_plan, "SynapseAttention", {"B": 1, "S": 1, "L": 1}),
        (synapse_plan, "SynapseAttention", {"B": 3, "S": 70, "L": 33}),
        (norm_plan, "GroupNormSilu", {"B": 3, "T": 5, "W": 1}),
        (step_plan, "GuidedStep", {"B": 1, "F": 1}),
        (step_plan, "GuidedStep", {"B": 3, "F": 20}),
    ],
)
def test_exported_and_run_by_onnx_runtime(
    build: Callable[[], GraphPlan], name: str, sizes: dict[str, int]
) -> None:
    plan = build()
    model = export_onnx(plan)
    onnx.checker.check_model(model, full_check=True)
    assert [function.name for function in model.functions] == [name]
    assert name in {node.op_type for node in model.graph.node if node.domain == ONNX_DOMAIN}
    inputs = draw(plan.inputs, **sizes)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    made = session.run(None, inputs)
    with torch.no_grad():
        wanted = plan.module(*(torch.from_numpy(array) for array in inputs.values()))
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    for result, right in zip(made, wanted, strict=True):
        np.testing.assert_allclose(result, right.numpy(), rtol=1e-5, atol=1e-5)  # measured 4e-6


def test_other_graphs_carry_no_functions() -> None:
    x = tensor("float32", "B", 4)
    model = export_onnx(plan_of(nn.Linear(4, 4), {"x": x}, {"y": x}, B=2))
    assert not model.functions
    assert ONNX_DOMAIN not in {entry.domain for entry in model.opset_import}


def test_a_plugin_takes_the_place_of_the_body() -> None:
    model = export_onnx(synapse_plan())
    assert use_plugin(model) == 1
    (node,) = (node for node in model.graph.node if node.domain == ONNX_DOMAIN)
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    assert attributes == {"plugin_namespace": b"descant", "plugin_version": b"1", "aot": 1}
    assert not model.functions
    other = export_onnx(norm_plan())
    assert use_plugin(other) == 0
    assert [function.name for function in other.functions] == ["GroupNormSilu"]


def test_a_half_precision_call_blends_in_fp32() -> None:
    """The body takes any float type; fp16 in, fp16 out, no worse than the rounding of its parts."""
    sides = {"query": (1, 2, 9, 32)} | dict.fromkeys(SOURCES, (1, 2, 30, 32))
    rng = np.random.default_rng(8)
    arrays = {n: rng.standard_normal(shape).astype(np.float16) for n, shape in sides.items()}
    model = call("SynapseAttention", arrays | {"weight": np.array([0.3], np.float32)})
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    made = session.run(None, arrays | {"weight": np.array([0.3], np.float32)})[0]
    assert made.dtype == np.float16
    tensors = {name: torch.from_numpy(array).double() for name, array in arrays.items()}
    wanted = synapse_attention(**tensors, weight=torch.tensor([0.3])).numpy()
    np.testing.assert_allclose(made, wanted, atol=3e-3)  # measured 8e-4


def test_an_engine_is_built_from_the_body() -> None:
    """TensorRT-RTX has no plug-ins; building needs no GPU, fp16 has a fused attention."""
    trt = pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed")
    arrays = {name: np.zeros((1, 5, 77, 64), np.float16) for name in ("query", *SOURCES)}
    model = call("SynapseAttention", arrays | {"weight": np.array([0.3], np.float32)})
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(0)
    parser = trt.OnnxParser(network, logger)
    assert parser.parse(model.SerializeToString()), parser.get_error(0).desc()
    assert builder.build_serialized_network(network, builder.create_builder_config()) is not None
    assert not hasattr(trt, "plugin")


def call(name: str, arrays: Inputs) -> onnx.ModelProto:
    """Return a model of one call of a function."""
    inputs = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for n, a in arrays.items()
    ]
    output = helper.make_tensor_value_info("out", TensorProto.FLOAT16, None)
    node = helper.make_node(name, list(arrays), ["out"], domain=ONNX_DOMAIN)
    graph = helper.make_graph([node], "call", inputs, [output])
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(ONNX_DOMAIN, ONNX_VERSION)]
    return helper.make_model(
        graph, functions=[functions()[name]], opset_imports=opsets, ir_version=10
    )
