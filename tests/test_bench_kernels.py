"""The kernels' benchmark: it runs without a GPU, says what it could not measure, and judges."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
import torch

from tests.bench.kernel_cases import FUSED, LARGE, NUMPY
from tests.bench.kernel_timing import Ceilings
from tests.bench_kernels import OPS, Row, goals, main

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def test_a_cpu_measures_all_but_the_kernels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kernels.json"
    words = ["--device", "cpu", "--quick", "--seconds", "0", "--json", str(file)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "need a GPU" in printed
    assert "unmeasured: Triton needs a CUDA device" in printed
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["ceilings"]["copy_bytes_per_second"] > 0
    assert content["ceilings"]["gemm_flops_per_second"]["fp32"] > 0
    assert {row["op"] for row in content["rows"]} == set(OPS)
    for row in content["rows"]:
        if row["contender"] == FUSED:
            assert row["median_seconds"] is None
            assert row["note"]
            continue
        assert row["runs"] >= 3
        assert 0 < row["best_seconds"] <= row["median_seconds"]
        assert row["error"] < (1e-14 if row["contender"] == NUMPY else 1e-5)
    assert {figure["verdict"] for figure in content["figures"]} == {"not measured", ""}
    assert list(tmp_path.iterdir()) == [file]


def test_goals_are_judged_by_ratio_and_bandwidth() -> None:
    def row(op: str, case: str, contender: str, seconds: float, rate: float = math.nan) -> Row:
        return Row(op, case, "fp16", contender, seconds, seconds, 3, rate)

    rows = [
        row("synapse_attention", "layer", FUSED, 1.0),
        row("synapse_attention", "layer", "lerp, then SDPA", 3.0),
        row("synapse_attention", "layer", "SDPA alone, blended before", 1.5),
        row("guided_step", LARGE[0], FUSED, 1.0, rate=80.0),
        row("guided_step", "small", FUSED, 1.0, rate=8.0),
        row("groupnorm_silu", "map", FUSED, 1.0, rate=8.0),
    ]
    alone, lerp, step = goals(rows, Ceilings(100.0, {"fp16": 1.0}))
    assert (alone.value, alone.verdict) == (1.5, "ok")
    assert (lerp.value, lerp.verdict) == (3.0, "")
    assert (step.value, step.verdict) == (0.8, "MISSED")
    rows[0] = dataclasses.replace(rows[0], median_seconds=math.nan)
    assert goals(rows, Ceilings(100.0, {"fp16": 1.0}))[0].verdict == "not measured"


def test_unknown_ops_and_missing_devices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--op", "convolution"])
    assert stopped.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_no_cuda_device_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--device", "cuda"]) == 2
    assert "no CUDA device" in capsys.readouterr().err
