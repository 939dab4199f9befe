"""How weights are stored: fp16, or int8 with a scale per channel; both are widened at load.

The graph computes in fp32. ONNX Runtime folds the widening nodes into constants when it opens the
file, so a smaller file costs nothing per call.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SMALL = 256
"""Tensors up to this many elements stay fp32: norms, biases, constants of the maths."""
LARGE = 16384
"""Matrices from this many elements on may be int8."""


def store_compactly(model: onnx.ModelProto, int8: bool) -> onnx.ModelProto:
    """Replace fp32 weights by smaller ones and the nodes that widen them. Mutates ``model``."""
    graph = model.graph
    kept: list[TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size <= SMALL:
            kept.append(weight)
        elif int8 and values.ndim >= 2 and values.size >= LARGE:
            _store_int8(weight.name, values, kept, nodes)
        else:
            _store_fp16(weight.name, values, kept, nodes)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    body = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *body])
    del graph.value_info[:]
    onnx.checker.check_model(model)
    return model


def _store_fp16(
    name: str, values: NDArray[np.float32], kept: list[TensorProto], nodes: list[onnx.NodeProto]
) -> None:
    kept.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.fp16"))
    nodes.append(helper.make_node("Cast", [f"{name}.fp16"], [name], to=TensorProto.FLOAT))


def _store_int8(
    name: str, values: NDArray[np.float32], kept: list[TensorProto], nodes: list[onnx.NodeProto]
) -> None:
    """Quantise symmetrically with one scale along the axis that gives the smaller error."""
    best = min((_quantise(values, axis) for axis in _axes(values)), key=lambda q: q[2])
    quantised, scale, _ = best
    kept.append(numpy_helper.from_array(quantised, f"{name}.int8"))
    kept.append(numpy_helper.from_array(scale, f"{name}.scale"))
    nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.wide"], to=TensorProto.FLOAT))
    nodes.append(helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [name]))


def _axes(values: NDArray[np.float32]) -> tuple[int, ...]:
    return (0, 1) if values.ndim == 2 else (0,)


def _quantise(
    values: NDArray[np.float32], axis: int
) -> tuple[NDArray[np.int8], NDArray[np.float32], float]:
    others = tuple(a for a in range(values.ndim) if a != axis)
    peak = np.abs(values).max(axis=others, keepdims=True)
    scale = np.maximum(peak / 127.0, 1e-12).astype(np.float32)
    quantised = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
    error = float(np.square(quantised * scale - values).mean())
    return quantised, scale, error
