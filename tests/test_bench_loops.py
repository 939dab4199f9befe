"""The bench of loops: the ways it compares, and what it measures at a joint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from descant.runtime.pack import open_pack
from descant.runtime.pieces import drain
from descant.runtime.providers import choose_provider
from descant.runtime.request import Request
from descant.runtime.sessions import Sessions
from tests.bench.loop_sound import clicks, draw_joints
from tests.bench.loop_ways import Loop, LoopMaker, cross_faded, random_request
from tests.bench_loops import Rows, note, table


@pytest.fixture(scope="module")
def loop(tiny_pack: Path) -> Iterator[Loop]:
    """Return a loop of three bars in all ways."""
    with open_pack(tiny_pack) as pack:
        maker = LoopMaker(Sessions(pack, choose_provider("cpu"), 1))
        yield drain(
            maker.make(Request(prompt="calm piano", tempo_bpm=240, bars=3, loop=True, seed=1))
        )


def test_all_ways_are_as_long(loop: Loop) -> None:
    samples = round(3 * loop.beats_per_bar * 60 / 240 * 44_100)
    assert {len(way) for way in loop.ways.values()} == {samples}
    assert set(loop.similarity) == set(loop.ways)


def test_table_has_a_row_for_each_way(loop: Loop) -> None:
    rows: Rows = {}
    note(rows, loop, 44_100)
    lines = table(rows).splitlines()
    assert len(lines) == 1 + len(loop.ways) + 1
    assert lines[-1].startswith("bar lines inside")


def test_a_jump_is_a_click() -> None:
    wave = np.sin(np.arange(20_000) * 0.02 * np.pi).astype(np.float32)  # 200 periods
    wave += np.random.default_rng(0).standard_normal(20_000).astype(np.float32) * 1e-3
    whole, broken = clicks(wave, np.array([0])), clicks(wave[:19_925], np.array([0]))
    assert whole[0] < 6
    assert broken[0] > 5 * whole[0]


def test_cross_fade_ends_where_the_loop_goes_on() -> None:
    line = np.arange(100, dtype=np.float32)
    faded = cross_faded(line, 80, 10)
    assert faded[0] == pytest.approx(80.0)
    assert faded[9] == pytest.approx(9.0)
    np.testing.assert_array_equal(faded[10:], line[10:80])


def test_picture(loop: Loop, tmp_path: Path) -> None:
    draw_joints(loop.ways.values(), 44_100, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (414, 256 * len(loop.ways))


def test_requests_are_loops() -> None:
    asked = [random_request(seed) for seed in range(5)]
    assert all(request.loop and request.bars for request in asked)
    assert asked[3] == random_request(3)
