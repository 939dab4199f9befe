"""Engines that were built ahead of time: which of a pack's graphs have one that runs here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from descant.models.spec import Manifest
from descant.runtime.engine_cache import (
    EngineFiles,
    ShapeRange,
    check_engine,
    default_folder,
    engine_files,
    read_sidecar,
)
from descant.runtime.nvidia import driver
from descant.runtime.pack import PackFiles
from descant.runtime.provider_plugins import library_version

LIBRARIES = {"trt-rtx": "tensorrt_rtx", "tensorrt": "tensorrt"}
"""Library that reads the engines, by device."""
PRECISIONS = ("fp16", "fp32")
"""In the order of preference."""
_TENSORRT_WHEELS = ("tensorrt", "tensorrt-cu13", "tensorrt-cu12")


@dataclass(frozen=True, slots=True)
class Prebuilt:
    """What was found for one graph."""

    path: Path | None
    """The graph of one node that stands for the engine; None when there is none to use."""
    reason: str
    """Why not, or which one."""
    ranges: Mapping[str, ShapeRange] = dataclasses.field(default_factory=dict)
    """Shapes that it takes."""


def find_engine(
    pack: PackFiles[Manifest], graph: str, device: str, folder: Path | None = None
) -> Prebuilt:
    """Look for a graph's engine.

    Args:
        pack: Open.
        graph: Name of one of its graphs.
        device: That is to run it, one of ``LIBRARIES``.
        folder: Of the engines; ``default_folder`` when None.
    """
    library = LIBRARIES[device]
    reasons = []
    for precision in PRECISIONS:
        files = engine_files(folder or default_folder(pack), graph, precision)
        found = _check(pack, graph, files, library)
        if found.path is not None:
            return found
        reasons.append(found.reason)
    # Of two that can't be used, the one that exists says more.
    return Prebuilt(None, next((r for r in reasons if r != reasons[-1]), reasons[0]))


def installed_version(library: str) -> str | None:
    """Return the version of the library that would read an engine; None when there is none."""
    if library == "tensorrt_rtx":
        return library_version("trt-rtx", "tensorrt_rtx")
    for name in _TENSORRT_WHEELS:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def _check(pack: PackFiles[Manifest], graph: str, files: EngineFiles, library: str) -> Prebuilt:
    """Hold an engine against the pack, the library and the card of this machine."""
    try:
        key = read_sidecar(files).key
    except FileNotFoundError:
        return Prebuilt(None, "none was built")
    except (OSError, ValueError) as error:
        return Prebuilt(None, f"its sidecar can't be used: {str(error)[:200]}")
    spec = pack.spec.graphs[graph]
    have = installed_version(library)
    # Wheels name three parts of the version and the library four; the first three decide.
    same = have is not None and f"{key.version}.".startswith(f"{have}.")
    cards = driver().cards
    ours = (cards[0].capability,) if cards else key.compute_capabilities
    covered = not key.compute_capabilities or ours[0] in key.compute_capabilities
    wanted = dataclasses.replace(
        key,
        graph=graph,
        onnx_sha256=spec.sha256,
        weights_sha256=spec.weights.sha256 if spec.weights else None,
        library=library,
        version=key.version if same else str(have),
        compute_capabilities=key.compute_capabilities if covered else ours,
    )
    check = check_engine(files, wanted)
    if not check.ok:
        return Prebuilt(None, check.reason)
    return Prebuilt(files.wrapper, f"built ahead of time in {key.precision}", key.profile)
