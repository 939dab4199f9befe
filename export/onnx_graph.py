"""One PyTorch module -> one ONNX file with named, dynamic axes."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from typing import Any

import onnx
import onnx_ir
import torch
from torch import Tensor, nn

from descant.export.onnx_functions import attach_functions
from descant.models.spec import Shape, TensorSpec

OPSET = 23


@dataclass(frozen=True, slots=True)
class GraphPlan:
    """A module, its contract and an example of its inputs."""

    name: str
    module: nn.Module
    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]
    example: dict[str, Tensor]
    """By input name; sizes of symbolic axes are those of a typical call."""
    int8: bool = True
    """Whether its large matrices may be stored as int8."""


def export_onnx(plan: GraphPlan) -> onnx.ModelProto:
    """Return ``plan`` as an ONNX model with the module's weights in it, up to 2 GB of them."""
    model: onnx.ModelProto = onnx_ir.to_proto(export_model(plan))
    drop_notes(model)
    return model


def export_model(plan: GraphPlan) -> onnx_ir.Model:
    """Return ``plan`` as an ONNX model whose weights are still the module's: no copy is made."""
    # It warns of operators of torchvision, which no network here has.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    # Attention takes other paths, with results of other strides, where a mask is to be learned.
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            plan.module.eval(),
            tuple(plan.example[name] for name in plan.inputs),
            input_names=list(plan.inputs),
            output_names=list(plan.outputs),
            dynamic_shapes=_dynamic_shapes(plan),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    attach_functions(program.model)
    _name_sides(plan, program.model.graph)
    return program.model


def _name_sides(plan: GraphPlan, graph: onnx_ir.Graph) -> None:
    """Let inputs and outputs alone have their names, and outputs the plan's sizes."""
    for value in graph.outputs:  # the exporter invents names for derived sizes
        assert value.name is not None
        value.shape = onnx_ir.Shape(plan.outputs[value.name].shape)
    sides = {id(value) for value in (*graph.inputs, *graph.outputs)}
    for node in graph:
        for value in node.outputs:  # it names values after operators, one of them "embedding"
            if id(value) not in sides and value.name in (plan.inputs | plan.outputs):
                value.name = f"{value.name}.inner"


def _dynamic_shapes(plan: GraphPlan) -> tuple[Any, ...] | None:
    """Turn symbolic axes such as "F" or "8*F" into torch dimensions; None if there are none."""
    dims: dict[str, Any] = {}
    found = tuple(
        {axis: _dim(size, dims) for axis, size in enumerate(spec.shape) if isinstance(size, str)}
        for spec in plan.inputs.values()
    )
    return found if any(found) else None


def _dim(size: str, dims: dict[str, Any]) -> Any:
    match = re.fullmatch(r"(?:(\d+)\*)?([A-Z][a-z]*)", size)
    if match is None:
        raise ValueError(f"not a symbolic size: {size!r}")
    factor, name = match.groups()
    if name not in dims:
        dims[name] = torch.export.Dim(name, min=1, max=65536)
    return int(factor) * dims[name] if factor else dims[name]


def tensor(dtype: str, *shape: int | str) -> TensorSpec:
    """Shorthand for a ``TensorSpec``."""
    sizes: Shape = tuple(shape)
    return TensorSpec(dtype, sizes)  # type: ignore[arg-type]


def drop_notes(content: onnx.ModelProto) -> None:
    """Remove what the exporter wrote of the source code: paths, lines, module names."""
    del content.metadata_props[:]
    del content.graph.metadata_props[:]
    for node in content.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*content.graph.value_info, *content.graph.input, *content.graph.output):
        del value.metadata_props[:]
