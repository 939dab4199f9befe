"""One attention written in four ways, as ONNX Runtime may be given it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FloatArray = NDArray[np.float32]
SHAPES = ((2, 12, 1024, 32), (2, 18, 256, 32), (2, 30, 64, 32), (2, 6, 109, 32))
"""(B, H, S, D): MG2's three resolutions for ten seconds, and the starter's length."""


def variants(heads: int, width: int) -> dict[str, bytes]:
    """Return graphs of inputs q, k and v, each (B, S, H * D), and one output like them."""
    split, join = _splits(), _join()
    fused = helper.make_node(
        "MultiHeadAttention", ["q", "k", "v"], ["y"], num_heads=heads, domain="com.microsoft"
    )
    by_name = helper.make_node(
        "Attention", ["q", "k", "v"], ["y"], q_num_heads=heads, kv_num_heads=heads
    )
    plain = [
        helper.make_node("Transpose", ["k.heads"], ["k.turned"], perm=[0, 1, 3, 2]),
        helper.make_node("MatMul", ["q.heads", "k.turned"], ["scores"]),
        helper.make_node("Mul", ["scores", "scale"], ["scaled"]),
        helper.make_node("Softmax", ["scaled"], ["shares"], axis=-1),
        helper.make_node("MatMul", ["shares", "v.heads"], ["mixed"]),
    ]
    attention = helper.make_node("Attention", ["q.heads", "k.heads", "v.heads"], ["mixed"])
    nodes = {
        "Attention of heads": [*split, attention, *join],
        "Attention of rows": [by_name],
        "MultiHeadAttention": [fused],
        "plain operators": [*split, *plain, *join],
    }
    return {name: _model(graph, heads, width) for name, graph in nodes.items()}


def feeds(shape: Sequence[int]) -> dict[str, FloatArray]:
    """Return queries, keys and values of a shape (B, H, S, D)."""
    rng = np.random.default_rng(0)
    size = (shape[0], shape[2], shape[1] * shape[3])
    return {name: rng.standard_normal(size, dtype=np.float32) for name in "qkv"}


def _splits() -> list[onnx.NodeProto]:
    nodes = []
    for name in "qkv":
        nodes.append(helper.make_node("Reshape", [name, "split"], [f"{name}.rows"]))
        nodes.append(
            helper.make_node("Transpose", [f"{name}.rows"], [f"{name}.heads"], perm=[0, 2, 1, 3])
        )
    return nodes


def _join() -> list[onnx.NodeProto]:
    return [
        helper.make_node("Transpose", ["mixed"], ["mixed.rows"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["mixed.rows", "join"], ["y"]),
    ]


def _model(nodes: Sequence[onnx.NodeProto], heads: int, width: int) -> bytes:
    axes: list[int | str] = ["B", "S", heads * width]
    sides = [helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name in "qkvy"]
    constants = [
        numpy_helper.from_array(np.array([0, 0, heads, width], np.int64), "split"),
        numpy_helper.from_array(np.array([0, 0, heads * width], np.int64), "join"),
        numpy_helper.from_array(np.array(width**-0.5, np.float32), "scale"),
    ]
    graph = helper.make_graph(nodes, "attention", sides[:3], sides[3:], constants)
    opsets = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    content: bytes = model.SerializeToString()
    return content
