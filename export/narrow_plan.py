"""Which nodes of a graph keep computing in float32 when the others go to float16."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import onnx
from onnx import TensorProto

HEAVY = frozenset({"Attention", "Conv", "ConvTranspose", "Gemm", "MatMul"})
"""Where the time goes; tensor cores multiply float16 and add up in float32."""
ELEMENTWISE = frozenset(
    {
        "Abs", "Add", "Cast", "Clip", "Div", "Elu", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu",
        "Max", "Min", "Mish", "Mul", "Neg", "PRelu", "Relu", "Sigmoid", "Sub", "Sum", "Swish",
        "Tanh", "Where",
    }
)  # fmt: skip
LAYOUT = frozenset(
    {
        "Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "Identity", "MaxPool", "Pad",
        "Reshape", "Resize", "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose",
        "Unsqueeze",
    }
)  # fmt: skip
LIGHT = ELEMENTWISE | LAYOUT
"""Float16 unless everything around them is float32. What is in neither set, norms, softmax, sums,
powers and roots, stays float32."""
ALL_BEFORE = frozenset(
    {"Cos", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Log", "Sin"}
)
"""What leads to them stays float32 too: faint bands of a mel are nothing in float16, and an angle
of hundreds, or a comparison, has no digits left after the point."""
ALL_AFTER = frozenset({"Exp"})
"""What they lead to stays float32 too: magnitudes from a logarithm span more than float16 holds."""


class Flow:
    """Float32 values of a graph: who makes them, who takes them."""

    def __init__(self, graph: onnx.GraphProto, types: dict[str, int]) -> None:
        self.nodes = list(graph.node)
        self.floats = {name for name, kind in types.items() if kind == TensorProto.FLOAT}
        self.constants = {weight.name for weight in graph.initializer}
        self.maker = {name: i for i, node in enumerate(self.nodes) for name in node.output}
        self.takers: dict[str, list[int]] = {}
        for i, node in enumerate(self.nodes):
            for name in node.input:
                self.takers.setdefault(name, []).append(i)
        self.outputs = [value.name for value in graph.output]

    def sources(self, i: int) -> list[str]:
        """Float32 inputs of a node that are no constants."""
        return [
            name for name in self.nodes[i].input
            if name in self.floats and name not in self.constants
        ]  # fmt: skip

    def before(self, i: int) -> Iterable[int]:
        """Nodes that make the inputs of a node."""
        return (self.maker[name] for name in self.nodes[i].input if name in self.maker)

    def after(self, i: int) -> Iterable[int]:
        """Nodes that take the outputs of a node."""
        return (j for name in self.nodes[i].output for j in self.takers.get(name, ()))


def wide_nodes(graph: onnx.GraphProto, types: dict[str, int]) -> set[int]:
    """Return the places of the nodes that stay float32.

    These are the operators that need it, what leads to or follows from some of them, the light
    operators between the last heavy one and an output, where a solver's update or a denormalised
    mel would lose digits for nothing, and light operators that no float16 reaches.
    """
    flow = Flow(graph, types)
    wide = {i for i, node in enumerate(flow.nodes) if node.op_type not in HEAVY | LIGHT}
    wide |= {i for i, node in enumerate(flow.nodes) if _indexes(flow, node)}
    before = [i for i, node in enumerate(flow.nodes) if node.op_type in ALL_BEFORE]
    before += [i for i, node in enumerate(flow.nodes) if _indexes(flow, node)]
    wide |= _reach(before, flow.before)
    after = [i for i, node in enumerate(flow.nodes) if node.op_type in ALL_AFTER]
    wide |= _reach(after, flow.after)
    ends = [flow.maker[name] for name in flow.outputs if name in flow.maker]
    light = {i for i, node in enumerate(flow.nodes) if node.op_type in LIGHT}
    wide |= _reach(ends, flow.before, within=light)
    for i in sorted(light):
        sources = flow.sources(i)
        if sources and all(name not in flow.maker or flow.maker[name] in wide for name in sources):
            wide.add(i)
    return wide


def _indexes(flow: Flow, node: onnx.NodeProto) -> bool:
    """Whether a node turns numbers into whole ones, which may be places or lengths."""
    return (
        node.op_type == "Cast"
        and any(name in flow.floats for name in node.input)
        and not any(name in flow.floats for name in node.output)
    )


def _reach(
    starts: Iterable[int], step: Callable[[int], Iterable[int]], within: set[int] | None = None
) -> set[int]:
    """Return the starts and all that can be reached from them; with ``within`` only through it."""
    found: set[int] = set()
    waiting = [i for i in starts if within is None or i in within]
    while waiting:
        i = waiting.pop()
        if i not in found:
            found.add(i)
            waiting += [j for j in step(i) if within is None or j in within]
    return found
