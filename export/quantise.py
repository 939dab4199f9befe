"""Large layers of a graph in int8: bytes times bytes, so that a CPU does several at once.

Activations are uint8 with one scale and zero point per tensor, from ranges that were observed;
weights are int8 with a scale per output channel (Jacob et al. 2018). The graph says so in pairs of
QuantizeLinear and DequantizeLinear, which ONNX Runtime fuses with the layer between them. Norms,
attention, activations and all sums stay float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
import onnx_ir as ir
from numpy.typing import NDArray

from descant.export.precision import LARGE

FloatArray = NDArray[np.float32]
Ranges = Mapping[str, tuple[float, float]]
"""By the name of a value: the least and the largest number seen in it."""

NARROW = 32
"""A convolution of fewer channels in or out stays float32: it is at an end of the network, costs
little, and its error would reach the result as it is."""
LEVELS = 255
SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Layer:
    """A node that can be computed in int8."""

    node: ir.Node
    weight: FloatArray
    """(out, in, T, W) of a convolution, (in, out) of a matrix product."""
    bias: FloatArray | None
    input: ir.Value
    output: ir.Value

    @property
    def is_convolution(self) -> bool:
        """Whether it is no matrix product."""
        return self.weight.ndim == 4

    @property
    def observed(self) -> tuple[ir.Value, ...]:
        """Values whose ranges it needs; a convolution's sum is rounded to bytes again."""
        return (self.input, self.output) if self.is_convolution else (self.input,)


def find_layers(model: ir.Model) -> list[Layer]:
    """Return the layers that are worth it, in the order of the graph."""
    return [layer for node in model.graph if (layer := _layer(node)) is not None]


def observed_values(layers: Sequence[Layer]) -> list[str]:
    """Return the names of all values whose ranges ``layers`` need."""
    return list(dict.fromkeys(_name(value) for layer in layers for value in layer.observed))


def observe(graph: onnx.GraphProto, names: Sequence[str]) -> list[str]:
    """Let a graph tell the range of each value of ``names``. Mutates ``graph``.

    Returns:
        Its new outputs, scalars: of each name in turn the least number and the largest.
    """
    outputs = []
    for name in names:
        for kind in ("Min", "Max"):
            told = f"{name}.{kind.lower()}"
            node = onnx.helper.make_node(f"Reduce{kind}", [name], [told], keepdims=0)
            graph.node.append(node)
            scalar = onnx.helper.make_tensor_value_info(told, onnx.TensorProto.FLOAT, [])
            graph.output.append(scalar)
            outputs.append(told)
    return outputs


@dataclass
class Watch:
    """Ranges of values, widened call by call."""

    names: Sequence[str]
    """Of the values."""
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    def see(self, extremes: Sequence[NDArray[np.float32]]) -> None:
        """Take what one call told: least and largest of each name in turn, as ``observe`` says."""
        for name, low, high in zip(self.names, extremes[::2], extremes[1::2], strict=True):
            least, most = self.ranges.get(name, (np.inf, -np.inf))
            self.ranges[name] = min(least, float(low)), max(most, float(high))


def quantise(model: ir.Model, layers: Sequence[Layer], ranges: Ranges) -> None:
    """Compute ``layers`` in int8. Mutates ``model``.

    Args:
        model: Computes in float32.
        layers: Of ``find_layers``.
        ranges: Of each value that they need.
    """
    rewriter = _Rewriter(model.graph, ranges)
    for layer in layers:
        rewriter.rewrite(layer)
    rewriter.drop_unused()


