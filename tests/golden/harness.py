"""Read a folder of conformance vectors and judge outputs by it.

A folder holds ``manifest.json`` and the arrays. The manifest alone says what is compared: sizes,
key names, salt, gains, tolerances. ``tests/golden/data`` is one such folder; ``--golden`` names
another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.golden.golden_format import Shape, golden_tensor

DATA = Path(__file__).parent / "data"
"""The folder that this project comes with."""
FORMAT = 1
Array = NDArray[Any]


@dataclass(frozen=True)
class Stored:
    """What the manifest says about one array."""

    shape: Shape
    dtype: str
    atol: float = 0.0
    rtol: float = 0.0


@dataclass(frozen=True)
class Case:
    """One entry of the manifest."""

    folder: Path
    name: str
    component: str
    file: str
    salt: str
    config: Mapping[str, Any]
    keys: Mapping[str, Shape]
    """Drawn weights; those with a true value are left out."""
    kept: Mapping[str, Shape]
    gains: tuple[tuple[str, float], ...]
    inputs: Mapping[str, Stored]
    outputs: Mapping[str, Stored]
    weights_check: Mapping[str, Any] | None
    extra: Mapping[str, Any]
    """The whole entry, for what only one component has."""

    @property
    def parent(self) -> Case:
        """The entry that this one looks into: ``unet_mg2`` for ``unet_mg2_inner``."""
        return load_manifest(self.folder)[self.name.rsplit("_", 1)[0]]

    @property
    def is_inner(self) -> bool:
        """Whether it holds values from within another entry's network."""
        return self.name.endswith("_inner")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Comparison:
    """One output beside the stored one, at the place that exceeds its limit most."""

    name: str
    error: float
    allowed: float
    passed: bool


@lru_cache(maxsize=4)
def load_manifest(folder: Path) -> dict[str, Case]:
    """Return the entries of a folder by name.

    Raises:
        ValueError: The folder's format is another one.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError(f"{folder}: format {manifest['format']!r}, expected {FORMAT}")
    return {name: _case(folder, name, entry) for name, entry in manifest["cases"].items()}


def _case(folder: Path, name: str, entry: dict[str, Any]) -> Case:
    keys = [(key, tuple(shape), kind) for key, shape, kind in entry["keys"]]
    return Case(
        folder=folder,
        name=name,
        component=entry["component"],
        file=entry["file"],
        salt=entry["salt"],
        config=entry["config"],
        keys={key: shape for key, shape, kind in keys if kind == "drawn"},
        kept={key: shape for key, shape, kind in keys if kind == "kept"},
        gains=tuple((pattern, factor) for pattern, factor in entry.get("gains", ())),
        inputs={key: _stored(facts) for key, facts in entry["inputs"].items()},
        outputs={key: _stored(facts) for key, facts in entry["outputs"].items()},
        weights_check=entry.get("weights_check"),
        extra=entry,
    )


def _stored(facts: Mapping[str, Any]) -> Stored:
    tolerances = facts.get("atol", 0.0), facts.get("rtol", 0.0)
    return Stored(tuple(facts["shape"]), facts["dtype"], *tolerances)


def arrays(case: Case) -> dict[str, Array]:
    """Return the stored inputs and outputs of an entry."""
    with np.load(case.folder / case.file, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def weights(case: Case) -> dict[str, NDArray[np.float32]]:
    """Return the drawn tensors of an entry; an inner entry has those of its parent."""
    if case.is_inner:
        return weights(case.parent)
    drawn = {key: golden_tensor(key, shape, case.salt) for key, shape in case.keys.items()}
    for pattern, factor in case.gains:
        for key in drawn:
            if re.search(pattern, key):
                drawn[key] = drawn[key] * np.float32(factor)
    return drawn


def checksum(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, Any]:
    """Return what the manifest's ``weights_check`` holds for these tensors."""
    digest = hashlib.sha256()
    total = absolute = 0.0
    for key in sorted(tensors):
        values = np.ascontiguousarray(tensors[key], "<f4")
        digest.update(values.tobytes())
        total += float(values.sum(dtype=np.float64))
        absolute += float(np.abs(values).sum(dtype=np.float64))
    values_count = sum(tensor.size for tensor in tensors.values())
    return {
        "sha256": digest.hexdigest(), "sum": total, "abs_sum": absolute, "values": values_count
    }  # fmt: skip


def compare(case: Case, outputs: Mapping[str, Array]) -> list[Comparison]:
    """Judge some of an entry's outputs: ``|ours - stored| <= atol + rtol |stored|``.

    Integers must be equal, shapes too, and not-a-number never passes.

    Raises:
        KeyError: The entry has no output of that name.
    """
    stored = arrays(case)
    return [
        _compare(name, np.asarray(ours), stored[name], case.outputs[name])
        for name, ours in outputs.items()
    ]


def _compare(name: str, ours: Array, stored: Array, limits: Stored) -> Comparison:
    if ours.shape != stored.shape:
        return Comparison(f"{name} {ours.shape}, not {stored.shape}", np.inf, 0.0, False)
    if stored.dtype.kind in "iub":
        wrong = int((ours != stored).sum())
        return Comparison(name, float(wrong), 0.0, wrong == 0)
    wide = stored.astype(np.float64)
    error = np.abs(ours.astype(np.float64) - wide).ravel()
    allowed = (limits.atol + limits.rtol * np.abs(wide)).ravel()
    worst = int(np.argmax(error - allowed))  # NaN counts as the largest
    passed = bool((error <= allowed).all())
    return Comparison(name, float(error[worst]), float(allowed[worst]), passed)


def check(case: Case, outputs: Mapping[str, Array]) -> None:
    """Assert that all outputs of an entry were made, and that each is close enough."""
    missing = sorted(case.outputs.keys() - outputs.keys())
    assert not missing, f"{case}: no output {', '.join(missing)}"
    failed = [result for result in compare(case, outputs) if not result.passed]
    lines = [f"{case} {r.name}: off by {r.error:.3g}, allowed {r.allowed:.3g}" for r in failed]
    assert not failed, "\n".join(lines)
