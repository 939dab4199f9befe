"""Trained checkpoints -> the starter pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from descant.export.errors import ExportInputError
from descant.export.melody_index import build_index, compose_library, embed_library, recall_at_10
from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.export.pack_writer import file_spec, write_pack
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.export.starter_parts import Part, load_parts, starter_parts
from descant.models.library import pack_library
from descant.models.nets.vae import LATENT_CHANNELS, PATCH
from descant.models.spec import (
    PACK_FORMAT,
    AudioSpec,
    DefaultsSpec,
    FileSpec,
    GraphSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    PipelineSpec,
    ProvenanceSpec,
)
from descant.models.training.clmp import Clmp
from descant.models.training.loop import Metrics
from descant.models.training.words import vocabulary
from descant.runtime.pack import open_pack

TOLERANCE = {True: 3e-2, False: 5e-3}
"""Relative RMS error allowed to graphs with int8 and with fp16 weights."""
MELODIES = "melody_encoder"
"""The graph that the library's embeddings are of."""
LICENCE = "MIT for the weights and the melody library; what you make with them is yours."
DATA = (
    "SynthSet: music composed by descant's own rules and rendered with FluidSynth-compatible "
    "synthesis and MuseScore_General (MIT), with drawn pictures and told stories; text "
    "tower distilled from all-MiniLM-L6-v2 (Apache-2.0)."
)


@dataclass(frozen=True, slots=True)
class StarterOptions:
    """What the command line asks of an export."""

    training: Path
    """Folder of the training phases."""
    folder: Path
    """Where the pack goes; an old one is replaced when all is done."""
    version: str
    """Version of the weights."""
    hardware: str
    """What they were trained on, for the provenance."""
    melodies: int = 6000
    """Size of the melody library."""
    base: str | Path | None = None
    """A pack that gives what phases without a checkpoint would have made, as it is."""
    graphs: tuple[str, ...] = ()
    """With a base: the only graphs that are made anew; none for all that have checkpoints."""


def export_starter(options: StarterOptions, report: Callable[[str], None]) -> PackSpec:
    """Export the best checkpoint of every phase and write the pack.

    Args:
        options: See there.
        report: Receives one line per graph.

    Raises:
        FileNotFoundError: A phase has no checkpoint and there is no base; or none has one.
        PackError: The base is damaged.
        ParityError: A graph is too far from its network.
    """
    clmp = Clmp()
    base = _read_base(options.base) if options.base is not None else None
    parts, phases = load_parts(options.training, starter_parts(clmp), base is not None)
    torch.manual_seed(0)  # the examples' numbers; parity is measured on them
    graphs: dict[str, GraphSpec] = {}
    contents: dict[str, bytes] = {}
    for plan in _chosen(parts, options.graphs):
        graphs[plan.name], content = _export_graph(plan)
        contents[graphs[plan.name].file] = content
        report(f"{plan.name}: {len(content) / 1e6:.1f} MB, {graphs[plan.name].parity}")
    files: dict[str, FileSpec] = {}
    if "clmp" in phases and MELODIES in graphs:
        files = _library_files(clmp, options.melodies, contents, report)
    if base is None:
        provenance = ProvenanceSpec(DATA, options.hardware, phases)
        spec = _pack_spec(options.version, graphs, files, provenance)
    else:
        whole = {p.phase: phases[p.phase] for p in parts if _names(p) <= set(graphs)}
        spec = _renewed(base.spec, options, graphs, files, whole)
        contents = {**base.contents, **contents}
    write_pack(options.folder, spec, contents)
    report(f"{options.folder}: {sum(map(len, contents.values())) / 1e6:.1f} MB")
    return spec


def _names(part: Part) -> set[str]:
    return {plan.name for plan in part.plans()}


def _chosen(parts: list[Part], names: tuple[str, ...]) -> list[GraphPlan]:
    """Return the plans that are asked for.

    Raises:
        ExportInputError: None of the phases makes a graph of that name.
    """
    plans = [plan for part in parts for plan in part.plans()]
    unknown = set(names) - {plan.name for plan in plans}
    if unknown:
        raise ExportInputError(
            f"no checkpoint for {', '.join(sorted(unknown))}",
            hint=f"choose of {', '.join(plan.name for plan in plans)}",
        )
    return [plan for plan in plans if not names or plan.name in names]


@dataclass(frozen=True, slots=True)
class _Base:
    spec: PackSpec
    contents: dict[str, bytes]


def _read_base(name: str | Path) -> _Base:
    """Read a whole pack, so that it may be replaced by the one that is made of it."""
    with open_pack(name) as pack:
        return _Base(pack.spec, {item.file: pack.read(role) for role, item in pack.items().items()})


def _renewed(
    base: PackSpec,
    options: StarterOptions,
    graphs: dict[str, GraphSpec],
    files: dict[str, FileSpec],
    phases: dict[str, Metrics],
) -> PackSpec:
    """Return a pack's spec with some graphs anew; what was measured on the old pack is dropped."""
    before = base.provenance
    return replace(
        base,
        version=options.version,
        graphs={**base.graphs, **graphs},
        files={**base.files, **files},
        provenance=ProvenanceSpec(
            before.training_data,
            _hardware(before.hardware, list(phases), options.hardware),
            {**before.phases, **phases},
        ),
    )


def _hardware(before: str, phases: list[str], now: str) -> str:
    """Return what trained which phases; a run that was repeated whole is told once."""
    kept = [
        part
        for part in before.split("; ")
        if not set(part.partition(" on ")[0].split(", ")) <= set(phases)
    ]
    return "; ".join([*kept, f"{', '.join(phases)} on {now}"])


def _export_graph(plan: GraphPlan) -> tuple[GraphSpec, bytes]:
    content = store_compactly(export_onnx(plan), plan.int8).SerializeToString()
    parity = measure_parity(plan, content, TOLERANCE[plan.int8])
    entry = file_spec(f"{plan.name}.onnx", content)
    spec = GraphSpec(entry.file, entry.sha256, entry.size_bytes, plan.inputs, plan.outputs, parity)
    return spec, content


def _library_files(
    clmp: Clmp, melodies: int, contents: dict[str, bytes], report: Callable[[str], None]
) -> dict[str, FileSpec]:
    entries = compose_library(melodies)
    embeddings = embed_library(entries, clmp.melody)
    index = build_index(embeddings)
    report(
        f"melody index: {len(entries)} melodies, recall at 10 {recall_at_10(index, embeddings):.3f}"
    )
    parts = {
        "tokenizer": ("vocab.txt", "\n".join(vocabulary()).encode() + b"\n"),
        "library": ("library.npz", pack_library(entries, LICENCE)),
        "index": ("library.faiss", index),
    }
    contents.update(dict(parts.values()))
    return {kind: file_spec(name, content) for kind, (name, content) in parts.items()}


def _pack_spec(
    version: str,
    graphs: dict[str, GraphSpec],
    files: dict[str, FileSpec],
    provenance: ProvenanceSpec,
) -> PackSpec:
    return PackSpec(
        format=PACK_FORMAT,
        id="starter",
        name="descant starter",
        version=version,
        licence=LICENCE,
        family="starter",
        pipeline=PipelineSpec(AudioSpec(), LatentSpec(LATENT_CHANNELS, PATCH)),
        defaults=DefaultsSpec(guidance_scale=3.0),
        limits=LimitsSpec(),
        graphs=graphs,
        files=files,
        provenance=provenance,
    )
