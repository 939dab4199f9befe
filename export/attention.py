"""ONNX ``Attention`` as TensorRT takes it; what is computed stays the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import onnx
from onnx import helper

from descant.export.errors import ExportError
from descant.export.inference import value_shapes

HEADS = 1
"""Axis of the heads."""


def adapt_attention(model: onnx.ModelProto) -> onnx.ModelProto:
    """Let TensorRT's parser and builder take every attention of a graph. Mutates ``model``.

    Raises:
        ExportError: Attentions share keys and values in another way than is known here.
    """
    _drop_softmax_precision(model)
    _join_heads(model)
    shared = Counter(
        (node.input[1], node.input[2]) for node in model.graph.node if node.op_type == "Attention"
    )
    if any(count > 1 for count in shared.values()):
        # TensorRT-RTX 1.7.1 takes the whole process down when it builds such a graph.
        raise ExportError(
            "several attentions share their keys and values, which TensorRT can't build",
            hint="leave the graph out with --graphs",
        )
    return model


def _drop_softmax_precision(model: onnx.ModelProto) -> None:
    """Leave the precision of softmax to TensorRT, whose parser refuses to be told.

    Its attention kernels keep scores and softmax in float32 whatever their inputs are.
    """
    for node in model.graph.node:
        if node.op_type == "Attention":
            kept = [a for a in node.attribute if a.name != "softmax_precision"]
            del node.attribute[:]
            node.attribute.extend(kept)


def _join_heads(model: onnx.ModelProto) -> None:
    """Make one attention of several that are the heads of one query, over one key and value.

    Decoders are exported so to take less memory on a CPU: heads are split, attend one after the
    other, and are joined again. A query of many heads over one of keys says the same.
    """
    graph = model.graph
    shapes = value_shapes(model)
    makers = {name: node for node in graph.node for name in node.output}
    gone: set[str] = set()
    for join in graph.node:
        heads = _heads(join, makers)
        if not heads or shapes.get(heads[0].input[1], ())[HEADS : HEADS + 1] != (1,):
            continue
        gone.update(head.output[0] for head in heads)
        attention = onnx.NodeProto()
        attention.CopyFrom(heads[0])
        attention.input[0] = makers[heads[0].input[0]].input[0]
        attention.output[0] = join.output[0]
        join.CopyFrom(attention)
    kept = [node for node in graph.node if node.output[0] not in gone]
    used = {name for node in kept for name in node.input}
    kept = [node for node in kept if node.op_type != "Split" or used.intersection(node.output)]
    del graph.node[:]
    graph.node.extend(kept)


def _heads(join: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Return the attentions that a node joins if they are all heads of one split query."""
    heads = [makers[name] for name in join.input if name in makers]
    if join.op_type != "Concat" or not _is_axis(join, HEADS) or len(heads) != len(join.input):
        return []
    for head in heads:
        plain = head.op_type == "Attention" and len(head.input) == 3
        if not plain or head.input[1:] != heads[0].input[1:]:
            return []
    split = makers.get(heads[0].input[0])
    if split is None or split.op_type != "Split" or not _is_axis(split, HEADS):
        return []
    return heads if list(split.output) == [head.input[0] for head in heads] else []


def _is_axis(node: onnx.NodeProto, axis: int) -> bool:
    return any(a.name == "axis" and helper.get_attribute_value(a) == axis for a in node.attribute)
