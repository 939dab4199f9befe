"""The image branch's graph, planned for export."""

from __future__ import annotations

import torch

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.image_branch_spec import INVERSION_END, INVERSION_STEPS, SIDE, TOKENS
from descant.models.nets.clmp import CLMP_DIM
from descant.models.nets.image_branch import (
    DECODER_LAYERS,
    DIM,
    HEADS,
    ImageBranch,
    ImageBranchStep,
)

ROWS = 2


def image_branch_plan(module: ImageBranch) -> GraphPlan:
    """Return ``image_branch_step``: an Euler step of a picture, with keys and values before it."""
    picture = tensor("float32", "B", 3, SIDE, SIDE)
    taken = tensor("float32", "B", DECODER_LAYERS, HEADS, TOKENS, DIM // HEADS)
    step = INVERSION_END / INVERSION_STEPS
    return GraphPlan(
        "image_branch_step",
        ImageBranchStep(module),
        {
            "picture": picture,
            "text": tensor("float32", "B", CLMP_DIM),
            "time": tensor("float32", 1),
            "next_time": tensor("float32", 1),
        },
        {"next_picture": picture, "keys": taken, "values": taken},
        {
            "picture": torch.rand(ROWS, 3, SIDE, SIDE) * 2.0 - 1.0,
            "text": torch.nn.functional.normalize(torch.randn(ROWS, CLMP_DIM), dim=-1),
            "time": torch.tensor([INVERSION_END - step]),  # where keys and values are taken
            "next_time": torch.tensor([INVERSION_END]),
        },
    )
