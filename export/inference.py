"""Types and shapes of a graph's values, without a copy of its weights."""

from __future__ import annotations

from collections.abc import Iterator

import onnx
from onnx import helper

SHAPE_BYTES = 1024
"""Weights up to this size may be shapes, whose values inference needs; larger ones stand in as
inputs of their type and size."""


def value_types(model: onnx.ModelProto) -> dict[str, int]:
    """Return the element type of every value, as in ``TensorProto``."""
    types = {weight.name: weight.data_type for weight in model.graph.initializer}
    return types | {name: tensor.elem_type for name, tensor in _inferred(model)}


def value_shapes(model: onnx.ModelProto) -> dict[str, tuple[int | None, ...]]:
    """Return the shape of every value whose rank is known; None for sizes that are not."""
    return {
        name: tuple(d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim)
        for name, tensor in _inferred(model) if tensor.HasField("shape")
    }  # fmt: skip


def _inferred(model: onnx.ModelProto) -> Iterator[tuple[str, onnx.TypeProto.Tensor]]:
    outline = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    graph = model.graph
    outline.graph.name = graph.name
    outline.graph.node.extend(graph.node)
    outline.graph.input.extend(graph.input)
    outline.graph.output.extend(graph.output)
    for weight in graph.initializer:
        if len(weight.raw_data) > SHAPE_BYTES:
            outline.graph.input.append(
                helper.make_tensor_value_info(weight.name, weight.data_type, list(weight.dims))
            )
        else:
            outline.graph.initializer.append(weight)
    made = onnx.shape_inference.infer_shapes(outline).graph
    for value in (*made.value_info, *made.input, *made.output):
        yield value.name, value.type.tensor_type
