"""``descant export index|int8|engine`` and ``descant eval``: what needs the exporter."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from descant.models.strict_json import to_json
from descant.runtime.cli.console import check_threads, exporter, print_json, step_bar
from descant.runtime.engine_cache import cache_folder
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions


def index(options: argparse.Namespace) -> int:
    """Make a pack whose melody library is a folder of MIDI files."""
    # By name, when it is asked for: the runtime does not depend on the exporter.
    index_folder = exporter("midi_index").index_folder
    with open_pack(options.pack) as pack, step_bar(not options.json) as on_progress:
        sessions = Sessions(pack, choose_provider(options.device), check_threads(options.threads))

        def on_file(done: int, files: int) -> None:
            on_progress("prepare", done / files)

        found = index_folder(
            Path(options.folder), pack, sessions, Path(options.output), options.licence, on_file
        )
    if options.json:
        melodies = [
            {"file": file, "key": str(entry.sheet.key), "tempo_bpm": entry.sheet.tempo_bpm}
            for file, entry in zip(found.files, found.entries, strict=True)
        ]
        skipped = [{"file": file, "reason": reason} for file, reason in found.skipped]
        print_json({"pack": options.output, "melodies": melodies, "skipped": skipped})
        return 0
    for file, reason in found.skipped:
        print(f"descant: skipped {file}: {reason}", file=sys.stderr)
    print(f"{options.output}: {len(found.files)} melodies, {len(found.skipped)} files skipped")
    return 0


def int8(options: argparse.Namespace) -> int:
    """Make a copy of a pack whose UNet computes in int8."""
    write_int8_pack = exporter("int8_pack").write_int8_pack
    with open_pack(options.pack) as pack, step_bar(not options.json) as on_progress:
        sessions = Sessions(pack, choose_provider("cpu"), check_threads(options.threads))
        made = write_int8_pack(pack, sessions, Path(options.output), on_progress)
    graph = made.spec.graphs["unet"]
    size = graph.size_bytes + (graph.weights.size_bytes if graph.weights else 0)
    error = graph.parity.relative_error
    if options.json:
        found = {"pack": options.output, "id": made.spec.id, "version": made.spec.version}
        print_json({**found, "layers": made.layers, "size_bytes": size, "relative_error": error})
        return 0
    print(
        f"{options.output}: {made.spec.name}, {made.layers} layers, {size / 1e9:.2f} GB, "
        f"error of a step {error:.1e}"
    )
    return 0


def engine(options: argparse.Namespace) -> int:
    """Build engines of a pack's graphs, or say why those that are there will do."""
    names = tuple(name.strip() for name in (options.graphs or "").split(",") if name.strip())
    output = Path(options.output) if options.output else None
    with step_bar(not options.json, options.progress) as on_progress:
        engines = exporter("engines", "engines")
        wanted = engines.EngineOptions(options.precision, options.sm, options.profile, names)
        with open_pack(options.pack) as pack:
            built = engines.build_engines(pack, wanted, output, on_progress)
    folder = built[0].plan.parent
    rows = [_engine_row(made) for made in built]
    if options.json:
        print_json({"pack": options.pack, "folder": str(folder), "engines": rows})
        return 0
    print(f"{'graph':16} {'precision':9} {'MB':>7} {'seconds':>7}  {'sm':12} note")
    for row in rows:
        cards = ",".join(map(str, row["compute_capabilities"])) or "this card"
        done = "kept" if row["reused"] else "built"
        print(
            f"{row['graph']:16} {row['precision']:9} {row['size_bytes'] / 1e6:7.1f} "
            f"{row['build_seconds']:7.1f}  {cards:12} {done}: {row['reason']}"
        )
    print(f"{folder}: {len(rows)} engines")
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Measure a pack on held-out pieces."""
    run, table = (exporter(f"evaluation.{name}", "eval") for name in ("run", "table"))
    cache = Path(options.cache) if options.cache else cache_folder() / "eval"
    how = run.Options(
        cache, options.clips, options.catalogue, options.split, options.seed, options.workers,
        kinds=tuple(name.strip() for name in (options.kinds or "").split(",") if name.strip()),
    )  # fmt: skip
    with step_bar(True) as on_done:
        found = run.evaluate(options.pack, how, on_done)
    if options.json:
        print_json(to_json(found))
        return 0
    rows = table.rows(found)
    print(table.markdown(rows) if options.markdown else table.plain(rows))
    for gap in found.left_out:
        print(f"descant: left out {gap.what}: {gap.why}", file=sys.stderr)
    return 0


def _engine_row(made: Any) -> dict[str, Any]:
    """Return what is told of one engine."""
    key = made.sidecar.key
    return {
        "graph": key.graph,
        "precision": key.precision,
        "size_bytes": made.sidecar.plan.size_bytes,
        "build_seconds": made.sidecar.build_seconds,
        "relative_error": made.sidecar.relative_error,
        "compute_capabilities": list(key.compute_capabilities),
        "library": f"{key.library} {key.version}",
        "reused": made.reused,
        "reason": made.reason,
        "file": made.plan.name,
        "wrapper": made.wrapper.name,
        "profile": {
            name: [list(span.min), list(span.opt), list(span.max)]
            for name, span in key.profile.items()
        },
    }
