"""The parity gate: an exported graph against its fp32 network."""

from __future__ import annotations

import numpy as np
import torch

from descant.export.errors import ParityError
from descant.export.onnx_graph import GraphPlan
from descant.models.spec import ParitySpec


def measure_parity(plan: GraphPlan, content: bytes, tolerance: float) -> ParitySpec:
    """Run graph and network on the plan's example; refuse a graph that is too far off.

    Raises:
        ParityError: The worst output's relative RMS error exceeds ``tolerance``.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    feeds = {name: value.numpy() for name, value in plan.example.items()}
    made = session.run(list(plan.outputs), feeds)
    with torch.no_grad():
        wanted = plan.module.eval()(*(plan.example[name] for name in plan.inputs))
    if isinstance(wanted, torch.Tensor):
        wanted = (wanted,)
    worst, relative = 0.0, 0.0
    for ours, theirs in zip(made, wanted, strict=True):
        reference = theirs.numpy()
        difference = np.asarray(ours) - reference
        worst = max(worst, float(np.abs(difference).max()))
        rms = float(np.sqrt(np.square(difference).mean() / np.square(reference).mean()))
        relative = max(relative, rms)
    if not relative <= tolerance:  # also catches NaN
        raise ParityError(plan.name, relative, tolerance)
    return ParitySpec(worst, relative, tolerance)
