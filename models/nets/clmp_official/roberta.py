"""RoBERTa as a text tower (Liu et al. 2019, arXiv 1907.11692).

Letters: B batch, S tokens, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.clmp_spec import RobertaSpec
from descant.models.nets.blocks import additive_mask


class RobertaEmbeddings(nn.Module):
    """Sum of word, position and type vectors, normalised."""

    def __init__(self, spec: RobertaSpec) -> None:
        super().__init__()
        self.pad_id = spec.pad_id
        self.word_embeddings = nn.Embedding(spec.vocabulary, spec.width)
        self.position_embeddings = nn.Embedding(spec.positions, spec.width)
        self.token_type_embeddings = nn.Embedding(1, spec.width)
        self.LayerNorm = nn.LayerNorm(spec.width, spec.norm_epsilon)

    def forward(self, ids: Tensor) -> Tensor:
        """(B, S) -> (B, S, D)."""
        real = (ids != self.pad_id).to(ids.dtype)
        # Padding has the position of its own id, and text counts on from there.
        positions = real.cumsum(1) * real + self.pad_id
        embedded = self.word_embeddings(ids) + self.position_embeddings(positions)
        return self.LayerNorm(embedded + self.token_type_embeddings.weight)


class RobertaLayer(nn.Module):
    """Transformer layer with the norm after each residual."""

    def __init__(self, spec: RobertaSpec) -> None:
        super().__init__()
        self.heads = spec.heads
        width = spec.width
        projections = {name: nn.Linear(width, width) for name in ("query", "key", "value")}
        self.attention = nn.ModuleDict(
            {"self": nn.ModuleDict(projections), "output": _dense_norm(width, spec)}
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, spec.mlp_width)})
        self.output = _dense_norm(spec.mlp_width, spec)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, D); ``mask`` (B, 1, S, S) is added to the scores."""
        x = _close(self.attention["output"], self._attend(x, mask), x)
        return _close(self.output, functional.gelu(self.intermediate["dense"](x)), x)

    def _attend(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = (batch, length, self.heads, width // self.heads)
        projections = self.attention["self"]
        query, key, value = (
            projections[name](x).reshape(split).transpose(1, 2)  # type: ignore[index]
            for name in ("query", "key", "value")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return mixed.transpose(1, 2).reshape(batch, length, width)


class RobertaText(nn.Module):
    """Token ids to one vector, read off the first token."""

    def __init__(self, spec: RobertaSpec) -> None:
        super().__init__()
        self.embeddings = RobertaEmbeddings(spec)
        layers = [RobertaLayer(spec) for _ in range(spec.layers)]
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(layers)})
        self.pooler = nn.ModuleDict({"dense": nn.Linear(spec.width, spec.width)})

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer's tokens.

        Args:
            ids: (B, S) int64, S at most ``RobertaSpec.max_tokens``.
            mask: (B, S) 1 for text, 0 for padding.

        Returns:
            (B, S, D) float32.
        """
        x = self.embeddings(ids)
        bias = additive_mask(mask.to(x.dtype), ids.shape[1])
        layers = self.encoder["layer"]
        assert isinstance(layers, nn.ModuleList)
        for layer in layers:
            x = layer(x, bias)
        return x

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, S) ids and mask -> (B, D) pooled, in (-1, 1)."""
        return torch.tanh(self.pooler["dense"](self.hidden(ids, mask)[:, 0]))


def _dense_norm(from_width: int, spec: RobertaSpec) -> nn.ModuleDict:
    norm = nn.LayerNorm(spec.width, spec.norm_epsilon)
    return nn.ModuleDict({"dense": nn.Linear(from_width, spec.width), "LayerNorm": norm})


def _close(output: nn.Module, hidden: Tensor, residual: Tensor) -> Tensor:
    """Project, add the residual, normalise."""
    assert isinstance(output, nn.ModuleDict)
    return output["LayerNorm"](output["dense"](hidden) + residual)
