"""One PyTorch module -> one ONNX file with named, dynamic axes."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import onnx
import torch
from torch import Tensor, nn

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
    """Return ``plan`` as an ONNX model with fp32 weights."""
    with warnings.catch_warnings():
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
    model = program.model_proto
    for value in model.graph.output:  # the exporter invents names for derived sizes
        dims = value.type.tensor_type.shape.dim
        for dim, size in zip(dims, plan.outputs[value.name].shape, strict=True):
            if isinstance(size, str):
                dim.dim_param = size
    return model


def _dynamic_shapes(plan: GraphPlan) -> tuple[Any, ...]:
    """Turn symbolic axes such as "F" or "8*F" into torch dimensions."""
    dims: dict[str, Any] = {}
    return tuple(
        {axis: _dim(size, dims) for axis, size in enumerate(spec.shape) if isinstance(size, str)}
        for spec in plan.inputs.values()
    )


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
