"""The published towers as ONNX graphs: the same numbers, for any batch and length of text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor

from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.export.parity import measure_parity
from descant.models.nets.clmp_official.clmp import AudioTower, MelodyTower, TextTower
from tests.models.test_clmp_official import SAMPLES, SMALL, random_clmp

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

UNIT = {"unit_vector": tensor("float32", "B", SMALL.dim)}


def text_example(rows: int, length: int) -> dict[str, Tensor]:
    ids = torch.randint(4, 60, (rows, length))
    ids[0, length // 2 :] = 1
    return {"ids": ids, "mask": (ids != 1).float()}


def sound_example(rows: int) -> dict[str, Tensor]:
    return {"samples": 0.1 * torch.randn(rows, SAMPLES)}


def bag_example(rows: int) -> dict[str, Tensor]:
    return {"counts": torch.randint(0, 5, (rows, 655)).float()}


def text_plan() -> tuple[GraphPlan, dict[str, Tensor]]:
    sizes = {"ids": tensor("int64", "B", "S"), "mask": tensor("float32", "B", "S")}
    plan = GraphPlan("clmp_text", TextTower(random_clmp()), sizes, UNIT, text_example(3, 9))
    return plan, text_example(1, 30)


def audio_plan() -> tuple[GraphPlan, dict[str, Tensor]]:
    sizes = {"samples": tensor("float32", "B", SAMPLES)}
    plan = GraphPlan("clmp_audio", AudioTower(random_clmp()), sizes, UNIT, sound_example(2))
    return plan, sound_example(1)


def melody_plan() -> tuple[GraphPlan, dict[str, Tensor]]:
    sizes = {"counts": tensor("float32", "B", 655)}
    plan = GraphPlan("clmp_melody", MelodyTower(random_clmp()), sizes, UNIT, bag_example(2))
    return plan, bag_example(5)


@pytest.mark.parametrize("make", [text_plan, audio_plan, melody_plan], ids=["text", "audio", "bag"])
def test_a_tower_gives_the_same_numbers_as_a_graph(
    make: Callable[[], tuple[GraphPlan, dict[str, Tensor]]],
) -> None:
    plan, other = make()
    content = export_onnx(plan).SerializeToString()
    # Measured: 1.2e-7 (text), 2.5e-7 (audio), 1.2e-7 (melody).
    parity = measure_parity(plan, content, 1e-4)
    assert parity.max_error < 1e-5
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (made,) = session.run(None, {name: value.numpy() for name, value in other.items()})
    with torch.no_grad():
        wanted = plan.module(*other.values()).numpy()
    np.testing.assert_allclose(made, wanted, rtol=1e-4, atol=1e-5)
