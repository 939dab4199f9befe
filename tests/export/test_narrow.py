"""Graphs in float16: what stays wide, what it costs, and that a CPU's comparison sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from descant.export.attention import adapt_attention
from descant.export.errors import ExportError
from descant.export.fold import fold_weights
from descant.export.inference import value_types
from descant.export.narrow import computes_in_half, narrow
from descant.export.rounding import round_every_step
from descant.runtime.pack import read_manifest

Array = NDArray[Any]


def model(
    nodes: Sequence[onnx.NodeProto],
    inputs: dict[str, Sequence[int | str]],
    output: str,
    constants: dict[str, Array] | None = None,
    rank: int = 2,
) -> onnx.ModelProto:
    """Return a graph of float32 with one output of unknown sizes."""
    graph = helper.make_graph(
        list(nodes), "graph",
        [_float32(name, shape) for name, shape in inputs.items()],
        [_float32(output, [None] * rank)],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)], ir_version=10)


def _float32(name: str, shape: Sequence[int | str | None]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def run(graph: onnx.ModelProto, **inputs: Array) -> Array:
    onnx.checker.check_model(graph, full_check=True)
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    made: Array = session.run(None, inputs)[0]
    return made


def copy(graph: onnx.ModelProto) -> onnx.ModelProto:
    other = onnx.ModelProto()
    other.CopyFrom(graph)
    return other


def starter(name: str) -> onnx.ModelProto:
    with read_manifest("starter") as pack:
        return onnx.load_from_string(pack.read(f"graphs.{name}"))


def test_folding_leaves_the_numbers_and_no_int8(rng: np.random.Generator) -> None:
    stored = starter("melody_encoder")
    folded = fold_weights(copy(stored))
    kinds = {weight.data_type for weight in folded.graph.initializer}
    assert TensorProto.INT8 in {weight.data_type for weight in stored.graph.initializer}
    assert kinds == {TensorProto.FLOAT, TensorProto.INT64}
    assert len(folded.graph.node) < len(stored.graph.node)
    roll = (rng.random((2, 89, 40)) > 0.9).astype(np.float32)
    np.testing.assert_allclose(run(folded, roll=roll), run(stored, roll=roll), atol=1e-6)


@pytest.mark.parametrize("name", ["denoiser_step", "vocoder", "text_encoder"])
def test_the_heavy_operators_of_the_starter_become_float16_and_norms_do_not(name: str) -> None:
    wide = fold_weights(starter(name))
    assert not computes_in_half(wide)
    narrowed = narrow(copy(wide))
    assert computes_in_half(narrowed)
    types = value_types(narrowed)
    kinds: dict[str, set[int]] = {}
    for node in narrowed.graph.node:
        kinds.setdefault(node.op_type, set()).add(types[node.input[0]])
    assert TensorProto.FLOAT16 not in set().union(
        *(kinds.get(k, set()) for k in ("LayerNormalization", "ReduceMean", "Exp", "Sin", "Sqrt"))
    )
    heavy = kinds.get("Conv", set()) | kinds.get("Attention", set())
    assert heavy == {TensorProto.FLOAT16}
    if name == "vocoder":  # its magnitudes, from the exponential on
        assert kinds["MatMul"] == {TensorProto.FLOAT}
    assert [(v.name, v.type) for v in narrowed.graph.input] == [
        (v.name, v.type) for v in wide.graph.input
    ]
    assert [v.type for v in narrowed.graph.output] == [v.type for v in wide.graph.output]
    floats = [w for w in narrowed.graph.initializer if w.data_type == TensorProto.FLOAT]
    halves = [w for w in narrowed.graph.initializer if w.data_type == TensorProto.FLOAT16]
    assert sum(len(w.raw_data) for w in floats) < sum(len(w.raw_data) for w in halves)


def test_the_steps_of_a_solver_stay_wide() -> None:
    """A small step is added to large latents: float16 would lose it."""
    graph = model(
        [
            helper.make_node("MatMul", ["x", "w"], ["v"]),
            helper.make_node("Mul", ["v", "step"], ["moved"]),
            helper.make_node("Add", ["x", "moved"], ["next"]),
        ],
        {"x": ("B", 2), "step": (1,)}, "next", {"w": np.eye(2, dtype=np.float32)},
    )  # fmt: skip
    made = run(
        round_every_step(narrow(graph)),
        x=np.full((1, 2), 1000.0, np.float32), step=np.full(1, 1e-4, np.float32),
    )  # fmt: skip
    np.testing.assert_allclose(made, 1000.1, atol=1e-3)


def test_a_value_that_both_need_is_converted_once() -> None:
    graph = model(
        [
            helper.make_node("MatMul", ["x", "w"], ["a"]),
            helper.make_node("Relu", ["a"], ["b"]),
            helper.make_node("ReduceMean", ["b"], ["m"], keepdims=1),
            helper.make_node("ReduceMax", ["b"], ["n"], keepdims=1),
            helper.make_node("Add", ["m", "n"], ["y"]),
        ],
        {"x": (4, 2)}, "y", {"w": np.ones((2, 2), np.float32)},
    )  # fmt: skip
    narrowed = narrow(graph)
    casts = [
        (node.input[0], node.output[0]) for node in narrowed.graph.node if node.op_type == "Cast"
    ]
    assert casts == [("x", "x.half"), ("b", "b.single")]
    (weight,) = narrowed.graph.initializer
    assert (weight.name, weight.data_type) == ("w.half", TensorProto.FLOAT16)
    np.testing.assert_allclose(run(narrowed, x=np.ones((4, 2), np.float32)), 4.0)


def test_an_overflow_is_seen_where_a_cpu_would_not_see_it() -> None:
    """ONNX Runtime's CPU computes a chain of float16 operators in float32."""
    graph = model(
        [
            helper.make_node("MatMul", ["x", "large"], ["a"]),
            helper.make_node("MatMul", ["a", "small"], ["y"]),
        ],
        {"x": (1, 1)}, "y",
        {"large": np.full((1, 1), 6e4, np.float32), "small": np.full((1, 1), 1e-4, np.float32)},
    )  # fmt: skip
    narrowed, x = narrow(graph), np.full((1, 1), 100.0, np.float32)
    assert np.isfinite(run(narrowed, x=x)).all()
    assert np.isinf(run(round_every_step(narrowed), x=x)).all()


