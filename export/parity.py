"""The parity gate: an exported graph against its fp32 network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.errors import ParityError
from descant.export.onnx_graph import GraphPlan
from descant.models.spec import ParitySpec

Arrays = Sequence[NDArray[Any]]


def measure_parity(plan: GraphPlan, content: bytes, tolerance: float) -> ParitySpec:
    """Run graph and network on the plan's example; refuse a graph that is too far off.

    Raises:
        ParityError: The worst output's relative RMS error exceeds ``tolerance``.
    """
    return compare(plan.name, run_graph(plan, content), run_network(plan), tolerance)


@torch.no_grad()
def run_network(plan: GraphPlan) -> list[NDArray[Any]]:
    """Return the network's outputs for the plan's example."""
    made = plan.module.eval()(*(plan.example[name] for name in plan.inputs))
    return [value.numpy() for value in ((made,) if isinstance(made, torch.Tensor) else made)]


def run_graph(plan: GraphPlan, graph: bytes | Path) -> list[NDArray[Any]]:
    """Return a graph's outputs for the plan's example; external weights lie beside its file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # For one run it is not worth a second copy of all weights in another layout.
    options.add_session_config_entry("session.disable_prepacking", "1")
    content = str(graph) if isinstance(graph, Path) else graph
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    feeds = {name: value.numpy() for name, value in plan.example.items()}
    made: list[NDArray[Any]] = session.run(list(plan.outputs), feeds)
    return made


def compare(name: str, made: Arrays, wanted: Arrays, tolerance: float) -> ParitySpec:
    """Return how far a graph's outputs are from the network's.

    Raises:
        ParityError: The worst output's relative RMS error exceeds ``tolerance``.
    """
    worst, relative = 0.0, 0.0
    for ours, reference in zip(made, wanted, strict=True):
        difference = np.asarray(ours) - reference
        worst = max(worst, float(np.abs(difference).max()))
        rms = float(np.sqrt(np.square(difference).mean() / np.square(reference).mean()))
        if not rms <= tolerance:  # also catches NaN
            raise ParityError(name, rms, tolerance)
        relative = max(relative, rms)
    return ParitySpec(worst, relative, tolerance)
