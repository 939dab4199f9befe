"""Trained checkpoints -> the starter pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from descant.export.adapter_graphs import adapter_plans
from descant.export.image_branch_graphs import image_branch_plan
from descant.export.melody_index import build_index, compose_library, embed_library, recall_at_10
from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.export.pack_writer import file_spec, write_pack
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.export.starter_graphs import starter_plans
from descant.export.transcriber_graphs import transcriber_plan
from descant.models.library import pack_library
from descant.models.nets.image_branch import ImageBranch
from descant.models.nets.transcriber import Transcriber
from descant.models.nets.vae import LATENT_CHANNELS, PATCH, Vae
from descant.models.nets.vocoder import Vocoder
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
from descant.models.training.adapters import Adapters
from descant.models.training.clmp import Clmp
from descant.models.training.denoiser import FlowModel
from descant.models.training.loop import Metrics, load_best
from descant.models.training.words import vocabulary

TOLERANCE = {True: 3e-2, False: 5e-3}
"""Relative RMS error allowed to graphs with int8 and with fp16 weights."""
LICENCE = "MIT for the weights and the melody library; what you make with them is yours."
DATA = (
    "SynthSet: music composed by descant's own rules and rendered with FluidSynth-compatible "
    "synthesis and MuseScore_General (MIT), with drawn pictures and told stories; text "
    "tower distilled from all-MiniLM-L6-v2 (Apache-2.0)."
)


def export_starter(
    training: Path,
    folder: Path,
    version: str,
    hardware: str,
    melodies: int,
    report: Callable[[str], None],
    metrics: Metrics | None = None,
) -> PackSpec:
    """Export the best checkpoint of every phase and write the pack.

    Args:
        training: Folder of the training phases.
        folder: Where the pack goes; an old one is replaced when all is done.
        version: Version of the weights.
        hardware: What they were trained on, for the provenance.
        melodies: Size of the melody library.
        report: Receives one line per graph.
        metrics: Measured on the finished pack; kept in its provenance.
    """
    clmp, vae, vocoder, flow = Clmp(), Vae(), Vocoder(), FlowModel()
    adapters, branch, transcriber = Adapters(), ImageBranch(), Transcriber()
    phases = {
        name: load_best(training, name, module)
        for name, module in (
            ("clmp", clmp), ("vae", vae), ("vocoder", vocoder), ("denoiser", flow),
            ("adapters", adapters), ("stories", adapters.story),
            ("image_branch", branch), ("transcriber", transcriber),
        )
    }  # fmt: skip
    plans = starter_plans(clmp, vae, vocoder, flow) + adapter_plans(adapters)
    plans += [image_branch_plan(branch), transcriber_plan(transcriber)]
    contents: dict[str, bytes] = {}
    graphs: dict[str, GraphSpec] = {}
    for plan in plans:
        graphs[plan.name], content = _export_graph(plan)
        contents[graphs[plan.name].file] = content
        report(f"{plan.name}: {len(content) / 1e6:.1f} MB, {graphs[plan.name].parity}")
    files = _library_files(clmp, melodies, contents, report)
    spec = _pack_spec(version, graphs, files, ProvenanceSpec(DATA, hardware, phases, metrics or {}))
    write_pack(folder, spec, contents)
    report(f"{folder}: {sum(map(len, contents.values())) / 1e6:.1f} MB")
    return spec


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
