"""What a session is made of: a graph of the pack, an engine of it, or the solver's own graph."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from descant.models.spec import GraphSpec, Manifest
from descant.runtime.errors import PackFormatError
from descant.runtime.onnx_guard import check_onnx, count_weights
from descant.runtime.pack import PackFiles
from descant.runtime.prebuilt import Prebuilt
from descant.runtime.solver_graph import SOLVER_SPEC, solver_graph

MEMORY_FACTOR = 2.0
"""Memory of a loaded graph over that of its weights in float32: ONNX Runtime lays matrices out
anew for its kernels. All of the starter's graphs together took 1.84 times as much."""


@dataclass(frozen=True, slots=True)
class GraphSource:
    """Everything that a session needs."""

    spec: GraphSpec
    model: bytes | str
    """Content, or path of an engine's wrapper."""
    needed_mb: float
    """Memory of the session, estimated from its weights."""
    weights: bytes | None = None
    """Content of the file beside the graph."""
    engine: Prebuilt | None = None

    def add_weights(self, options: Any) -> None:
        """Hand the file beside the graph to ``SessionOptions``: ONNX Runtime opens no file."""
        if self.weights is not None and self.spec.weights is not None:
            options.add_external_initializers_from_files_in_memory(
                [self.spec.weights.file], [self.weights], [len(self.weights)]
            )


def read_graph(pack: PackFiles[Manifest], name: str) -> GraphSource:
    """Read a graph of a pack and look for what must not be in it.

    Raises:
        PackIntegrityError: Its file has changed since the pack was opened.
        PackFormatError: It is not a graph, or reaches outside the pack.
    """
    spec = pack.spec.graphs[name]
    content = pack.read(f"graphs.{name}")
    try:
        check_onnx(content, (spec.weights.file,) if spec.weights else ())
    except ValueError as error:
        raise PackFormatError(f"graph {name!r}: {error}", hint="get the pack again") from error
    weights = pack.read(f"graphs.{name}.weights") if spec.weights else None
    return GraphSource(spec, content, count_weights(content) * 4e-6 * MEMORY_FACTOR, weights)


def engine_source(spec: GraphSpec, engine: Prebuilt) -> GraphSource:
    """Take an engine in place of the graph that it was built from."""
    assert engine.path is not None
    size = engine.path.with_suffix(".plan").stat().st_size
    return GraphSource(spec, str(engine.path), size / 1e6, engine=engine)


def solver_source() -> GraphSource:
    """Return the solver's graph; it has no weights."""
    return GraphSource(SOLVER_SPEC, solver_graph(), 0.0)


def least_memory_mb(pack: PackFiles[Manifest]) -> int:
    """Free memory of a card without which it could not hold the largest of a pack's graphs."""
    graphs = pack.spec.graphs.values()
    sizes = [g.size_bytes + (g.weights.size_bytes if g.weights else 0) for g in graphs]
    return math.ceil(max(sizes) * MEMORY_FACTOR / 1e6)
