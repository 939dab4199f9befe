"""The parity gate: an exported graph against its fp32 network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from descant.export.compare import compare
from descant.export.onnx_graph import GraphPlan
from descant.models.spec import ParitySpec


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
