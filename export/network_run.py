"""Networks -> the graphs of a pack, one in memory at a time; an interrupted run is gone on with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from torch import Tensor, nn

from descant.export.checkpoints.plan import UNetWeights
from descant.export.compare import Arrays, compare
from descant.export.errors import ParityError
from descant.export.graph_file import MAX_EMBEDDED, Layout, write_graph
from descant.export.ldm_networks import Network, fingerprint
from descant.export.onnx_graph import OPSET, GraphPlan, export_model
from descant.export.pack_part import PackPart
from descant.export.parity import run_graph, run_network
from descant.models.spec import GraphSpec

Precision = Literal["fp32", "fp16"]
Target = Literal["cpu", "gpu"]
TOLERANCE: dict[Precision, float] = {"fp32": 1e-4, "fp16": 2e-2}
"""Relative RMS error allowed to a graph."""
FORMAT = 2
"""Of the graphs that are written here; finished ones of another are made anew."""
OnProgress = Callable[[str, float], None]
"""Called with a graph's name and the share (0 … 1) of the work that is done; raises to stop."""


@dataclass(frozen=True)
class PackOptions:
    """How a pack is written."""

    precision: Precision = "fp16"
    """Of the stored weights. fp16 is half the size, at a relative error near 1e-3 per graph."""
    target: Target = "cpu"
    """Where fp16 weights are computed. For a CPU they are widened when the graph is loaded: ONNX
    Runtime converts around each operator there, which took 11 % longer for a block of the UNet. For
    a GPU, UNet, VAE and vocoder compute in fp16."""
    weights: UNetWeights = "ema"
    """Of the UNet: the moving average, as published sampling does, or those of the last step."""
    max_embedded: int = MAX_EMBEDDED
    """Bytes of weights that a graph's own file may hold."""

    def layout(self, network: Network) -> Layout:
        """Return how a network is stored."""
        if self.precision == "fp32":
            return "fp32"
        return "half" if self.target == "gpu" and network.halves else "widened"


Load = Callable[[str], Mapping[str, Tensor]]
"""A network's name -> its weights."""


@dataclass
class Counter:
    """Counts numbers of weights: they are what time goes by."""

    total: int
    on_progress: OnProgress
    done: int = 0

    def show(self, name: str, count: int = 0) -> None:
        """Tell that ``count`` more numbers are done and what is next."""
        self.done += count
        self.on_progress(name, min(1.0, self.done / self.total))


class NetworkRun:
    """Graphs of one export."""

    def __init__(
        self, load: Load, sizes: object, part: PackPart, options: PackOptions, progress: Counter
    ) -> None:
        """Prepare to write graphs.

        Args:
            load: Returns a network's weights.
            sizes: Whose text names all that graphs depend on beside weights.
            part: Where they are written.
            options: How.
            progress: Told before each graph.
        """
        self.load, self.sizes = load, sizes
        self.part, self.options, self.progress = part, options, progress
        self.graphs: dict[str, GraphSpec] = {}
        self.reused: list[str] = []
        self._fingerprints: list[str] = []

    def export(self, network: Network, count: int) -> None:
        """Export a network's graphs, or take over those of an interrupted run."""
        self.progress.show(network.graphs[0])
        state = self.load(network.part)
        key = self._key(network, fingerprint(state))
        finished = {name: self.part.finished(name, key) for name in network.graphs}
        self.graphs |= {name: spec for name, spec in finished.items() if spec is not None}
        self.reused += [name for name, spec in finished.items() if spec is not None]
        missing = [name for name, spec in finished.items() if spec is None]
        if missing:
            module = network.load(state)
            del state
            self._export(network, module, missing, key)
        self.progress.show(network.graphs[-1], count)

    def version(self) -> str:
        """Return a name for the weights: the same weights have the same."""
        return hashlib.sha256("".join(self._fingerprints).encode()).hexdigest()[:12]

    def _export(self, network: Network, module: nn.Module, missing: list[str], key: str) -> None:
        plans = network.planned(module)
        wanted = {plan.name: run_network(plan) for plan in plans if plan.name in missing}
        layout = self.options.layout(network)
        made = network.planned_half(module, plans) if layout == "half" else plans
        for plan, source in zip(plans, made, strict=True):
            if plan.name in missing:
                self.progress.show(plan.name)
                spec = self._graph(plan, source, layout, wanted[plan.name])
                self.part.finish(plan.name, key, spec)
                self.graphs[plan.name] = spec

    def _graph(
        self, plan: GraphPlan, source: GraphPlan, layout: Layout, wanted: Arrays
    ) -> GraphSpec:
        """Export ``source`` under the contract of ``plan`` and hold it against the network."""
        file, weights = write_graph(
            export_model(source), plan.name, layout, self.part, self.options.max_embedded
        )
        made = run_graph(plan, self.part.folder / file.file)
        try:
            parity = compare(plan.name, made, wanted, TOLERANCE[self.options.precision])
        except ParityError as error:
            error.hint = "Choose --precision fp32." if layout != "fp32" else "Tell the developers."
            if layout == "half":
                error.hint = "Choose --target cpu, which computes in fp32, or --precision fp32."
            raise
        return GraphSpec(
            file.file, file.sha256, file.size_bytes, plan.inputs, plan.outputs, parity, weights
        )

    def _key(self, network: Network, weights: str) -> str:
        """Name everything that a graph's bytes depend on."""
        self._fingerprints.append(weights)
        parts = (
            FORMAT, OPSET, version("torch"), version("onnxscript"), network.part,
            self.sizes, self.options.layout(network), self.options.max_embedded, weights,
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()
