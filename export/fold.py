"""Weights that a graph widens when it is opened -> weights of the type they are used in.

ONNX Runtime folds such nodes itself. TensorRT refuses a constant of int8 that no quantisation
operator follows, which is how packs store large matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Array = NDArray[Any]


def fold_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace ``Cast`` and ``Mul`` of stored weights by what they make. Mutates ``model``.

    Args:
        model: With its weights in it.
    """
    graph = model.graph
    weights = {weight.name: weight for weight in graph.initializer}
    kept: list[onnx.NodeProto] = []
    for node in graph.node:
        fold = _FOLDS.get(node.op_type) if node.domain in ("", "ai.onnx") else None
        if fold is None or any(name not in weights for name in node.input):
            kept.append(node)
            continue
        made = fold(node, [numpy_helper.to_array(weights[name]) for name in node.input])
        weights[node.output[0]] = numpy_helper.from_array(
            np.ascontiguousarray(made), node.output[0]
        )
    del graph.node[:]
    graph.node.extend(kept)
    keep_used_weights(graph, list(weights.values()))
    return model


def keep_used_weights(graph: onnx.GraphProto, weights: list[onnx.TensorProto]) -> None:
    """Give a graph those weights that it uses."""
    used = {name for node in graph.node for name in node.input}
    used |= {value.name for value in graph.output}
    for node in graph.node:  # a loop's body may use weights of the graph around it
        for attribute in node.attribute:
            if attribute.HasField("g"):
                used |= {name for inner in attribute.g.node for name in inner.input}
    kept = [weight for weight in weights if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _cast(node: onnx.NodeProto, inputs: list[Array]) -> Array:
    kind = next(attribute.i for attribute in node.attribute if attribute.name == "to")
    return inputs[0].astype(helper.tensor_dtype_to_np_dtype(kind))


def _multiply(node: onnx.NodeProto, inputs: list[Array]) -> Array:
    product: Array = inputs[0] * inputs[1]
    return product


_FOLDS: dict[str, Callable[[onnx.NodeProto, list[Array]], Array]] = {
    "Cast": _cast,
    "Mul": _multiply,
}
