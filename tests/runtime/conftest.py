"""Fixtures of the runtime's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from descant.runtime import Engine


@pytest.fixture
def words(tiny_pack: Path, tmp_path: Path) -> list[str]:
    """Return the arguments of a quick clip in ``tmp_path``."""
    target = str(tmp_path / "a.wav")
    return ["generate", "calm piano", "-o", target, "--pack", str(tiny_pack), "--seconds", "1"]


@pytest.fixture(scope="session")
def mg2(tiny_mg2: Path) -> Iterator[Engine]:
    """Return an engine on the tiny MG2."""
    with Engine.open(tiny_mg2, threads=1) as engine:
        yield engine


@pytest.fixture(scope="session")
def audioldm(tiny_audioldm: Path) -> Iterator[Engine]:
    """Return an engine on the tiny AudioLDM."""
    with Engine.open(tiny_audioldm, threads=1) as engine:
        yield engine
