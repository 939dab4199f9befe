"""One ONNX model -> its file, and a file of weights where they are many.

Weights stay where they are, in the mapped checkpoint, until they are written: one tensor at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from descant.export.ldm_graphs import keep_softmax_fp32
from descant.export.onnx_graph import drop_notes
from descant.export.pack_part import PackPart
from descant.export.precision import SMALL
from descant.models.spec import FileSpec

Layout = Literal["fp32", "widened", "half"]
"""Weights and maths in float32; weights in float16, widened when the graph is loaded; both in
float16 but for norms and softmax. Inputs and outputs are float32 in each."""
MAX_EMBEDDED = 2**29
"""Bytes of weights that a graph's own file may hold: while it is written there are three copies of
them, and a runtime can map a file of weights but not a part of a graph's."""
ALIGNMENT = 4096
"""Of a tensor in the file of weights, so that it can be mapped."""


def write_graph(
    model: ir.Model, name: str, layout: Layout, part: PackPart, max_embedded: int = MAX_EMBEDDED
) -> tuple[FileSpec, FileSpec | None]:
    """Write a model, and its weights beside it if they are more than ``max_embedded`` bytes.

    Args:
        model: In the layout's dtype; it is changed.
        name: Of the graph.
        layout: How weights are stored.
        part: The pack that the files belong to.
        max_embedded: See ``MAX_EMBEDDED``.

    Returns:
        The graph's file, and that of the weights if there is one.

    Raises:
        OutputError: A file can't be written.
    """
    if layout == "widened":
        _store_half(model)
    elif layout == "half":
        _keep_float_edges(model)
    weights = None
    if sum(_tensor(value).nbytes for value in model.graph.initializers.values()) > max_embedded:
        weights = _write_weights(model, f"{name}.weights", part)
    content = ir.to_proto(model)
    if layout == "half":
        keep_softmax_fp32(content)
    drop_notes(content)
    with part.create(f"{name}.onnx") as file:
        file.write(content.SerializeToString())
    return file.spec, weights


def _store_half(model: ir.Model) -> None:
    """Make large float32 weights float16, each followed by the node that widens it."""
    graph = model.graph
    for name, value in list(graph.initializers.items()):
        tensor = _tensor(value)
        if tensor.dtype != ir.DataType.FLOAT or tensor.size <= SMALL:
            continue
        stored = ir.Value(
            name=f"{name}.fp16", shape=value.shape, type=ir.TensorType(ir.DataType.FLOAT16)
        )
        stored.const_value = ir.LazyTensor(
            _narrowed(tensor), ir.DataType.FLOAT16, ir.Shape(tensor.shape.numpy()), name=stored.name
        )
        graph.initializers.add(stored)
        cast = ir.node("Cast", [stored], {"to": ir.DataType.FLOAT})
        _insert_first(graph, cast)
        value.replace_all_uses_with(cast.outputs[0])
        del graph.initializers[name]
        _name(cast.outputs[0], name, value)


def _keep_float_edges(model: ir.Model) -> None:
    """Let a graph that computes in float16 take and return float32."""
    graph = model.graph
    for value in graph.inputs:
        if value.dtype == ir.DataType.FLOAT16:
            value.type = ir.TensorType(ir.DataType.FLOAT)
            cast = ir.node("Cast", [value], {"to": ir.DataType.FLOAT16})
            value.replace_all_uses_with(cast.outputs[0])
            cast.replace_input_with(0, value)
            _insert_first(graph, cast)
            cast.outputs[0].name = f"{value.name}.fp16"
    for place, value in enumerate(graph.outputs):
        if value.dtype == ir.DataType.FLOAT16:
            cast = ir.node("Cast", [value], {"to": ir.DataType.FLOAT})
            graph.append(cast)
            name = value.name
            value.name = f"{name}.fp16"
            _name(cast.outputs[0], name, value)
            graph.outputs[place] = cast.outputs[0]


def _name(wide: ir.Value, name: str | None, like: ir.Value) -> None:
    wide.name, wide.shape = name, like.shape
    wide.type = ir.TensorType(ir.DataType.FLOAT)


def _insert_first(graph: ir.Graph, node: ir.Node) -> None:
    graph.insert_before(graph[0], node)


def _narrowed(tensor: ir.TensorProtocol) -> Callable[[], ir.TensorProtocol]:
    def narrow() -> ir.TensorProtocol:
        values: NDArray[np.float32] = tensor.numpy()
        return ir.Tensor(values.astype(np.float16))

    return narrow


def _write_weights(model: ir.Model, name: str, part: PackPart) -> FileSpec:
    """Write weights to a file and let the model refer to it.

    Small ones stay inside: shapes are inferred from some, which takes no look at other files.
    """
    with part.create(name) as file:
        for value in model.graph.initializers.values():
            tensor = _tensor(value)
            if tensor.size <= SMALL:
                continue
            file.write(bytes(-file.size % ALIGNMENT))
            begin = file.size
            content = np.ascontiguousarray(tensor.numpy())
            assert content.nbytes == math.prod(tensor.shape.numpy()) * content.itemsize
            file.write(content.reshape(-1).view(np.uint8).data)
            assert value.name is not None
            value.const_value = ir.ExternalTensor(
                name, begin, content.nbytes, tensor.dtype, shape=ir.Shape(tensor.shape.numpy()),
                name=value.name,
            )  # fmt: skip
    return file.spec


def _tensor(value: ir.Value) -> ir.TensorProtocol:
    assert value.const_value is not None, f"{value.name} has no values"
    return value.const_value
