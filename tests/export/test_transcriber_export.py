"""The transcriber's graph says what the network says, and engines know the shapes it meets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from descant.export.engine_profiles import Seconds, input_shapes
from descant.export.onnx_graph import export_onnx
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.export.transcriber_graphs import transcriber_plan
from descant.models.nets.transcriber import Transcriber
from descant.runtime.pack import open_pack

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def test_the_graph_says_what_the_network_says() -> None:
    torch.manual_seed(0)
    module = Transcriber()
    torch.nn.init.normal_(module.head.weight, std=0.1)
    plan = transcriber_plan(module.eval())
    content = store_compactly(export_onnx(plan), plan.int8).SerializeToString()
    assert len(content) < 600_000
    measure_parity(plan, content, 5e-3)
    shorter = replace(plan, example={"spectrum": torch.rand(1, 2, 312, 37)})
    measure_parity(shorter, content, 5e-3)


def test_engines_take_every_piece_of_a_recording(tiny_pack: Path) -> None:
    with open_pack(tiny_pack) as pack:
        shapes = input_shapes(pack.spec, "transcriber", Seconds(1.0, 10.0, 60.0))["spectrum"]
    assert shapes.opt == (1, 2, 312, 861)
    assert shapes.min[3] <= 32
    assert shapes.max[3] >= 2048 + 64
