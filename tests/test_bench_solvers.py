"""The bench of solvers: the flow's denoiser as a predictor of noise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnx", reason="onnx is not installed; the bench makes a graph in int8")

from descant.export.evaluation.cases import Case, make_case
from descant.models.diffusion import ddim_table, dpm_solver_table
from descant.runtime.conditioning import Condition
from descant.runtime.pack import open_pack
from tests.bench_solvers import SCHEDULE, Music, rows, ways

FloatArray = NDArray[np.float32]


@pytest.fixture(scope="module")
def music(tiny_pack: Path) -> Iterator[Music]:
    """Return the tiny pack, taken apart."""
    with open_pack(tiny_pack) as pack:
        yield Music(pack, 1)


@pytest.fixture(scope="module")
def case() -> Case:
    """Return a request."""
    return make_case(100_003)


def test_a_flow_that_knows_the_answer_gets_there(music: Music, case: Case) -> None:
    told: list[float] = []

    def denoise(latents: FloatArray, moment: float, condition: Condition) -> FloatArray:
        told.append(moment)
        return np.full_like(latents, 2.5)

    for table in (dpm_solver_table(SCHEDULE, 6), ddim_table(SCHEDULE, 6)):
        told.clear()
        made = music.sample(denoise, table, case)
        # DDIM's last level is not quite clean: abar is 0.9985 there
        np.testing.assert_allclose(made.mean(), 2.5, atol=0.02)
        assert told == sorted(told, reverse=True)
        assert 0.9 < told[0] < 1.0


def test_each_way_is_a_line_and_int8_is_another_denoiser(music: Music, case: Case) -> None:
    chosen = [way for way in ways() if way.name in ("DPM-Solver++ 8", "DPM-Solver++ 15, int8")]
    lines = list(rows(music, [case, make_case(100_004)], chosen))
    assert len(lines) == len(chosen) + 2
    assert lines[1].split()[:2] == ["DPM-Solver++", "8"]
    assert "±" in lines[2]
