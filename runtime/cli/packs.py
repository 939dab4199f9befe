"""``descant packs list|info|verify``."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from descant.runtime.cli.console import print_json
from descant.runtime.errors import PackError
from descant.runtime.pack import Pack, open_pack, read_manifest
from descant.runtime.pack_source import built_in_names


def show_list(options: argparse.Namespace) -> int:
    """Print the packs that ship with descant; a broken one is listed with what is wrong."""
    rows: list[dict[str, Any]] = []
    for name in built_in_names():
        try:
            with read_manifest(name) as pack:
                rows.append(_summary(pack))
        except PackError as error:
            rows.append({"id": name, "error": str(error)})
    if options.json:
        print_json({"packs": rows})
        return 0
    for row in rows:
        if "error" in row:
            print(f"{row['id']}: {row['error']}")
        else:
            size = row["size_bytes"] / 1e6
            print(f"{row['id']} {row['version']}: {row['name']}, {size:.1f} MB, {row['licence']}")
    return 0


def show_info(options: argparse.Namespace) -> int:
    """Print what a pack's manifest says."""
    with read_manifest(options.pack) as pack:
        summary = _summary(pack)
        spec = pack.spec
    if options.json:
        more = {
            "limits": dataclasses.asdict(spec.limits),
            "defaults": dataclasses.asdict(spec.defaults),
            "provenance": dataclasses.asdict(spec.provenance),
            "graphs": {name: dataclasses.asdict(graph) for name, graph in spec.graphs.items()},
        }
        print_json({**summary, **more})
        return 0
    print(f"{summary['id']} {summary['version']}: {summary['name']}")
    for label, value in (
        ("path", summary["path"]),
        ("size", f"{summary['size_bytes'] / 1e6:.1f} MB"),
        ("licence", summary["licence"]),
        ("audio", f"{summary['sample_rate']} Hz, {summary['channels']} channel(s)"),
        ("length", f"{spec.limits.min_seconds:g} to {spec.limits.max_seconds:g} s"),
        (
            "defaults",
            f"{spec.defaults.steps} steps of {spec.defaults.sampler}, "
            f"guidance {spec.defaults.guidance_scale:g}",
        ),
        ("trained on", spec.provenance.training_data),
        ("hardware", spec.provenance.hardware),
        ("sha256", summary["sha256"]),
    ):
        print(f"  {label:11}{value}")
    for name, graph in spec.graphs.items():
        parity = f", error {graph.parity.relative_error:.2g}" if graph.parity else ""
        size = graph.size_bytes + (graph.weights.size_bytes if graph.weights else 0)
        print(f"  graph      {name}: {size / 1e6:.2f} MB{parity}")
    for name, metric in spec.provenance.metrics.items():
        print(f"  metric     {name}: {metric:.4g}")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check every hash and load every graph."""
    with open_pack(options.pack) as pack:
        from descant.runtime.providers import choose_provider
        from descant.runtime.sessions import Sessions

        sessions = Sessions(pack, choose_provider("cpu"))
        for name in pack.spec.graphs:
            _ = sessions[name]
        melodies = _count_melodies(pack)
        sessions.close()
        summary = {**_summary(pack), "melodies": melodies, "verified": True}
    if options.json:
        print_json(summary)
    else:
        print(
            f"{summary['id']} {summary['version']}: {len(pack.items())} files whole, "
            f"{len(pack.spec.graphs)} graphs load, {melodies} melodies"
        )
    return 0


def _count_melodies(pack: Pack) -> int:
    """Read everything that is no graph."""
    if pack.spec.family == "starter":
        from descant.runtime.retrieval import load_index

        return len(load_index(pack).library)
    from descant.runtime.ldm_condition import load_bpe
    from descant.runtime.ldm_melody import load_melodies

    load_bpe(pack)
    return len(load_melodies(pack)) if pack.spec.family == "mg2" else 0


def _summary(pack: Pack) -> dict[str, Any]:
    spec = pack.spec
    return {
        "id": spec.id,
        "name": spec.name,
        "version": spec.version,
        "licence": spec.licence,
        "family": spec.family,
        "path": str(pack.path),
        "size_bytes": pack.size_bytes,
        "sample_rate": spec.pipeline.audio.sample_rate,
        "channels": spec.pipeline.audio.channels,
        "sha256": pack.sha256,
    }
