"""A published checkpoint (MG2, AudioLDM) -> a pack, one network in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from torch import nn

from descant.export.checkpoints.imported import Imported, import_checkpoint
from descant.export.checkpoints.plan import UNetWeights
from descant.export.compare import Arrays, compare
from descant.export.errors import ExportInputError, ParityError
from descant.export.graph_file import MAX_EMBEDDED, Layout, write_graph
from descant.export.import_files import read_side_files
from descant.export.import_paths import sort_paths
from descant.export.ldm_networks import Network, fingerprint, networks, numbers
from descant.export.ldm_pack_spec import check_whole, family_of, pack_spec
from descant.export.onnx_graph import OPSET, GraphPlan, export_model
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_output
from descant.export.parity import run_graph, run_network
from descant.models.clmp_spec import ClmpSpec, RobertaSpec
from descant.models.spec import GraphSpec, PackSpec

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


@dataclass(frozen=True)
class ExportedPack:
    """What an export has made."""

    spec: PackSpec
    reused: tuple[str, ...]
    """Graphs that an interrupted run had finished."""


@dataclass
class _Progress:
    """Counts numbers of weights: they are what time goes by."""

    total: int
    on_progress: OnProgress
    done: int = 0

    def show(self, name: str, count: int = 0) -> None:
        self.done += count
        self.on_progress(name, min(1.0, self.done / self.total))


def export_checkpoint(
    paths: Sequence[Path], output: Path, options: PackOptions, on_progress: OnProgress
) -> ExportedPack:
    """Turn a published checkpoint and its files into a pack.

    Args:
        paths: See ``import_paths.sort_paths``.
        output: Folder of the pack, or a file whose name ends in ``.descant``; a pack that is there
            is replaced when all is done. After a kill, the same call goes on where it was.
        options: How to write it.
        on_progress: Told before each graph.

    Raises:
        ExportInputError: A file is missing, damaged, or does not fit the others.
        OutputError: Something else than a pack is at ``output``, or it can't be written.
        ParityError: A graph is further from its network than allowed.
    """
    check_output(output)
    found = sort_paths(paths)
    if found.checkpoint is None:
        raise ExportInputError(
            "no checkpoint among the files", hint="Give a .ckpt file or a folder of diffusers."
        )
    on_progress("reading", 0.0)
    imported = import_checkpoint(found.checkpoint, weights=options.weights)
    check_whole(imported)
    clmp = imported.sizes.clmp or ClmpSpec()
    melody_dim = clmp.dim if family_of(imported) == "mg2" else None
    side = read_side_files(found, clmp.text or RobertaSpec(), melody_dim)
    counts = numbers(imported.sizes)
    with PackPart(output) as part:
        part.require(sum(counts.values()) * (4 if options.precision == "fp32" else 2))
        progress = _Progress(sum(counts.values()), on_progress)
        run = _Run(imported, part, options, progress)
        for network in networks(imported.sizes):
            run.export(network, counts[network.part])
        spec = pack_spec(imported, run.version(), run.source(), run.graphs, side.write(part))
        progress.show("writing")
        part.commit(spec)
    return ExportedPack(spec, tuple(run.reused))


class _Run:
    """Graphs of one export."""

    def __init__(
        self, imported: Imported, part: PackPart, options: PackOptions, progress: _Progress
    ) -> None:
        self.imported, self.part, self.options, self.progress = imported, part, options, progress
        self.graphs: dict[str, GraphSpec] = {}
        self.reused: list[str] = []
        self._fingerprints: list[str] = []

    def export(self, network: Network, count: int) -> None:
        """Export a network's graphs, or take over those of an interrupted run."""
        self.progress.show(network.graphs[0])
        state = self.imported.load(network.part)
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

    def source(self) -> str:
        """Return where the weights are from, for the provenance."""
        path = self.imported.path
        which = "" if path.is_dir() else f", {self.options.weights} weights of the UNet"
        return f"Imported from {path.resolve().name}{which}."

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
            self.imported.sizes, self.options.layout(network), self.options.max_embedded, weights,
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()