def step_and_zero(low: float, high: float) -> tuple[np.float32, np.uint8]:
    """Return scale and zero point of bytes that reach from ``low`` to ``high`` and hold 0."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float32(max((high - low) / LEVELS, SMALLEST))
    return scale, np.uint8(np.clip(np.round(-low / scale), 0, LEVELS))


def round_weight(weight: FloatArray, axis: int) -> tuple[NDArray[np.int8], FloatArray]:
    """Return a weight in int8 and the scale of each of its channels along ``axis``."""
    others = tuple(a for a in range(weight.ndim) if a != axis)
    peak = np.abs(weight).max(axis=others, keepdims=True)
    scale = np.maximum(peak / 127.0, SMALLEST).astype(np.float32)
    return np.round(weight / scale).astype(np.int8), scale.reshape(-1)


class _Rewriter:
    """Puts pairs of QuantizeLinear and DequantizeLinear around layers."""

    def __init__(self, graph: ir.Graph, ranges: Ranges) -> None:
        self._graph, self._ranges = graph, ranges
        self._made: dict[str, ir.Value] = {}

    def rewrite(self, layer: Layer) -> None:
        """Compute a layer in int8."""
        node, name, axis = layer.node, _name(layer.output), 0 if layer.is_convolution else 1
        given = self._made.get(_name(layer.input))
        if given is None:
            given = self._made[_name(layer.input)] = self._through_bytes(layer.input, before=node)
        node.replace_input_with(0, given)
        weight, scale = round_weight(layer.weight, axis)
        node.replace_input_with(1, self._widened(f"{name}.weight", weight, scale, axis, node))
        if layer.bias is not None:
            step, _ = step_and_zero(*self._ranges[_name(layer.input)])
            steps = scale * step
            bias = np.round(layer.bias / steps.astype(np.float64)).clip(-(2**31), 2**31 - 1)
            widened = self._widened(f"{name}.bias", bias.astype(np.int32), steps, 0, node)
            node.replace_input_with(2, widened)
        if layer.is_convolution:
            uses = list(layer.output.uses())
            rounded = self._made[name] = self._through_bytes(layer.output, after=node)
            for user, place in uses:
                user.replace_input_with(place, rounded)

    def drop_unused(self) -> None:
        """Remove what widened the old weights, and these."""
        for node in reversed(list(self._graph)):
            if not any(out.uses() or out.is_graph_output() for out in node.outputs):
                self._graph.remove(node, safe=True)
        for name, value in list(self._graph.initializers.items()):
            if not value.uses():
                del self._graph.initializers[name]

    def _through_bytes(
        self, value: ir.Value, before: ir.Node | None = None, after: ir.Node | None = None
    ) -> ir.Value:
        """Round a value to bytes and widen it again."""
        name = _name(value)
        scale, zero = step_and_zero(*self._ranges[name])
        sides = [self._constant(f"{name}.scale", scale), self._constant(f"{name}.zero", zero)]
        narrow = ir.node("QuantizeLinear", [value, *sides])
        wide = ir.node("DequantizeLinear", [narrow.outputs[0], *sides])
        narrow.outputs[0].name, wide.outputs[0].name = f"{name}.bytes", f"{name}.rounded"
        if before is not None:
            self._graph.insert_before(before, [narrow, wide])
        elif after is not None:
            self._graph.insert_after(after, [narrow, wide])
        return wide.outputs[0]

    def _widened(
        self,
        name: str,
        whole: NDArray[np.int8] | NDArray[np.int32],
        scale: FloatArray,
        axis: int,
        before: ir.Node,
    ) -> ir.Value:
        """Store whole numbers with their scales; return them as they are multiplied."""
        zero = np.zeros(len(scale), whole.dtype)
        inputs = [
            self._constant(f"{name}.whole", whole),
            self._constant(f"{name}.scale", scale),
            self._constant(f"{name}.zero", zero),
        ]
        node = ir.node("DequantizeLinear", inputs, {"axis": axis})
        node.outputs[0].name = name
        self._graph.insert_before(before, node)
        return node.outputs[0]

    def _constant(self, name: str, numbers: NDArray[np.generic] | np.generic) -> ir.Value:
        tensor = ir.Tensor(np.asarray(numbers), name=name)
        value = ir.Value(
            name=name, shape=ir.Shape(tensor.shape.numpy()), type=ir.TensorType(tensor.dtype),
            const_value=tensor,
        )  # fmt: skip
        self._graph.initializers.add(value)
        return value


def _layer(node: ir.Node) -> Layer | None:
    if node.op_type not in ("Conv", "MatMul"):
        return None
    given, weight = node.inputs[0], _numbers(node.inputs[1])
    if given is None or weight is None or weight.size < LARGE:
        return None
    if weight.ndim != (4 if node.op_type == "Conv" else 2):
        return None
    if weight.ndim == 4 and min(weight.shape[:2]) < NARROW:
        return None
    bias = _numbers(node.inputs[2]) if len(node.inputs) > 2 else None
    return Layer(node, weight, bias, given, node.outputs[0])


def _numbers(value: ir.Value | None) -> FloatArray | None:
    """Return the numbers of a weight, also of one that is widened when the graph is loaded."""
    if value is None:
        return None
    if value.const_value is not None:
        return np.asarray(value.const_value.numpy(), np.float32)
    node = value.producer()
    if node is None or node.op_type not in ("Cast", "Mul"):
        return None
    parts = [part for given in node.inputs if (part := _numbers(given)) is not None]
    if len(parts) < len(node.inputs):
        return None
    return np.asarray(parts[0] if node.op_type == "Cast" else parts[0] * parts[1], np.float32)


def _name(value: ir.Value) -> str:
    assert value.name is not None
    return value.name
