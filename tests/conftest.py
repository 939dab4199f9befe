"""Fixtures for every room: seeded randomness, and threads that leave the machine usable."""

from __future__ import annotations

import os

import numpy as np
import pytest

# Before torch or NumPy's BLAS starts its pool: more threads than this only slow small graphs down.
os.environ.setdefault("OMP_NUM_THREADS", "2")


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
