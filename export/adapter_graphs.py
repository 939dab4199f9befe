"""The graphs of the picture tower and of the adapters, planned for export."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.adapters import VOCABULARY, CaptionAdapter, PictureAdapter, StoryAdapter
from descant.models.nets.clmp import CLASS_GAIN, CLMP_DIM
from descant.models.nets.picture import FEATURE_DIM, PICTURE_SIDE, PictureEncoder
from descant.models.training.adapters import Adapters
from descant.models.training.frozen_views import SEEN_GROUPS

ROWS, WINDOWS, WORDS = 2, 5, 40
_UNIT = tensor("float32", "B", CLMP_DIM)


def adapter_plans(module: Adapters) -> list[GraphPlan]:
    """Return the plans of tower and adapters, in the order in which a request meets them."""
    return [
        picture_plan(module.tower),
        picture_adapter_plan(module.picture),
        story_adapter_plan(module.story),
        caption_adapter_plan(module.caption),
        picture_words_plan(module.seen),
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
    """Return ``story_adapter``: embeddings of a story's windows, and all its words."""
    mask = torch.ones(ROWS, WINDOWS)
    mask[1:, WINDOWS // 2 :] = 0.0
    return GraphPlan(
        "story_adapter",
        module,
        {
            "windows": tensor("float32", "B", "N", CLMP_DIM),
            "mask": tensor("float32", "B", "N"),
            "tokens": tensor("int64", "B", "M"),
        },
        {"embedding": _UNIT},
        {
            "windows": _units(ROWS, WINDOWS, CLMP_DIM),
            "mask": mask,
            "tokens": torch.randint(0, VOCABULARY, (ROWS, WORDS)),
        },
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


class PictureWords(nn.Module):
    """What the training's heads read from a picture's feature, as probabilities."""

    def __init__(self, seen: nn.Linear) -> None:
        super().__init__()
        self.seen = seen

    def forward(self, feature: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, 512) -> probabilities of places, times of day and weathers, a row each."""
        places, times, weathers = self.seen(feature * CLASS_GAIN).split(SEEN_GROUPS, 1)[:3]
        return places.softmax(1), times.softmax(1), weathers.softmax(1)


def picture_words_plan(seen: nn.Linear) -> GraphPlan:
    """Return ``picture_words``: the tower's unit feature to the phrases of a scene."""
    places, times, weathers = SEEN_GROUPS[:3]
    return GraphPlan(
        "picture_words",
        PictureWords(seen),
        {"feature": tensor("float32", "B", FEATURE_DIM)},
        {
            "places": tensor("float32", "B", places),
            "times": tensor("float32", "B", times),
            "weathers": tensor("float32", "B", weathers),
        },
        {"feature": _units(ROWS, FEATURE_DIM)},
        int8=False,
    )


def _units(*shape: int) -> Tensor:
    return functional.normalize(torch.randn(*shape), dim=-1)
