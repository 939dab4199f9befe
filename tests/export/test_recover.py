"""Weights that went into a graph come back from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from descant.export.adapter_graphs import caption_adapter_plan, picture_plan
from descant.export.errors import ExportError
from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.export.precision import store_compactly
from descant.export.recover import recover_module
from descant.models.nets.adapters import CaptionAdapter
from descant.models.nets.picture import PictureEncoder

pytestmark = pytest.mark.torch


def _tower() -> GraphPlan:
    return picture_plan(PictureEncoder((8, 16, 16, 24), (1, 1, 1, 1)))


def _adapter() -> GraphPlan:
    return caption_adapter_plan(CaptionAdapter())


@pytest.mark.parametrize("plan", [_tower, _adapter])
def test_a_module_is_filled_with_what_its_graph_holds(plan: Callable[[], GraphPlan]) -> None:
    torch.manual_seed(3)
    trained, fresh = plan(), plan()
    with torch.no_grad():
        for parameter in trained.module.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.02)
        content = store_compactly(export_onnx(trained), int8=True).SerializeToString()
        found = recover_module(fresh, content)
    wanted = dict(trained.module.named_parameters())
    assert found == len(wanted)
    for name, parameter in fresh.module.named_parameters():
        scale = float(wanted[name].detach().abs().max())
        torch.testing.assert_close(parameter, wanted[name], rtol=0, atol=scale / 200)


def test_a_graph_of_another_network_is_refused() -> None:
    with torch.no_grad():
        content = export_onnx(picture_plan(PictureEncoder((8, 16, 16, 24), (1, 1, 1, 1))))
        other = picture_plan(PictureEncoder((8, 16, 16, 32), (1, 1, 1, 1)))
        with pytest.raises(ExportError, match="picture_encoder"):
            recover_module(other, content.SerializeToString())
