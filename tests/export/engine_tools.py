"""What the tests of engines share."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from descant.export.engines import BuiltEngine, EngineOptions, build_engines
from descant.runtime.pack import open_pack

HAS_WHEEL = (sys.platform, platform.machine()) in {("linux", "x86_64"), ("win32", "AMD64")}
needs_builder = pytest.mark.skipif(
    not HAS_WHEEL, reason="TensorRT-RTX, which builds engines, has no wheel for this platform"
)
SMALL = "melody_encoder"
"""A graph of the starter that is built in a third of a second."""


def build(pack: Path | str, folder: Path, *graphs: str, **options: str) -> list[BuiltEngine]:
    """Build engines of a pack's graphs, all by default."""
    with open_pack(pack) as opened:
        chosen = EngineOptions(graphs=graphs, **options)  # type: ignore[arg-type]
        return build_engines(opened, chosen, folder, lambda name, done: None)
