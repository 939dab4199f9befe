"""Fixtures for every room: seeded randomness, and threads that leave the machine usable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from descant.runtime import Engine

# Before torch or NumPy's BLAS starts its pool: more threads than this only slow small graphs down.
os.environ.setdefault("OMP_NUM_THREADS", "2")
# Before anything imports Triton: its kernels then run in Python, on any machine.
os.environ.setdefault("TRITON_INTERPRET", "1")


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that starts the same in every test."""
    return np.random.default_rng(20)


@pytest.fixture
def torch_threads() -> None:
    """Hold torch to two threads, seeded, for tests that compare its numbers."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    torch.set_num_threads(2)
    torch.manual_seed(20)


@pytest.fixture(scope="session")
def tiny_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a pack of a few kB with real graphs; copy it before changing a file of it."""
    pytest.importorskip("onnx", reason="onnx is not installed; it writes the tiny pack's graphs")
    from tests.make_tiny_pack import write_tiny_pack

    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="session")
def blind_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a starter pack that neither sees nor takes humming; copy it before a change."""
    pytest.importorskip("onnx", reason="onnx is not installed; it writes the tiny pack's graphs")
    from tests.make_tiny_pack import write_tiny_pack

    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "blind", pictures=False)


@pytest.fixture(scope="session")
def tiny_engine(tiny_pack: Path) -> Iterator[Engine]:
    """Return an engine on the tiny pack."""
    with Engine.open(tiny_pack, threads=1) as engine:
        yield engine


@pytest.fixture(scope="session")
def tiny_mg2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a pack of the family "mg2"; copy it before changing a file of it."""
    return _tiny_ldm(tmp_path_factory, "mg2")


@pytest.fixture(scope="session")
def tiny_audioldm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a pack of the family "audioldm"; copy it before changing a file of it."""
    return _tiny_ldm(tmp_path_factory, "audioldm")


def _tiny_ldm(folders: pytest.TempPathFactory, family: Literal["mg2", "audioldm"]) -> Path:
    pytest.importorskip("onnx", reason="onnx is not installed; it writes the tiny pack's graphs")
    from tests.make_tiny_ldm_pack import write_tiny_ldm_pack

    return write_tiny_ldm_pack(folders.mktemp("packs") / family, family)
