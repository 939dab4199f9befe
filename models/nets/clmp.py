"""CLMP towers: text, audio and melody in one 512-dimensional space (MG2, section 3.1).

Each tower returns a unit vector; training pulls the three views of one clip together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import (
    SelfAttention,
    StatisticsPool,
    additive_mask,
    conv_stack,
)
from descant.models.theory.notes import Key, Mode
from descant.models.theory.words import GENRES, LEADS, MOODS

CLMP_DIM = 512
MELODY_STRIDE = 4
"""Mel frames per frame of the melody tower's roll."""

TEMPO_EDGES = (60, 70, 80, 90, 100, 110, 120, 130, 140, 155, 170)
KEYS = tuple(str(Key(tonic, mode)) for tonic in range(12) for mode in get_args(Mode))
GROUPS = (len(GENRES), len(MOODS), len(LEADS), len(KEYS), len(TEMPO_EDGES) + 1)
"""Sizes of the groups of classes that ``Attributes`` reads."""
NAMED_GROUPS = 3
"""Genre, mood and lead; key and tempo reach the denoiser through the control track."""
CLASS_GAIN = 10.0
"""Unit vectors are multiplied by this before they are classified."""


@dataclass(frozen=True, slots=True)
class TextConfig:
    """Sizes of the text tower."""

    vocabulary: int = 27628
    token_dim: int = 96
    dim: int = 256
    layers: int = 3
    heads: int = 4
    max_tokens: int = 64
    teacher_dim: int = 384
    """Width of the sentence encoder that the tower is distilled from."""


class TextLayer(nn.Module):
    """Pre-norm transformer layer."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(dim)
        self.attention = SelfAttention(dim, heads)
        self.mlp_norm = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(
            nn.Linear(dim, dim * 4), nn.GELU(approximate="tanh"), nn.Linear(dim * 4, dim)
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, D)."""
        x = x + self.attention(self.attention_norm(x), mask=mask)
        return x + self.mlp(self.mlp_norm(x))


class TextEncoder(nn.Module):
    """Compact transformer over WordPiece tokens."""

    def __init__(self, config: TextConfig | None = None) -> None:
        super().__init__()
        config = config or TextConfig()
        self.tokens = nn.Embedding(config.vocabulary, config.token_dim)
        self.widen = nn.Linear(config.token_dim, config.dim)
        self.positions = nn.Parameter(torch.randn(config.max_tokens, config.dim) * 0.02)
        self.layers = nn.ModuleList(
            [TextLayer(config.dim, config.heads) for _ in range(config.layers)]
        )
        self.norm = nn.LayerNorm(config.dim)
        self.project = nn.Sequential(
            nn.Linear(config.dim, config.dim * 2),
            nn.GELU(approximate="tanh"),
            nn.Linear(config.dim * 2, CLMP_DIM),
        )
        self.teach = nn.Linear(config.dim, config.teacher_dim)

    def hidden(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """(B, S) int64, (B, S) float -> (B, S, D) token features."""
        # Gathered by hand: the exporter would name aten::embedding's value like our output.
        vectors = self.tokens.weight.index_select(0, tokens.flatten())
        x = self.widen(vectors.reshape(*tokens.shape, -1)) + self.positions[: tokens.shape[1]]
        bias = additive_mask(mask, tokens.shape[1])
        for layer in self.layers:
            x = layer(x, bias)
        return self.norm(x)

    @staticmethod
    def pool(hidden: Tensor, mask: Tensor) -> Tensor:
        """Mean of the real tokens: (B, S, D) -> (B, D)."""
        weight = mask.unsqueeze(-1)
        return (hidden * weight).sum(1) / weight.sum(1).clamp(min=1.0)

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the (B, 512) unit embedding and the (B, S, D) token features."""
        hidden = self.hidden(tokens, mask)
        return functional.normalize(self.project(self.pool(hidden, mask)), dim=-1), hidden

    def imitate(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the (B, 384) unit vector that should equal the sentence encoder's."""
        pooled = self.pool(self.hidden(tokens, mask), mask)
        return functional.normalize(self.teach(pooled), dim=-1)


class AudioEncoder(nn.Module):
    """Convolutions over log-mel frames, pooled over time."""

    def __init__(self, n_mels: int = 128, dims: tuple[int, int] = (160, 224)) -> None:
        super().__init__()
        self.stem = nn.Conv1d(n_mels, dims[0], 8, stride=4, padding=2)
        self.early = conv_stack(dims[0], 2)
        self.down = nn.Conv1d(dims[0], dims[1], 4, stride=2, padding=1)
        self.late = conv_stack(dims[1], 4)
        self.pool = StatisticsPool(dims[1], CLMP_DIM)

    def forward(self, mel: Tensor) -> Tensor:
        """(B, 128, T) natural-log mel -> (B, 512) unit embedding."""
        x = self.early(self.stem(mel * 0.4))
        x = self.late(self.down(functional.gelu(x, approximate="tanh")))
        return functional.normalize(self.pool(x), dim=-1)


class MelodyEncoder(nn.Module):
    """Convolutions over a melody roll, pooled over time."""

    def __init__(self, rows: int = 89, dim: int = 160) -> None:
        super().__init__()
        self.stem = nn.Conv1d(rows, dim, 6, stride=2, padding=2)
        self.body = conv_stack(dim, 3)
        self.pool = StatisticsPool(dim, CLMP_DIM)

    def forward(self, roll: Tensor) -> Tensor:
        """(B, 89, T / 4) melody rows and onset row -> (B, 512) unit embedding."""
        return functional.normalize(self.pool(self.body(self.stem(roll))), dim=-1)


class Attributes(nn.Linear):
    """Reads genre, mood, lead, key and tempo from a point of the space; all views share it."""

    def __init__(self) -> None:
        super().__init__(CLMP_DIM, sum(GROUPS))

    def logits(self, view: Tensor) -> tuple[Tensor, ...]:
        """(B, 512) unit vectors -> one (B, classes) for each of ``GROUPS``."""
        return self(view * CLASS_GAIN).split(GROUPS, 1)

    def named(self, view: Tensor) -> Tensor:
        """(B, 512) unit vectors -> (B, 83) probabilities of genres, moods and leads."""
        return torch.cat([group.softmax(1) for group in self.logits(view)[:NAMED_GROUPS]], 1)


def melody_roll(control: Tensor) -> Tensor:
    """(B, 126, T) control track -> (B, 89, T // 4): its melody at the tower's frame rate."""
    return functional.max_pool1d(control[:, :89], MELODY_STRIDE)


def contrastive_loss(views: list[Tensor], scale: Tensor) -> Tensor:
    """Six-way contrastive loss: cross-entropy in both directions for each pair (MG2, eq. 4).

    Args:
        views: Embeddings (B, 512) of the same clips, one per modality, unit length.
        scale: Learned inverse temperature.
    """
    labels = torch.arange(len(views[0]), device=views[0].device)
    losses = []
    for i, first in enumerate(views):
        for second in views[i + 1 :]:
            logits = scale * first @ second.T
            losses += [
                functional.cross_entropy(logits, labels),
                functional.cross_entropy(logits.T, labels),
            ]
    return torch.stack(losses).mean()
