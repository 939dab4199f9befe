"""A float16 graph -> one with the same rounding that a CPU can run.

ONNX Runtime's CPU kernels take float32. Where a graph asks for float16 it converts at the ends of
whole chains of operators, so that nothing in between is rounded and nothing overflows: a comparison
would find every graph good. Here each operator's result is rounded, as a card does it, which adds
up in float32 and stores float16.
"""

from __future__ import annotations

import onnx
from onnx import TensorProto, helper

from descant.export.inference import value_types


def round_every_step(model: onnx.ModelProto) -> onnx.ModelProto:
    """Compute in float32 and round each float16 value on its way. Mutates ``model``."""
    types = value_types(model)
    half = {name for name, kind in types.items() if kind == TensorProto.FLOAT16}
    nodes: list[onnx.NodeProto] = []
    widened: set[str] = set()
    for node in model.graph.node:
        if node.op_type == "Cast" or not half.intersection((*node.input, *node.output)):
            nodes.append(node)
            continue
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        for place, name in enumerate(node.input):
            if name in half:
                copy.input[place] = f"{name}.widened"
                if name not in widened:
                    widened.add(name)
                    nodes.append(_cast(name, f"{name}.widened", TensorProto.FLOAT))
        nodes.append(copy)
        for place, name in enumerate(node.output):
            if name in half:
                copy.output[place] = f"{name}.unrounded"
                nodes.append(_cast(f"{name}.unrounded", name, TensorProto.FLOAT16))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.value_info[:]
    return model


def _cast(source: str, target: str, kind: int) -> onnx.NodeProto:
    return helper.make_node("Cast", [source], [target], to=kind)
