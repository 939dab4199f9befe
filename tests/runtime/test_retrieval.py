"""The library's search: nearest first, wishes that transposing can't grant before similarity."""

from __future__ import annotations

import shutil
from pathlib import Path

import faiss
import numpy as np
import pytest

from descant.runtime.errors import PackFormatError
from descant.runtime.pack import open_pack
from descant.runtime.retrieval import MelodyIndex, Wishes, load_index
from tests.runtime.test_pack import rehash


@pytest.fixture(scope="module")
def index(tiny_pack: Path) -> MelodyIndex:
    """Return the tiny pack's melodies."""
    with open_pack(tiny_pack) as pack:
        return load_index(pack)


@pytest.fixture
def query(rng: np.random.Generator) -> np.ndarray:
    """Return a unit vector."""
    vector = rng.standard_normal(32).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_nearest_first(index: MelodyIndex, query: np.ndarray) -> None:
    found = index.find(query, Wishes(), 10)
    similarity = [neighbour.similarity for neighbour in found]
    assert similarity == sorted(similarity, reverse=True)
    assert all(-1 <= s <= 1 for s in similarity)
    assert index.find(query, Wishes(), 10) == found
    assert found[0].licence == "CC0-1.0"


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("beats", [3, 4])
def test_wishes_come_first(index: MelodyIndex, query: np.ndarray, mode: str, beats: int) -> None:
    wishes = Wishes("minor" if mode == "minor" else "major", 90.0, beats)
    best = index.sheet(index.find(query, wishes)[0])
    assert best.beats_per_bar == beats or mode == "minor"  # the tiny waltzes are all major
    if beats == 4:
        assert best.key.mode == mode
        assert 1 / 1.4 <= best.tempo_bpm / 90 <= 1.4


def test_index_that_does_not_fit(tiny_pack: Path, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "pack"))
    vectors = np.zeros((80, 32), np.float32)
    wrong: list[tuple[bytes, str]] = [(b"no index", "readable")]
    for made, message in (
        (faiss.IndexFlatIP(32), "HNSW"),
        (faiss.IndexHNSWFlat(32, 8), "inner product"),
        (faiss.IndexHNSWFlat(31, 8, faiss.METRIC_INNER_PRODUCT), "width"),
    ):
        made.add(np.ascontiguousarray(vectors[:, : made.d]))
        wrong.append((bytes(faiss.serialize_index(made)), message))
    for content, message in wrong:
        rehash(pack, "index", "files", content)
        with open_pack(pack) as opened, pytest.raises(PackFormatError, match=message):
            load_index(opened)


@pytest.mark.parametrize("content", [b"x", b"PK\5\6" + bytes(18)])
def test_library_that_is_none(tiny_pack: Path, tmp_path: Path, content: bytes) -> None:
    pack = Path(shutil.copytree(tiny_pack, tmp_path / "pack"))
    rehash(pack, "library", "files", content)
    with open_pack(pack) as opened, pytest.raises(PackFormatError, match="library"):
        load_index(opened)
