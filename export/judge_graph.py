"""The trained judge -> the graph and the card by which ``descant eval`` measures music."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import torch

from descant.export.errors import ExportError
from descant.export.judge import CARD_FILE, GRAPH_FILE
from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.models.judge_spec import EMBEDDING_DIM, HEADS, JUDGE_FORMAT, JudgeSpec
from descant.models.nets.judge import BANDS, Judge
from descant.models.spec import GraphSpec
from descant.models.strict_json import to_json
from descant.models.training.loop import load_best
from descant.runtime.files import write_atomically

TOLERANCE = 6e-2
"""Relative RMS error that int8 weights may cost; few answers hang on it, and the ceilings that the
measured shares stand beside are the same graph's."""
MAX_BYTES = 2_000_000
DATA = "SynthSet's train split: music composed by descant's own rules, rendered with a soundfont."
EXAMPLE_FRAMES = 432


def judge_plan(judge: Judge) -> GraphPlan:
    """Return ``judge``: log-mel (B, 128, T) to the features and the heads' logits."""
    torch.manual_seed(0)
    heads = {name: tensor("float32", "B", len(classes)) for name, classes in HEADS.items()}
    return GraphPlan(
        "judge",
        judge,
        {"mel": tensor("float32", "B", BANDS, "T")},
        {"features": tensor("float32", "B", EMBEDDING_DIM), **heads},
        {"mel": torch.randn(2, BANDS, EXAMPLE_FRAMES) * 1.5 - 0.5},
    )


def export_judge(
    training: Path, folder: Path, hardware: str, report: Callable[[str], None]
) -> JudgeSpec:
    """Export the best checkpoint of the phase ``judge``.

    Args:
        training: Folder of the training phases.
        folder: Where graph and card go.
        hardware: What it was trained on, for the card.
        report: Receives a line.

    Raises:
        ExportError: The graph is too large, or too far from the network.
        FileNotFoundError: The phase has not been trained there.
    """
    judge = Judge()
    metrics = load_best(training, "judge", judge)
    plan = judge_plan(judge)
    content = store_compactly(export_onnx(plan), int8=True).SerializeToString()
    if len(content) > MAX_BYTES:
        raise ExportError(f"the judge's graph has {len(content)} bytes, at most {MAX_BYTES}")
    parity = measure_parity(plan, content, TOLERANCE)
    digest = hashlib.sha256(content).hexdigest()
    graph = GraphSpec(GRAPH_FILE, digest, len(content), plan.inputs, plan.outputs, parity)
    spec = JudgeSpec(JUDGE_FORMAT, "MIT", DATA, hardware, graph, metrics)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / GRAPH_FILE, content)
    card = json.dumps(to_json(spec), indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / CARD_FILE, card.encode("utf-8"))
    report(f"{folder}: {len(content) / 1e6:.1f} MB, {parity}")
    return spec
