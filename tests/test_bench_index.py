"""The index bench: its catalogues, and a small run of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from descant.models.metrics import ranks, recall_at_k
from tests.bench import vectors
from tests.bench.vectors import clustered, uniform
from tests.bench_index import main


@pytest.mark.parametrize("make", [clustered, uniform])
def test_catalogues_are_unit_vectors_that_depend_on_the_seed(make: type) -> None:
    first, again, other = (make(300, 50, 64, seed) for seed in (0, 0, 1))
    for name in ("melody", "audio", "queries"):
        array = getattr(first, name)
        assert array.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(array, axis=1), 1, atol=1e-5)
        assert (array == getattr(again, name)).all()
        assert (array != getattr(other, name)).any()
    assert (first.melody.shape, first.queries.shape) == ((300, 64), (50, 64))


def test_a_piece_is_near_itself_in_the_other_modality() -> None:
    made = clustered(1000, 200)
    assert recall_at_k(ranks(made.audio, made.melody), 10) > 0.9
    text = recall_at_k(ranks(made.queries, made.melody), 10)
    assert 0.8 < text < 0.99


def test_chunks_are_all_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "CHUNK", 70)
    made = clustered(300, 100, 32)
    assert made.queries.shape == (100, 32)
    assert np.linalg.norm(made.melody, axis=1).min() > 0.99
    assert len(np.unique(made.melody, axis=0)) == 300
    assert recall_at_k(ranks(made.queries, made.melody), 10) > 0.5  # query i asks for piece i


def test_a_small_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    options = "--vectors 400 --queries 20 --width 32 --m 8 --ef-construction 40"
    assert main([*options.split(), "--catalogues", "clustered"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("400 clustered")]
    assert len(rows) == 1 + 6 + 5
    assert " 1.000 " in rows[0]  # the exact search finds all
    assert "HNSW at recall@10 ≥ 0.95, 400 clustered" in lines[-1]
