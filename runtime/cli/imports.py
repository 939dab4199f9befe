"""``descant export import|connect``: what others have trained."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from descant.models.strict_json import to_json
from descant.runtime.cli.console import check_threads, exporter, print_json, step_bar
from descant.runtime.errors import RequestError
from descant.runtime.pack import open_pack
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from descant.runtime.tuning import Tuning

CLIP_MINUTES = 10.0
_SD_ONLY: dict[str, object] = {"steps": None, "evaluations": None}
_CLIP_ONLY: dict[str, object] = {"pack": None, "minutes": None, "training": None}


def import_checkpoint(options: argparse.Namespace) -> int:
    """Make a pack of a checkpoint, or what is made of ``sd``, ``clip`` and ``blip FOLDER``."""
    if options.paths[0] == "sd" and len(options.paths) == 2:
        _refuse(options, "Stable Diffusion", target="cpu", weights="ema", **_CLIP_ONLY)
        return _import_sd(options)
    if options.paths[0] == "blip" and len(options.paths) == 2:
        _refuse(options, "BLIP", target="cpu", weights="ema", **_SD_ONLY, **_CLIP_ONLY)
        return _import_blip(options)
    if options.paths[0] == "clip" and len(options.paths) == 2:
        _refuse(options, "CLIP", target="cpu", weights="ema", **_SD_ONLY)
        return _import_clip(options)
    _refuse(options, "a checkpoint of music", **_SD_ONLY, **_CLIP_ONLY)
    ldm_pack = exporter("ldm_pack")
    with step_bar(not options.json) as on_progress:
        made = ldm_pack.export_checkpoint(
            [Path(path) for path in options.paths],
            Path(options.output),
            ldm_pack.PackOptions(options.precision, options.target, options.weights),
            on_progress,
        )
    return _tell_import(options, made.spec, list(made.reused))


def _refuse(options: argparse.Namespace, what: str, **unset: object) -> None:
    """Refuse options that another kind of import has."""
    for name, default in unset.items():
        if getattr(options, name) != default:
            raise RequestError(f"--{name} means nothing for {what}", hint="leave it out")


def _import_sd(options: argparse.Namespace) -> int:
    """Make an image branch of a Stable Diffusion folder."""
    sd_branch = exporter("sd_branch")
    with step_bar(not options.json) as on_progress:
        made = sd_branch.export_sd(
            Path(options.paths[1]),
            Path(options.output),
            sd_branch.PackOptions(options.precision),
            on_progress,
            sd_branch.INVERSION_STEPS if options.steps is None else options.steps,
            options.evaluations,
        )
    return _tell_import(options, made.spec, list(made.reused))


def _import_blip(options: argparse.Namespace) -> int:
    """Make a captioner of a BLIP folder."""
    blip = exporter("blip")
    with step_bar(not options.json) as on_progress:
        made = blip.export_blip(
            Path(options.paths[1]),
            Path(options.output),
            blip.PackOptions(options.precision),
            on_progress,
        )
    return _tell_import(options, made.spec, list(made.reused))


def _import_clip(options: argparse.Namespace) -> int:
    """Make a pack that sees through the vision tower of a CLIP folder."""
    clip_tower = exporter("clip_tower")
    with open_pack(options.pack or "starter") as pack, step_bar(not options.json) as on_progress:
        sessions = Sessions(pack, choose_provider("cpu"), None)
        training = Path(options.training) if options.training else None
        made = clip_tower.import_clip(
            Path(options.paths[1]),
            pack,
            sessions,
            Path(options.output),
            CLIP_MINUTES if options.minutes is None else options.minutes,
            training,
            on_progress,
        )
    if options.json:
        found = {"pack": options.output, "id": made.spec.id, "version": made.spec.version}
        print_json({**found, "pictures": made.pictures, "metrics": made.metrics})
        return 0
    share, chance = made.metrics["recall_at_10"], made.metrics["recall_by_chance"]
    print(
        f"{options.output}: {made.spec.name}; fitted to {made.pictures} pictures; the music of "
        f"{share:.0%} of {made.metrics['test_pictures']:.0f} others is among the ten nearest, "
        f"{chance:.0%} by chance"
    )
    return 0


def _tell_import(options: argparse.Namespace, spec: Any, reused: list[str]) -> int:
    graphs = {
        name: {
            "size_bytes": graph.size_bytes + (graph.weights.size_bytes if graph.weights else 0),
            "relative_error": graph.parity.relative_error,
        }
        for name, graph in spec.graphs.items()
    }
    size = sum(graph["size_bytes"] for graph in graphs.values())
    size += sum(file.size_bytes for file in spec.files.values())
    if options.json:
        found = {"pack": options.output, "id": spec.id, "version": spec.version}
        print_json({**found, "size_bytes": size, "graphs": graphs, "reused": reused})
        return 0
    worst = max(graph["relative_error"] for graph in graphs.values())
    again = f", {len(reused)} of an interrupted run" if reused else ""
    print(
        f"{options.output}: {spec.name}, {size / 1e9:.2f} GB, {len(graphs)} graphs{again}, "
        f"largest error {worst:.1e}"
    )
    return 0


def connect(options: argparse.Namespace) -> int:
    """Fit the map from an image branch to a pack's denoiser."""
    from descant.runtime.sd_branch import SdBranch  # no other command needs it

    connect_pack = exporter("sd_connect").connect_pack
    choice, tuning = choose_provider(options.device), Tuning(check_threads(options.threads))
    with (
        open_pack(options.pack) as pack,
        SdBranch.open(options.branch, choice, tuning) as branch,
        step_bar(not options.json) as on_progress,
    ):
        sessions = Sessions(pack, choice, tuning=tuning)

        def on_picture(done: int, pictures: int) -> None:
            on_progress("connect", done / pictures)

        made = connect_pack(branch, sessions, options.pictures, on_picture)
    if options.json:
        print_json({"branch": options.branch, **to_json(made)})
        return 0
    shares = ", ".join(f"{share:.0%}" for share in made.explained)
    print(
        f"{options.branch}: connected to {made.pack} by {made.pictures} pictures; layers "
        f"{', '.join(map(str, made.layers))} explain {shares} of what it listens to"
    )
    return 0
