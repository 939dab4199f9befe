"""The graphs of picture tower and adapters, as they lie in a pack."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from descant.export.adapter_graphs import adapter_plans
from descant.export.onnx_graph import export_onnx
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.models.training.adapters import Adapters

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def test_graphs_say_what_the_networks_say() -> None:
    module = Adapters()
    for adapter in (module.picture, module.story, module.caption):
        for parameter in adapter.parameters():
            torch.nn.init.normal_(parameter, std=0.05)
    plans = {plan.name: plan for plan in adapter_plans(module)}
    assert list(plans) == [
        "picture_encoder", "picture_adapter", "story_adapter", "caption_adapter", "picture_words",
    ]  # fmt: skip
    contents = {
        name: store_compactly(export_onnx(plan), plan.int8).SerializeToString()
        for name, plan in plans.items()
    }
    assert len(contents["picture_encoder"]) < 6_000_000
    for name, plan in plans.items():
        measure_parity(plan, contents[name], 3e-2)
    longer = {
        "windows": functional.normalize(torch.randn(1, 9, 512), dim=-1), "mask": torch.ones(1, 9),
        "tokens": torch.randint(0, 20000, (1, 90)),
    }  # fmt: skip
    measure_parity(replace(plans["story_adapter"], example=longer), contents["story_adapter"], 3e-2)
    one = {"picture": torch.rand(1, 3, 128, 128)}
    measure_parity(replace(plans["picture_encoder"], example=one), contents["picture_encoder"], 0.1)
