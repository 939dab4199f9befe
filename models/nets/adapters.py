"""MusFlow's adapters: pictures, stories and captions -> the audio side of CLMP space.

Song & Wang 2025 (MusFlow) put each condition's features into the audio embedding space by an MLP
of its own. The paper's widths and losses are not public; these are ours. An adapter of texts is a
residual around its input, which CLMP has already brought near the sound: it starts as "no change".
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.clmp import CLMP_DIM

HIDDEN = 1024
DROPOUT = 0.2
HEADS = 4
"""Of the story's attention: each weighs the windows in its own way."""


class _Mlp(nn.Sequential):
    """Two layers; the second begins at zero."""

    def __init__(self, width: int, dim: int = CLMP_DIM) -> None:
        last = nn.Linear(HIDDEN, dim)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        super().__init__(
            nn.Linear(width, HIDDEN), nn.GELU(approximate="tanh"), nn.Dropout(DROPOUT), last
        )


def _spread(unit: Tensor) -> Tensor:
    """Scale unit vectors so that their entries are about 1."""
    return unit * unit.shape[-1] ** 0.5


class PictureAdapter(nn.Module):
    """Feature of a picture tower -> audio side of CLMP space."""

    def __init__(self, width: int = 512, dim: int = CLMP_DIM) -> None:
        """``width`` is that of the tower's feature, ``dim`` that of CLMP space."""
        super().__init__()
        self.enter = nn.Linear(width, dim)
        self.mlp = _Mlp(width, dim)

    def forward(self, feature: Tensor) -> Tensor:
        """(B, width) unit feature -> (B, dim) unit embedding."""
        x = _spread(feature)
        return functional.normalize(self.enter(x) + self.mlp(x), dim=-1)


class CaptionAdapter(nn.Module):
    """Embedding of a caption -> audio side of CLMP space."""

    def __init__(self) -> None:
        super().__init__()
        self.mlp = _Mlp(CLMP_DIM)

    def forward(self, embedding: Tensor) -> Tensor:
        """(B, 512) of the text tower -> (B, 512) unit embedding."""
        x = _spread(embedding)
        return functional.normalize(x + self.mlp(x), dim=-1)


class StoryAdapter(nn.Module):
    """Embeddings of a story's windows -> audio side of CLMP space.

    Learned queries weigh the windows, several times over. With the first weighing alone and an
    MLP that is still zero, the result is their mean.
    """

    def __init__(self) -> None:
        super().__init__()
        self.key = nn.Sequential(nn.Linear(CLMP_DIM, 128), nn.GELU(approximate="tanh"))
        self.queries = nn.Linear(128, HEADS, bias=False)
        nn.init.normal_(self.queries.weight, std=0.02)
        self.mlp = _Mlp(CLMP_DIM * HEADS)

    def forward(self, windows: Tensor, mask: Tensor) -> Tensor:
        """(B, N, 512) embeddings, (B, N) ones where there is one -> (B, 512) unit embedding."""
        x = _spread(windows)
        scores = self.queries(self.key(x)) + (mask - 1.0)[..., None] * 1e4
        pooled = torch.einsum("bnh,bnd->bhd", scores.softmax(1), x)
        return functional.normalize(pooled[:, 0] + self.mlp(pooled.flatten(1)), dim=-1)
