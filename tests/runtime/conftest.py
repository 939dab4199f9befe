"""Fixtures of the runtime's tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def words(tiny_pack: Path, tmp_path: Path) -> list[str]:
    """Return the arguments of a quick clip in ``tmp_path``."""
    target = str(tmp_path / "a.wav")
    return ["generate", "calm piano", "-o", target, "--pack", str(tiny_pack), "--seconds", "1"]
