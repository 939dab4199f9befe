"""A pack -> engines for NVIDIA cards, built ahead of time on any machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from descant.export.engine_builder import FLAGS, build_plan
from descant.export.engine_graph import RECIPE, Precision, prepare_graph
from descant.export.engine_library import Library, find_library
from descant.export.engine_profiles import input_shapes, parse_seconds
from descant.export.engine_readback import read_back
from descant.export.engine_store import locked, store_engine
from descant.export.ep_context import wrapper_graph
from descant.export.errors import ExportInputError
from descant.runtime.engine_cache import (
    EngineKey,
    Sidecar,
    check_engine,
    default_folder,
    engine_files,
    read_sidecar,
)
from descant.runtime.pack import Pack

OnProgress = Callable[[str, float], None]
"""Called with a graph's name and the share (0 … 1) of the graphs that are done; raises to stop."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What is built."""

    precision: Precision = "fp16"
    sm: str | None = None
    """Compute capabilities, such as ``86,89,120``."""
    profile: str | None = None
    """Lengths of clips, such as ``seconds=1:10:60``; what the pack can do by default."""
    graphs: tuple[str, ...] = ()
    """Those to build; all by default."""


@dataclass(frozen=True, slots=True)
class BuiltEngine:
    """One engine that is there now."""

    plan: Path
    wrapper: Path
    sidecar: Sidecar
    reused: bool
    reason: str
    """Why it was built, or was not."""


def build_engines(
    pack: Pack, options: EngineOptions, output: Path | None, on_progress: OnProgress
) -> list[BuiltEngine]:
    """Build what is not there yet.

    Args:
        pack: Open, its hashes checked.
        options: What to build.
        output: Folder of the engines; ``default_folder`` when None.
        on_progress: Told before each graph and at the end.

    Returns:
        One engine per graph.

    Raises:
        BackendError: No library that builds engines works here.
        ExportInputError: An option makes no sense for this pack.
        ExportError: A graph can't be built, or not in float16 (``ParityError``).
        OutputError: The folder can't be written.
    """
    library = find_library()
    names = _chosen(pack, options.graphs)
    keys = [engine_key(pack, library, name, options) for name in names]
    folder = output or default_folder(pack)
    made = []
    for place, key in enumerate(keys):
        on_progress(key.graph, place / len(keys))
        made.append(_provide(pack, library, key, folder, options.precision))
    on_progress("done", 1.0)
    return made


def engine_key(pack: Pack, library: Library, name: str, options: EngineOptions) -> EngineKey:
    """Return what the engine of a graph depends on.

    Raises:
        ExportInputError: An option makes no sense for this pack or library.
    """
    graph = pack.spec.graphs[name]
    seconds = parse_seconds(options.profile, pack.spec)
    return EngineKey(
        graph=name,
        onnx_sha256=graph.sha256,
        weights_sha256=graph.weights.sha256 if graph.weights else None,
        library=library.name,
        version=library.version,
        compute_capabilities=library.cards(options.sm),
        precision=options.precision,
        profile=input_shapes(pack.spec, name, seconds),
        flags=FLAGS,
        recipe=RECIPE,
    )


def _provide(
    pack: Pack, library: Library, key: EngineKey, folder: Path, precision: Precision
) -> BuiltEngine:
    """Take the engine that is there, or build it."""
    files = engine_files(folder, key.graph, precision)
    waited: list[None] = []
    with locked(files, lambda: waited.append(None)) as work:
        check = check_engine(files, key)
        if check.ok:
            reason = "another process has just built it" if waited else "nothing has changed"
            return BuiltEngine(files.plan, files.wrapper, read_sidecar(files), True, reason)
        begin = time.perf_counter()
        contract = pack.spec.graphs[key.graph]
        graph = prepare_graph(pack, key.graph, precision, key.profile, work)
        plan = build_plan(
            library, key.graph, graph.path, contract, key.profile, key.compute_capabilities
        )
        read_back(library, key.graph, plan, contract, key.profile)
        wrapper = wrapper_graph(key, contract, files.plan.name, contract.file)
        seconds = time.perf_counter() - begin
        sidecar = store_engine(files, key, plan, wrapper, seconds, graph.relative_error)
    return BuiltEngine(files.plan, files.wrapper, sidecar, False, check.reason)


def _chosen(pack: Pack, names: Sequence[str]) -> list[str]:
    """Return the graphs to build, in the pack's order."""
    for name in names:
        if name not in pack.spec.graphs:
            raise ExportInputError(
                f"the pack {pack.spec.id!r} has no graph {name!r:.60}",
                hint=f"choose from: {', '.join(pack.spec.graphs)}",
            )
    return [name for name in pack.spec.graphs if not names or name in names]
