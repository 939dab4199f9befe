"""Engines that are built once for all tests."""

from __future__ import annotations

import pytest

from descant.export.engines import BuiltEngine
from tests.export.engine_tools import build


@pytest.fixture(scope="session")
def starter_engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, BuiltEngine]:
    """Return an engine in float16 of every graph of the starter; copy it before changing it."""
    made = build("starter", tmp_path_factory.mktemp("engines"))
    return {engine.sidecar.key.graph: engine for engine in made}
