"""A graph of a pack -> the file that an engine is built from.

Its weights are widened and its precision is that of the engine. What float16 costs is measured on
the CPU before anything is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import inliner
from onnx.external_data_helper import load_external_data_for_model

from descant.export.attention import adapt_attention
from descant.export.compare import compare
from descant.export.engine_examples import example_inputs
from descant.export.errors import ExportError, ExportInputError, ParityError
from descant.export.fold import fold_weights
from descant.export.narrow import computes_in_half, narrow
from descant.export.rounding import round_every_step
from descant.models.spec import GraphSpec
from descant.runtime.engine_cache import ShapeRange
from descant.runtime.errors import PackFormatError
from descant.runtime.onnx_guard import check_onnx
from descant.runtime.ort_errors import ort_errors
from descant.runtime.pack import Pack

Precision = Literal["fp16", "fp32"]
RECIPE = 1
"""Of what this file does to a graph; engines of another are built anew."""
TOLERANCE = 2e-2
"""Relative RMS error allowed to a graph in float16."""
EMBEDDED = 1024
"""Bytes up to which a weight stays in the graph's file."""


@dataclass(frozen=True)
class BuildGraph:
    """What is built."""

    path: Path
    relative_error: float | None
    """Of what it computes in float16 to the same in float32; None when it computes in float32."""


def prepare_graph(
    pack: Pack, name: str, precision: Precision, profile: Mapping[str, ShapeRange], work: Path
) -> BuildGraph:
    """Write the graph that an engine is built from.

    Args:
        pack: Open.
        name: Of the graph.
        precision: What it computes in.
        profile: Shapes of its inputs; the shortest are computed for the comparison.
        work: An empty folder.

    Raises:
        PackFormatError: The graph is no ONNX, or reaches outside the pack.
        ExportInputError: It is stored to compute in float16, and float32 is wanted.
        ExportError: It can't be made float16, or TensorRT can't take an attention of it.
        ParityError: In float16 it is too far from what it is in float32.
    """
    model = _load(pack, name, work)
    half = computes_in_half(model)
    if half and precision == "fp32":
        raise ExportInputError(
            f"graph {name!r} computes in float16 as it is stored",
            hint="choose --precision fp16, or import the checkpoint with --target cpu",
        )
    stored = _save(model, work / "stored.onnx")
    if precision == "fp32":
        return BuildGraph(stored, None)
    path = stored if half else _save(narrow(onnx.load(stored)), work / "narrow.onnx")
    rounded = _save(round_every_step(onnx.load(path)), work / "rounded.onnx")
    contract = pack.spec.graphs[name]
    inputs = example_inputs(contract, profile)
    made, wanted = (_run(name, graph, contract, inputs) for graph in (rounded, stored))
    try:
        parity = compare(name, made, wanted, TOLERANCE)
    except ParityError as error:
        error.hint = f"choose --precision fp32, or leave {name} out with --graphs"
        raise
    return BuildGraph(path, parity.relative_error)


def _load(pack: Pack, name: str, work: Path) -> onnx.ModelProto:
    """Return a graph with its weights in it, widened."""
    spec = pack.spec.graphs[name]
    content = pack.read(f"graphs.{name}")
    try:
        check_onnx(content, (spec.weights.file,) if spec.weights else ())
        model = onnx.load_from_string(content)
        if spec.weights is not None:
            (work / spec.weights.file).write_bytes(pack.read(f"graphs.{name}.weights"))
            load_external_data_for_model(model, str(work))
    except ValueError as error:
        raise PackFormatError(f"graph {name!r}: {error}", hint="get the pack again") from error
    if model.functions:
        model = inliner.inline_local_functions(model)
    return adapt_attention(fold_weights(model))


def _save(model: onnx.ModelProto, path: Path) -> Path:
    """Write a model, and its large weights, which it loses, in a file beside it."""
    onnx.save_model(
        model, path, save_as_external_data=True, location=f"{path.stem}.weights",
        size_threshold=EMBEDDED,
    )  # fmt: skip
    return path


def _run(
    name: str, path: Path, contract: GraphSpec, inputs: dict[str, NDArray[Any]]
) -> list[NDArray[np.float32]]:
    """Return a graph's outputs on the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # For one run it is not worth a second copy of all weights in another layout.
    options.add_session_config_entry("session.disable_prepacking", "1")
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        made: list[NDArray[np.float32]] = session.run(list(contract.outputs), inputs)
    except ort_errors() as error:
        raise ExportError(
            f"graph {name!r} can't be run for the comparison: {str(error)[:300]}",
            hint="choose --precision fp32, or tell the developers",
        ) from error
    return made
