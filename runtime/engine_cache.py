"""Engines that were built ahead of time: where they lie, and whether one is what is wanted.

An engine is three files: the plan, a graph of one node that hands the plan to ONNX Runtime, and a
sidecar that says what the plan was made of. The sidecar is written last, so that an engine without
one is no engine.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from descant.models.spec import FileSpec, Manifest
from descant.models.strict_json import from_json
from descant.runtime.pack import PackFiles
from descant.runtime.pack_source import SUFFIX, built_in_folder

SIDECAR_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ShapeRange:
    """Shapes of one input that an engine takes."""

    min: tuple[int, ...]
    opt: tuple[int, ...]
    """What it is made fast for."""
    max: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EngineKey:
    """Everything that an engine depends on; engines of equal keys do the same."""

    graph: str
    onnx_sha256: str
    """Of the graph's file in the pack."""
    weights_sha256: str | None
    """Of its file of weights, when it has one."""
    library: str
    """``tensorrt_rtx`` or ``tensorrt``."""
    version: str
    """Of the library. Another one refuses the plan."""
    compute_capabilities: tuple[int, ...]
    """Such as 86; empty for the card of the machine that built it."""
    precision: str
    profile: dict[str, ShapeRange]
    """By input."""
    flags: tuple[str, ...]
    """Of the builder, where they differ from its defaults."""
    recipe: int
    """Of what is done to a graph before it is built."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The content of an engine's sidecar."""

    format: int
    key: EngineKey
    plan: FileSpec
    wrapper: FileSpec
    """The graph of one node, which names the plan."""
    build_seconds: float
    relative_error: float | None = None
    """Of the graph in float16 to the same in float32; None of an engine in float32."""


class Check(NamedTuple):
    """Whether an engine can be used as it is."""

    ok: bool
    reason: str
    """In words for the user; empty when ``ok``."""


@dataclass(frozen=True, slots=True)
class EngineFiles:
    """Paths of one engine."""

    folder: Path
    stem: str
    """Such as ``vocoder.fp16``."""

    @property
    def plan(self) -> Path:
        """What the library has built."""
        return self.folder / f"{self.stem}.plan"

    @property
    def wrapper(self) -> Path:
        """Graph of one node that ONNX Runtime opens."""
        return self.folder / f"{self.stem}.onnx"

    @property
    def sidecar(self) -> Path:
        """What the plan was made of."""
        return self.folder / f"{self.stem}.json"


def engine_files(folder: Path, graph: str, precision: str) -> EngineFiles:
    """Return the paths of a graph's engine."""
    return EngineFiles(folder, f"{graph}.{precision}")


def check_engine(files: EngineFiles, wanted: EngineKey) -> Check:
    """Say whether the engine on disk is whole and the one that is wanted, and if not, why."""
    try:
        sidecar = read_sidecar(files)
    except FileNotFoundError:
        return Check(False, "there is none yet")
    except (OSError, ValueError) as error:
        return Check(False, f"its sidecar can't be used: {str(error)[:200]}")
    reason = difference(sidecar.key, wanted)
    if reason is None:
        reason = _damage(files.plan, sidecar.plan) or _damage(files.wrapper, sidecar.wrapper)
    return Check(reason is None, reason or "")


def read_sidecar(files: EngineFiles) -> Sidecar:
    """Read what an engine was made of.

    Raises:
        OSError: There is no such file, or it can't be read.
        ValueError: It is damaged, or of another version of descant.
    """
    sidecar = from_json(Sidecar, json.loads(files.sidecar.read_text(encoding="utf-8")), "sidecar")
    if sidecar.format != SIDECAR_FORMAT:
        raise ValueError(f"sidecar.format: expected {SIDECAR_FORMAT}, got {sidecar.format}")
    return sidecar


def difference(have: EngineKey, want: EngineKey) -> str | None:
    """Return in words the first thing in which two keys differ, or None."""
    pairs = (
        (have.graph, want.graph, "it is of graph {0}, not {1}"),
        (
            (have.onnx_sha256, have.weights_sha256),
            (want.onnx_sha256, want.weights_sha256),
            "the graph in the pack has changed",
        ),
        (
            (have.library, have.version),
            (want.library, want.version),
            "it was built by {0[0]} {0[1]}, and this is {1[0]} {1[1]}",
        ),
        (
            _cards(have.compute_capabilities),
            _cards(want.compute_capabilities),
            "it was built for {0}, and {1} is wanted",
        ),
        (have.precision, want.precision, "it computes in {0}, and {1} is wanted"),
        (have.profile, want.profile, "it was built for other lengths"),
        (have.flags, want.flags, "it was built with other options"),
        (have.recipe, want.recipe, "it was built by another version of descant"),
    )
    for ours, theirs, words in pairs:
        if ours != theirs:
            return words.format(ours, theirs)
    return None


def default_folder(pack: PackFiles[Manifest]) -> Path:
    """Return where a pack's engines lie unless another place is named.

    That is ``engines/NAME`` beside the pack. A pack that came with descant, or lies where nothing
    can be written, has its engines in the user's folder for caches.
    """
    path = pack.path.resolve()
    name = path.name.removesuffix(SUFFIX)
    ours = built_in_folder().resolve() in path.parents
    if not ours and os.access(path.parent, os.W_OK):
        return path.parent / "engines" / name
    return cache_folder() / "engines" / f"{name}-{pack.sha256[:12]}"


def cache_folder() -> Path:
    """Return descant's folder for what can be made again, by the system's custom."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "descant" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "descant"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "descant"


def _cards(capabilities: tuple[int, ...]) -> str:
    return "sm " + ", ".join(map(str, capabilities)) if capabilities else "the card it was built on"


def _damage(path: Path, spec: FileSpec) -> str | None:
    """Return in words what is wrong with a file, or None."""
    if path.name != spec.file:
        return f"its sidecar names {spec.file!r:.80}"
    try:
        size = path.stat().st_size
        if size != spec.size_bytes:
            return f"{path.name} has {size} bytes instead of {spec.size_bytes}"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as error:
        return f"{path.name} can't be read: {error.strerror}"
    return None if digest == spec.sha256 else f"the content of {path.name} has changed"
