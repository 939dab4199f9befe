"""A starter pack -> checkpoints of the training, as near as its stored weights allow.

Checkpoints are not kept with the packs. A fresh network is filled with numbers that occur nowhere
else and exported; where those numbers stand in its graph, the pack's graph of the same name holds
the trained ones, as int8 or fp16. What no graph holds (temperatures, a distilled teacher's twin)
keeps its first value. The networks must be those that the pack was made of.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from descant.export.errors import ExportError
from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.export.starter_parts import Part, starter_parts
from descant.models.training.clmp import Clmp
from descant.models.training.loop import Metrics
from descant.runtime.pack import open_pack

FOLDED = ("transcriber",)
"""Phases whose graphs hold something else than their parameters: norms are part of convolutions."""
Array = NDArray[np.float32]


def recover_checkpoints(pack: Path, training: Path, report: Callable[[str], None]) -> None:
    """Write ``<phase>.best.pt`` for every phase of a starter pack.

    Args:
        pack: Folder or file.
        training: Folder of the training phases; checkpoints in it are replaced.
        report: Receives one line per graph.

    Raises:
        ExportError: A graph is not of today's networks.
    """
    training.mkdir(parents=True, exist_ok=True)
    with open_pack(pack) as opened, torch.no_grad():
        parts = [part for part in starter_parts(Clmp()) if part.phase not in FOLDED]
        for plan in [plan for part in parts for plan in part.plans()]:
            if plan.name in opened.spec.graphs:
                found = recover_module(plan, opened.read(f"graphs.{plan.name}"))
                report(f"{plan.name}: {found} tensors")
        for part in parts:
            _save(part, opened.spec.provenance.phases.get(part.phase, {}), training)


def _save(part: Part, metrics: Metrics, training: Path) -> None:
    target = training / f"{part.phase}.best.pt"
    fresh = target.with_name(f"{target.name}.part")
    content = {"model": part.module.state_dict(), "metrics": metrics, "minutes": 0.0, "step": 0}
    torch.save(content, fresh)
    fresh.replace(target)


def recover_module(plan: GraphPlan, content: bytes) -> int:
    """Fill the module of ``plan`` with a graph's weights.

    Returns:
        How many tensors were found; others keep their values.

    Raises:
        ExportError: A weight has another place or shape in the graph.
    """
    tensors = _tensors(plan.module)
    first = {name: values.clone() for name, values in tensors.items()}
    marks = _mark(tensors)
    fresh = stored_weights(export_onnx(plan))
    trained = stored_weights(onnx.load_from_string(content))
    found: set[str] = set()
    for weight, array in fresh.items():
        for name, mark in marks.items():
            turned = _as_in_graph(mark, array)
            if name in found or turned is None:
                continue
            if weight not in trained or trained[weight].shape != array.shape:
                raise ExportError(
                    f"{plan.name}: {name} is not in the pack's graph as it would be today",
                    hint="recover with the version of descant that made the pack",
                )
            values = torch.from_numpy(np.array(turned(trained[weight])))
            tensors[name].copy_(values.reshape(tensors[name].shape))
            found.add(name)
            break
    for name in set(marks) - found:
        tensors[name].copy_(first[name])
    return len(found)


def stored_weights(model: onnx.ModelProto) -> dict[str, Array]:
    """Return a graph's float weights by name, widened as ``store_compactly`` says."""
    raw = {w.name: numpy_helper.to_array(w) for w in model.graph.initializer}
    weights: dict[str, Array] = {}
    for name, values in raw.items():
        if name.endswith(".int8"):
            stem = name.removesuffix(".int8")
            weights[stem] = values.astype(np.float32) * raw[f"{stem}.scale"]
        elif name.endswith(".fp16"):
            weights[name.removesuffix(".fp16")] = values.astype(np.float32)
        elif values.dtype == np.float32 and not name.endswith(".scale"):
            weights[name] = values
    return weights


def _tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return the parameters; what a module computes with besides is not learned."""
    return {name: parameter.data for name, parameter in module.named_parameters()}


def _mark(tensors: dict[str, Tensor]) -> dict[str, Array]:
    """Fill tensors with random numbers, and return them."""
    draw = torch.Generator().manual_seed(1)
    marks: dict[str, Array] = {}
    for name, values in tensors.items():
        values.copy_(torch.randn(values.shape, generator=draw) * 0.05)
        marks[name] = values.numpy().copy()
    return marks


def _as_in_graph(mark: Array, array: Array) -> Callable[[Array], Array] | None:
    """Return how to turn a graph's array into the parameter; None if it is another one."""
    if mark.size != array.size:
        return None
    if np.array_equal(mark.ravel(), array.ravel()):
        return lambda values: values
    if mark.ndim == 2 and array.shape == mark.shape[::-1] and np.array_equal(mark.T, array):
        return lambda values: values.T
    return None
