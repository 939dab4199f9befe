"""Looks at everything that making music needs, and says of each what is wrong with it."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from descant.kernels.plugin_support import plugin_support
from descant.runtime.clip import Clip
from descant.runtime.engine import Engine
from descant.runtime.engine_cache import cache_folder
from descant.runtime.errors import DescantError, PackError
from descant.runtime.machine import system, versions
from descant.runtime.nvidia import driver, free_memory_mb
from descant.runtime.pack import Pack, open_pack
from descant.runtime.pack_source import built_in_names
from descant.runtime.prebuilt import LIBRARIES, find_engine
from descant.runtime.providers import DEVICES, choose_provider, look_at
from descant.runtime.request import Request

TRIAL = Request(prompt="calm piano", seconds=1.0, steps=2, seed=0)
TOLERANCE = 0.02
"""Relative error of a trial's samples to those of the CPU: float16 and TF32 stay well below it."""


def examine(pack: str | Path = "starter") -> dict[str, Any]:
    """Return all findings as plain JSON values; ``ok`` says whether music can be made.

    Args:
        pack: Name, folder or file of what the trials play; it is examined like those that came
            with descant.
    """
    packs, engines = _packs(pack)
    providers = _providers(pack)
    choice = choose_provider("auto")
    return {
        "ok": any("seconds" in row["trial"] for row in providers if row["trial"]),
        "versions": versions(),
        "system": system(),
        "nvidia": _nvidia(),
        "device": choice.device,
        "skipped": [dataclasses.asdict(skipped) for skipped in choice.skipped],
        "warnings": list(choice.warnings),
        "providers": providers,
        "kernels": _kernels(),
        "packs": packs,
        "engines": engines,
        "folders": [_folder("output", Path.cwd()), _folder("cache", cache_folder())],
    }


def _nvidia() -> dict[str, Any]:
    found = driver()
    cards = [{**dataclasses.asdict(card), "free_mb": free_memory_mb(card)} for card in found.cards]
    cuda = f"{found.cuda // 1000}.{found.cuda % 1000 // 10}" if found.cuda else None
    return {"driver": found.version, "cuda": cuda, "reason": found.reason, "cards": cards}


def _providers(pack: str | Path) -> list[dict[str, Any]]:
    """Look at each device; the CPU first, because the others are compared with it."""
    rows: list[dict[str, Any]] = []
    reference: Clip | None = None
    for device in sorted(DEVICES[1:], key=lambda name: name != "cpu"):
        found = look_at(device)
        trial: dict[str, Any] | None = None
        if found.usable:
            trial, clip = _trial(pack, device, reference)
            reference = reference or clip
        rows.append({**dataclasses.asdict(found), "trial": trial})
    return rows


def _trial(
    pack: str | Path, device: str, reference: Clip | None
) -> tuple[dict[str, Any], Clip | None]:
    """Make a second of music, loading everything it takes."""
    begin = time.perf_counter()
    try:
        with Engine.open(pack, device) as engine:
            clip = engine.generate(TRIAL)
    except DescantError as error:
        return {"error": str(error), "hint": error.hint}, None
    made: dict[str, Any] = {"seconds": round(time.perf_counter() - begin, 3)}
    made["warnings"] = list(clip.warnings)
    if reference is not None:
        apart = float(np.linalg.norm(clip.samples - reference.samples))
        relative = apart / max(float(np.linalg.norm(reference.samples)), 1e-9)
        made.update(difference=float(f"{relative:.2e}"), same=relative <= TOLERANCE)
    return made, clip


def _kernels() -> dict[str, Any]:
    """Say whether fused kernels are used in engines, or the bodies of their ONNX functions."""
    usable, reason = plugin_support()
    return {"plugins": usable, "reason": reason}


def _packs(pack: str | Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Check every file of the packs, and look for engines of their graphs."""
    rows: list[dict[str, Any]] = []
    engines: list[dict[str, Any]] = []
    for name in dict.fromkeys((*built_in_names(), str(pack))):
        try:
            with open_pack(name) as opened:
                rows.append(_pack_row(opened))
                engines += _engines(opened)
        except PackError as error:
            rows.append({"id": name, "verified": False, "error": str(error)})
    return rows, engines


def _pack_row(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.spec.id,
        "version": pack.spec.version,
        "path": str(pack.path),
        "size_bytes": pack.size_bytes,
        "sha256": pack.sha256,
        "verified": True,
    }


def _engines(pack: Pack) -> list[dict[str, Any]]:
    rows = []
    for device in LIBRARIES:
        for graph in pack.spec.graphs:
            found = find_engine(pack, graph, device)
            usable = found.path is not None
            rows.append(
                {"pack": pack.spec.id, "graph": graph, "device": device, "ok": usable}
                | {"reason": found.reason}
            )
    return rows


def _folder(purpose: str, path: Path) -> dict[str, Any]:
    """Say whether files can be made in a folder, or in the first of its parents that exists."""
    there = next((folder for folder in (path, *path.parents) if folder.exists()), path)
    return {"purpose": purpose, "path": str(path), "writable": os.access(there, os.W_OK)}