def test_constants_beyond_float16_become_its_largest() -> None:
    graph = model(
        [
            helper.make_node("MatMul", ["x", "w"], ["a"]),
            helper.make_node("Where", ["keep", "a", "no"], ["b"]),
            helper.make_node("MatMul", ["b", "w"], ["y"]),
        ],
        {"x": (1, 1)},
        "y",
        {
            "w": np.ones((1, 1), np.float32),
            "no": np.full((1, 1), -3e38, np.float32),
            "keep": np.array([[False]]),
        },
    )
    made = run(round_every_step(narrow(graph)), x=np.ones((1, 1), np.float32))
    assert made == -65504.0


def test_a_loop_is_not_narrowed() -> None:
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Add", ["v", "v"], ["w"])],
        "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("v", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []),
         helper.make_tensor_value_info("w", TensorProto.FLOAT, [1])],
    )  # fmt: skip
    graph = model(
        [helper.make_node("Loop", ["n", "", "x"], ["y"], body=body, name="steps")],
        {"x": (1,)}, "y", {"n": np.array(3)},
    )  # fmt: skip
    with pytest.raises(ExportError, match="Loop 'steps'") as refused:
        narrow(graph)
    assert "fp32" in refused.value.hint


def heads(count: int, keys: str = "k", kv_heads: int = 1) -> onnx.ModelProto:
    """Return a query of ``count`` heads that are split, attend and are joined."""
    parts = [f"q{i}" for i in range(count)]
    nodes = [helper.make_node("Split", ["q"], parts, axis=1, num_outputs=count)]
    for i, part in enumerate(parts):
        k = keys if i else "k"
        nodes.append(helper.make_node("Attention", [part, k, "v"], [f"o{i}"], softmax_precision=1))
    nodes.append(helper.make_node("Concat", [f"o{i}" for i in range(count)], ["y"], axis=1))
    sides: dict[str, Sequence[int | str]] = {"q": ("B", count, "F", 8)}
    for name in dict.fromkeys(("k", keys, "v")):
        sides[name] = ("B", kv_heads, "S", 8)
    return model(nodes, sides, "y", rank=4)


def test_heads_over_one_key_are_one_attention(rng: np.random.Generator) -> None:
    graph = heads(4)
    joined = adapt_attention(copy(graph))
    assert [node.op_type for node in joined.graph.node] == ["Attention"]
    assert all(a.name != "softmax_precision" for a in joined.graph.node[0].attribute)
    q = rng.standard_normal((2, 4, 5, 8)).astype(np.float32)
    k, v = (rng.standard_normal((2, 1, 7, 8)).astype(np.float32) for _ in range(2))
    np.testing.assert_allclose(run(joined, q=q, k=k, v=v), run(graph, q=q, k=k, v=v), atol=1e-6)


def test_attentions_over_keys_of_their_own_stay_apart() -> None:
    graph = adapt_attention(heads(2, keys="other"))
    assert [node.op_type for node in graph.graph.node].count("Attention") == 2


def test_a_shared_key_of_several_heads_is_refused() -> None:
    """Joined they would say something else, and as they are TensorRT crashes over them."""
    with pytest.raises(ExportError, match="share their keys and values"):
        adapt_attention(heads(2, kv_heads=2))
