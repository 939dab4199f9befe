"""The graph that reads genre, mood and lead from CLMP space, planned for export."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.nets.clmp import CLMP_DIM, GROUPS, Attributes

ROWS = 2


class _Read(nn.Module):
    """Probabilities of genres, moods and leads, a row each."""

    def __init__(self, attributes: Attributes) -> None:
        super().__init__()
        self.attributes = attributes

    def forward(self, embedding: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        genres, moods, leads = self.attributes.logits(embedding)[:3]
        return genres.softmax(1), moods.softmax(1), leads.softmax(1)


def attributes_plan(module: Attributes) -> GraphPlan:
    """Return ``attributes``: a place in CLMP space to what is said or heard there."""
    example = torch.nn.functional.normalize(torch.randn(ROWS, CLMP_DIM), dim=-1)
    genres, moods, leads = GROUPS[:3]
    return GraphPlan(
        "attributes",
        _Read(module),
        {"embedding": tensor("float32", "B", CLMP_DIM)},
        {
            "genres": tensor("float32", "B", genres),
            "moods": tensor("float32", "B", moods),
            "leads": tensor("float32", "B", leads),
        },
        {"embedding": example},
        int8=False,
    )
