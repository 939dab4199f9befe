"""The graphs of the picture tower and of the adapters, planned for export."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.adapters import CaptionAdapter, PictureAdapter, StoryAdapter
from descant.models.nets.clmp import CLMP_DIM
from descant.models.nets.picture import FEATURE_DIM, PICTURE_SIDE, PictureEncoder
from descant.models.training.adapters import Adapters

ROWS, WINDOWS = 2, 5
_UNIT = tensor("float32", "B", CLMP_DIM)


def adapter_plans(module: Adapters) -> list[GraphPlan]:
    """Return the plans of tower and adapters, in the order in which a request meets them."""
    return [
        picture_plan(module.tower),
        picture_adapter_plan(module.picture),
        story_adapter_plan(module.story),
        caption_adapter_plan(module.caption),
    ]


def picture_plan(module: PictureEncoder) -> GraphPlan:
    """Return ``picture_encoder``: sRGB in 0 ... 1 to a unit feature."""
    return GraphPlan(
        "picture_encoder",
        module,
        {"picture": tensor("float32", "B", 3, PICTURE_SIDE, PICTURE_SIDE)},
        {"feature": tensor("float32", "B", FEATURE_DIM)},
        {"picture": torch.rand(ROWS, 3, PICTURE_SIDE, PICTURE_SIDE)},
    )


def picture_adapter_plan(module: PictureAdapter) -> GraphPlan:
    """Return ``picture_adapter``: a tower's unit feature into CLMP space."""
    width, dim = module.enter.in_features, module.enter.out_features
    return GraphPlan(
        "picture_adapter",
        module,
        {"feature": tensor("float32", "B", width)},
        {"embedding": tensor("float32", "B", dim)},
        {"feature": _units(ROWS, width)},
    )


def story_adapter_plan(module: StoryAdapter) -> GraphPlan:
    """Return ``story_adapter``: embeddings of a story's windows, and which there are."""
    mask = torch.ones(ROWS, WINDOWS)
    mask[1:, WINDOWS // 2 :] = 0.0
    return GraphPlan(
        "story_adapter",
        module,
        {"windows": tensor("float32", "B", "N", CLMP_DIM), "mask": tensor("float32", "B", "N")},
        {"embedding": _UNIT},
        {"windows": _units(ROWS, WINDOWS, CLMP_DIM), "mask": mask},
    )


def caption_adapter_plan(module: CaptionAdapter) -> GraphPlan:
    """Return ``caption_adapter``: the text tower's embedding to the side of the sound."""
    return GraphPlan(
        "caption_adapter",
        module,
        {"embedding": _UNIT},
        {"adapted": _UNIT},
        {"embedding": _units(ROWS, CLMP_DIM)},
    )


def _units(*shape: int) -> Tensor:
    return functional.normalize(torch.randn(*shape), dim=-1)
