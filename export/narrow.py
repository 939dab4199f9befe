"""A graph that computes in float32 -> one that computes in float16 where that does no harm.

Inputs and outputs keep their types. ``narrow_plan`` says which nodes stay as they are; a value that
is needed in both types is converted once.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from descant.export.errors import ExportError
from descant.export.fold import keep_used_weights
from descant.export.inference import value_types
from descant.export.narrow_plan import HEAVY, wide_nodes

LARGEST = float(np.finfo(np.float16).max)
FLOAT_INPUTS = {"Resize": (1, 2)}
"""Inputs that ONNX wants as float32 whatever the operator computes in."""


def computes_in_half(model: onnx.ModelProto) -> bool:
    """Whether a graph's heavy operators compute in float16 already."""
    types = value_types(model)
    return any(
        node.op_type in HEAVY and types.get(node.input[0]) == TensorProto.FLOAT16
        for node in model.graph.node
    )


def narrow(model: onnx.ModelProto) -> onnx.ModelProto:
    """Let a float32 graph compute in float16. Mutates ``model``.

    Args:
        model: With its weights in it, and none of them narrower than it is used (``fold_weights``).

    Raises:
        ExportError: It has loops or branches, whose bodies would need the same.
    """
    graph = model.graph
    for node in graph.node:
        if any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute):
            raise ExportError(
                f"{node.op_type} {node.name!r:.80} has a graph inside, which can't be made float16",
                hint="choose --precision fp32",
            )
    types = value_types(model)
    rewriter = _Rewriter(graph, types)
    wide = wide_nodes(graph, types)
    for place, node in enumerate(list(graph.node)):
        rewriter.add(node, place in wide)
    del graph.node[:]
    graph.node.extend(rewriter.nodes)
    del graph.value_info[:]
    keep_used_weights(graph, [*graph.initializer, *rewriter.weights])
    return model


class _Rewriter:
    """Copies nodes, converting what crosses a border."""

    def __init__(self, graph: onnx.GraphProto, types: dict[str, int]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._floats = {name for name, kind in types.items() if kind == TensorProto.FLOAT}
        self._constants = {weight.name: weight for weight in graph.initializer}
        self._outputs = {value.name for value in graph.output}
        self._half: set[str] = set()
        """Values that float16 nodes make."""
        self._converted: set[str] = set()

    def add(self, node: onnx.NodeProto, wide: bool) -> None:
        """Append a node that computes in float32 or not."""
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        for place, name in enumerate(node.input):
            if name in self._floats:
                keep = wide or place in FLOAT_INPUTS.get(node.op_type, ())
                copy.input[place] = self._wide(name) if keep else self._narrow(name)
        self.nodes.append(copy)
        if wide:
            return
        if node.op_type == "Cast":
            _set_type(copy)
        for place, name in enumerate(node.output):
            if name not in self._floats:
                continue
            if name in self._outputs:
                copy.output[place] = f"{name}.half"
                self._convert(f"{name}.half", name, TensorProto.FLOAT)
                self._converted.add(f"{name}.half")
            else:
                self._half.add(name)

    def _narrow(self, name: str) -> str:
        """Return the name of a value in float16."""
        if name in self._half:
            return name
        half = f"{name}.half"
        if half not in self._converted:
            self._converted.add(half)
            if name in self._constants:
                self.weights.append(_narrow_weight(self._constants[name], half))
            else:
                self._convert(name, half, TensorProto.FLOAT16)
        return half

    def _wide(self, name: str) -> str:
        """Return the name of a value in float32."""
        if name not in self._half:
            return name
        single = f"{name}.single"
        if single not in self._converted:
            self._converted.add(single)
            self._convert(name, single, TensorProto.FLOAT)
        return single

    def _convert(self, source: str, target: str, kind: int) -> None:
        self.nodes.append(
            helper.make_node("Cast", [source], [target], name=f"cast {target}", to=kind)
        )


def _narrow_weight(weight: onnx.TensorProto, name: str) -> onnx.TensorProto:
    values = np.clip(numpy_helper.to_array(weight), -LARGEST, LARGEST)
    return numpy_helper.from_array(values.astype(np.float16), name)


def _set_type(cast: onnx.NodeProto) -> None:
    """Let a conversion to float32 be one to float16."""
    for attribute in cast.attribute:
        if attribute.name == "to" and attribute.i == TensorProto.FLOAT:
            attribute.i = TensorProto.FLOAT16
