"""Vector indexes: what they find, what they keep on disk, and what they refuse."""

from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.runtime.errors import OutputError, PackError
from descant.runtime.index_kinds import Flat, Hnsw, IndexKind, Ivf
from descant.runtime.vector_index import VectorIndex, VectorIndexError

KINDS: dict[str, IndexKind] = {
    "flat": Flat(),
    "hnsw": Hnsw(m=16, ef_construction=60, ef_search=48),
    "half": Hnsw(m=16, ef_construction=60, ef_search=48, half=True),
    "ivf": Ivf(nlist=12, nprobe=12),
}
FloatArray = NDArray[np.float32]


def units(count: int, width: int = 24, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((count, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def exact(vectors: FloatArray, queries: FloatArray, k: int) -> NDArray[np.int64]:
    return np.argsort(-(queries @ vectors.T), axis=1, kind="stable")[:, :k]


@pytest.fixture(scope="module", params=KINDS.values(), ids=list(KINDS))
def index(request: pytest.FixtureRequest) -> VectorIndex:
    """Return an index of every kind over the same vectors."""
    return VectorIndex.build(units(300), request.param)


def test_finds_what_is_nearest(index: VectorIndex) -> None:
    queries = units(20, seed=1)
    found = index.search(3.0 * queries, 10)  # the length of a query does not matter
    wanted = exact(units(300), queries, 10)
    shared = sum(
        len(set(a) & set(b)) for a, b in zip(found.places.tolist(), wanted.tolist(), strict=True)
    )
    assert shared >= 195
    cosine = np.take_along_axis(queries @ units(300).T, found.places, 1)
    np.testing.assert_allclose(found.similarity, cosine, atol=1e-3)
    assert (np.diff(found.similarity, axis=1) <= 0).all()


def test_survives_bytes_and_files(index: VectorIndex, tmp_path: Path) -> None:
    path = tmp_path / "melodies.faiss"
    index.save(path)
    queries = units(5, seed=2)
    before = index.search(queries, 7)
    for again in (
        VectorIndex.from_bytes(index.to_bytes()),
        VectorIndex.load(path),
        VectorIndex.load(path, mapped=False),
    ):
        assert (again.kind, again.metric) == (index.kind, "inner product")
        again.check_fits(24, 300)
        after = again.search(queries, 7)
        assert after.places.tolist() == before.places.tolist()
        assert after.similarity.tolist() == before.similarity.tolist()
    assert [file.name for file in tmp_path.iterdir()] == ["melodies.faiss"]
    assert path.stat().st_size == index.size_bytes
    with pytest.raises(OutputError, match="folder"):
        index.save(tmp_path / "missing" / "melodies.faiss")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_same_vectors_same_bytes(kind: IndexKind) -> None:
    first, second = (VectorIndex.build(units(120), kind).to_bytes() for _ in range(2))
    assert first == second


def test_asks_for_more_than_there_is(index: VectorIndex) -> None:
    found = index.search(units(2), 1000)
    assert found.places.shape == (2, 300)
    found_places = found.places[0][found.places[0] >= 0]
    assert len(set(found_places.tolist())) == len(found_places)
    assert np.isneginf(found.similarity[found.places < 0]).all()


def test_effort_buys_recall() -> None:
    vectors, queries = units(2000, 48), units(40, 48, seed=1)
    wanted = exact(vectors, queries, 10)
    for kind in (Hnsw(m=4, ef_construction=20, ef_search=10), Ivf(nlist=40, nprobe=1)):
        index = VectorIndex.build(vectors, kind)
        shares = [
            (index.search(queries, 10, effort).places[:, :, None] == wanted[:, None]).any(2).mean()
            for effort in (None, 2000)
        ]
        assert shares[0] < 0.8
        assert shares[1] > 0.95
        assert index.search(queries, 10).places.shape == (40, 10)  # the index has not changed


def test_several_threads_search_at_once() -> None:
    index = VectorIndex.build(units(1000), KINDS["hnsw"])
    queries = units(50, seed=3)
    wanted = {effort: index.search(queries, 5, effort).places.tolist() for effort in (8, 200)}
    wrong: list[int] = []

    def search(effort: int) -> None:
        for _ in range(20):
            if index.search(queries, 5, effort).places.tolist() != wanted[effort]:
                wrong.append(effort)

    threads = [threading.Thread(target=search, args=(effort,)) for effort in (8, 200, 8, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_published_melody_index(tmp_path: Path) -> None:
    # melody.faiss: IndexHNSWFlat(512, 32) by L2 with efConstruction 80, over melody.npy.
    vectors = units(400, 512)
    published = faiss.IndexHNSWFlat(512, 32)
    published.hnsw.efConstruction = 80
    published.add(vectors)
    faiss.write_index(published, str(tmp_path / "melody.faiss"))
    index = VectorIndex.load(tmp_path / "melody.faiss")
    index.check_fits(512, len(vectors))
    assert (index.kind, index.metric) == ("hnsw", "L2")
    queries = units(30, 512, seed=4)
    found = index.search(queries, 1, effort=200)
    assert found.places.tolist() == exact(vectors, queries, 1).tolist()
    assert found.similarity[:, 0] == pytest.approx((queries @ vectors.T).max(1), abs=1e-5)


def test_index_that_does_not_fit() -> None:
    index = VectorIndex.build(units(30), Flat())
    for width, count in ((24, 31), (23, 30)):
        with pytest.raises(VectorIndexError, match=f"want {count} vectors of width {width}") as e:
            index.check_fits(width, count)
        assert e.value.hint


def test_vectors_that_are_refused() -> None:
    broken, long = units(10), units(10)
    broken[4, 2] = np.nan
    long[7] *= 1.5
    for vectors, message in (
        (broken, "vector 4 is not finite"),
        (long, "vector 7 has length 1.5, not 1"),
        (np.zeros((3, 24), np.float32), "length 0"),
        (np.zeros((0, 24), np.float32), r"\(N, D\)"),
        (np.ones(24, np.float32), r"\(N, D\)"),
    ):
        with pytest.raises(VectorIndexError, match=message):
            VectorIndex.build(vectors, Flat())
    for kind in (Ivf(nlist=11), Ivf(nlist=0), Ivf(4, nprobe=0), Hnsw(m=1), Hnsw(ef_search=0)):
        with pytest.raises(VectorIndexError, match=r"10 vectors|no graph"):
            VectorIndex.build(units(10), kind)


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_queries_that_are_refused(value: float) -> None:
    index = VectorIndex.build(units(10), Flat())
    with pytest.raises(ValueError, match="not finite"):
        index.search(np.full((1, 24), value, np.float32), 3)


def test_searches_that_are_refused() -> None:
    index = VectorIndex.build(units(10), Flat())
    for queries, k, effort, message in (
        (units(1, 23), 3, None, "must be"), (units(1)[0], 3, None, "must be"),
        (units(1), 0, None, "at least 1"), (units(1), 3, 0, "at least 1"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            index.search(queries, k, effort)


def test_other_indexes_are_refused() -> None:
    for made, message in (
        (faiss.IndexPQ(24, 4, 4), "kind IndexPQ"),
        (faiss.IndexHNSWFlat(24, 8, faiss.METRIC_L1), "metric"),
    ):
        made.train(units(100))
        made.add(units(100))
        with pytest.raises(VectorIndexError, match=message):
            VectorIndex.from_bytes(faiss.serialize_index(made).tobytes())


def test_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "melody.faiss"
    for name in (path, tmp_path, tmp_path / "a\0b"):
        with pytest.raises(VectorIndexError, match="no index"):
            VectorIndex.load(name)
    for content in (b"", b"no index at all", units(4).tobytes()):
        path.write_bytes(content)
        for mapped in (True, False):
            with pytest.raises(PackError, match="not readable") as caught:
                VectorIndex.load(path, mapped)
            assert caught.value.hint


BYTES = {name: VectorIndex.build(units(30, 8), kind).to_bytes() for name, kind in KINDS.items()}


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(BYTES)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=3),
    st.floats(0, 1),
)
def test_damage_is_met_with_an_error_or_an_answer(
    name: str, changes: list[tuple[float, int]], length: float
) -> None:
    content = bytearray(BYTES[name])
    for place, value in changes:
        content[int(place * len(content))] = value
    if not changes:
        del content[int(length * len(content)) :]
    try:
        index = VectorIndex.from_bytes(bytes(content))
        index.check_fits(8, 30)
        index.search(units(2, 8), 3)
    except VectorIndexError:
        return
