"""``descant packs list|info|verify|install|remove``."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from descant.runtime.cli.console import print_json, step_bar
from descant.runtime.errors import PackNotFoundError
from descant.runtime.pack import read_manifest
from descant.runtime.pack_store import PackStore, StoredPack
from descant.runtime.pack_summary import PackSummary, summarise


def show_list(options: argparse.Namespace) -> int:
    """Print the packs that are there; a broken one is listed with what is wrong."""
    rows = [_row(pack) for pack in PackStore(options.folder).packs()]
    if options.json:
        print_json({"packs": rows})
        return 0
    for row in rows:
        print(f"{row['installed_as']}: {row['error']}" if "error" in row else _line(row))
    return 0


def install(options: argparse.Namespace) -> int:
    """Check a pack and copy it to the folder of packs."""
    with step_bar(not options.json) as on_progress:
        made = PackStore(options.folder).install(
            options.source, lambda share: on_progress("install", share)
        )
    if options.json:
        print_json(_row(made))
    else:
        print(f"{made.name}: {made.path}")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Delete an installed pack."""
    store = PackStore(options.folder)
    packs = store.packs()
    found = next((pack for pack in packs if pack.name == options.pack), None)
    if found is None:
        names = ", ".join(pack.name for pack in packs if not pack.is_built_in) or "none"
        raise PackNotFoundError(
            f"no pack {options.pack!r:.200} is installed", hint=f"installed are: {names}"
        )
    store.purge(store.remove(found))
    if options.json:
        print_json({"removed": found.name, "path": str(found.path)})
    else:
        print(f"{found.name} is gone: {found.path}")
    return 0


def show_info(options: argparse.Namespace) -> int:
    """Print what a pack's manifest says."""
    with read_manifest(options.pack) as pack:
        summary = _summary(summarise(pack))
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
    from descant.runtime.pack_check import check_pack

    with step_bar(not options.json) as on_progress:
        found = check_pack(options.pack, lambda share: on_progress("verify", share))
    summary = found.summary
    if options.json:
        print_json({**_summary(summary), "melodies": found.melodies, "verified": True})
    else:
        print(
            f"{summary.id} {summary.version}: {found.files} files whole, "
            f"{found.graphs} graphs load, {found.melodies} melodies"
        )
    return 0


def _line(row: dict[str, Any]) -> str:
    size = row["size_bytes"] / 1e6
    return f"{row['installed_as']} {row['version']}: {row['name']}, {size:.1f} MB, {row['licence']}"


def _row(pack: StoredPack) -> dict[str, Any]:
    known = {"installed_as": pack.name, "built_in": pack.is_built_in}
    if pack.summary is None:
        return {"id": pack.name, **known, "path": str(pack.path), "error": pack.error}
    return {**_summary(pack.summary), **known}


def _summary(summary: PackSummary) -> dict[str, Any]:
    plain = dataclasses.asdict(summary)
    return {**plain, "path": str(summary.path)}
