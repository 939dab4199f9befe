"""BLIP's captioner (Li et al. 2022): a vision transformer and a text decoder that looks at it.

Parameter names are those of the ``transformers`` library, under which it is published, without
the names of containers. Only the decoder's keys and values of the picture have moved to the
picture's side, where they are computed once.

Letters: B batch, P patches, S tokens, L layers, H heads, D width, V vocabulary.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.caption_spec import BlipConfig
from descant.models.nets.ldm.blocks import split_heads


class _PatchEmbeddings(nn.Module):
    """Patches of a picture with their places, and one place more for the whole."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        width = config.picture_width
        self.class_embedding = nn.Parameter(torch.zeros(1, 1, width))
        self.patch_embedding = nn.Conv2d(3, width, config.patch, config.patch)
        self.position_embedding = nn.Parameter(torch.zeros(1, config.patches, width))

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, P, D)."""
        patches = self.patch_embedding(picture).flatten(2).transpose(1, 2)
        whole = self.class_embedding.expand(picture.shape[0], -1, -1)
        return torch.cat([whole, patches], 1) + self.position_embedding


class _PatchAttention(nn.Module):
    """Self-attention whose three projections are one matrix."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.heads = config.picture_heads
        self.qkv = nn.Linear(config.picture_width, 3 * config.picture_width)
        self.projection = nn.Linear(config.picture_width, config.picture_width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, P, D) -> (B, P, D)."""
        query, key, value = (split_heads(part, self.heads) for part in self.qkv(x).chunk(3, -1))
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return self.projection(mixed.transpose(1, 2).flatten(2))


class _Mlp(nn.Module):
    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.fc1 = nn.Linear(config.picture_width, config.picture_mlp)
        self.fc2 = nn.Linear(config.picture_mlp, config.picture_width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, P, D) -> (B, P, D)."""
        return self.fc2(functional.gelu(self.fc1(x)))


class _PictureLayer(nn.Module):
    """Attention and MLP, each after its norm."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.picture_width, config.picture_eps)
        self.self_attn = _PatchAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.picture_width, config.picture_eps)
        self.mlp = _Mlp(config)

    def forward(self, x: Tensor) -> Tensor:
        """(B, P, D) -> (B, P, D)."""
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class BlipPicture(nn.Module):
    """A picture -> what each layer of the decoder attends to."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.config = config
        self.mean, self.std = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.ones(3))
        self.embeddings = _PatchEmbeddings(config)
        self.layers = nn.ModuleList(_PictureLayer(config) for _ in range(config.picture_layers))
        self.post_layernorm = nn.LayerNorm(config.picture_width, config.picture_eps)
        self.key = nn.ModuleList(_picture_part(config) for _ in range(config.layers))
        self.value = nn.ModuleList(_picture_part(config) for _ in range(config.layers))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, side, side) sRGB in 0 … 1 -> keys and values, each (B, L, H, P, D / H)."""
        x = self.embeddings((picture - self.mean[:, None, None]) / self.std[:, None, None])
        for layer in self.layers:
            x = layer(x)
        x = self.post_layernorm(x)
        heads = self.config.heads
        keys = torch.stack([split_heads(layer(x), heads) for layer in self.key], 1)
        values = torch.stack([split_heads(layer(x), heads) for layer in self.value], 1)
        return keys, values


def _picture_part(config: BlipConfig) -> nn.Linear:
    return nn.Linear(config.picture_width, config.width)


class _WordEmbeddings(nn.Module):
    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocabulary, config.width)
        self.position_embeddings = nn.Embedding(config.positions, config.width)
        self.LayerNorm = nn.LayerNorm(config.width, config.eps)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, S) -> (B, S, D)."""
        places = self.position_embeddings.weight[: tokens.shape[1]]
        return self.LayerNorm(self.word_embeddings(tokens) + places)


class _Sum(nn.Module):
    """A linear layer, the input of its block added, and the norm after both."""

    def __init__(self, config: BlipConfig, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, config.width)
        self.LayerNorm = nn.LayerNorm(config.width, config.eps)

    def forward(self, x: Tensor, before: Tensor) -> Tensor:
        """(B, S, width), (B, S, D) -> (B, S, D)."""
        return self.LayerNorm(self.dense(x) + before)


class _SelfAttention(nn.Module):
    """Attention of a word to itself and to those before it."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width)
        self.value = nn.Linear(config.width, config.width)
        self.output = _Sum(config, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, D)."""
        layers = (self.query, self.key, self.value)
        query, key, value = (split_heads(layer(x), self.heads) for layer in layers)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.output(mixed.transpose(1, 2).flatten(2), x)


class _PictureGaze(nn.Module):
    """Attention of words to a picture."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.output = _Sum(config, config.width)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """(B, S, D) and twice (B, H, P, D / H) -> (B, S, D)."""
        query = split_heads(self.query(x), self.heads)
        mixed = functional.scaled_dot_product_attention(query, keys, values)
        return self.output(mixed.transpose(1, 2).flatten(2), x)


class _TextLayer(nn.Module):
    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.attention = _SelfAttention(config)
        self.crossattention = _PictureGaze(config)
        self.intermediate = nn.Linear(config.width, config.mlp)
        self.output = _Sum(config, config.mlp)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """(B, S, D) and twice (B, H, P, D / H) -> (B, S, D)."""
        x = self.crossattention(self.attention(x), keys, values)
        return self.output(functional.gelu(self.intermediate(x)), x)


class _Transform(nn.Module):
    """The step from the last layer to the space of the words' vectors."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.width, config.width)
        self.LayerNorm = nn.LayerNorm(config.width, config.eps)

    def forward(self, x: Tensor) -> Tensor:
        """(B, D) -> (B, D)."""
        return self.LayerNorm(functional.gelu(self.dense(x)))


class BlipDecoder(nn.Module):
    """The words so far and a picture -> the next word."""

    def __init__(self, config: BlipConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = _WordEmbeddings(config)
        self.layer = nn.ModuleList(_TextLayer(config) for _ in range(config.layers))
        self.transform = _Transform(config)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))

    def forward(self, tokens: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Score every token as the next.

        Args:
            tokens: (B, S) int64.
            keys: (B, L, H, P, D / H), of ``BlipPicture``.
            values: Alike.

        Returns:
            (B, V) logarithms of probabilities.
        """
        x = self.embeddings(tokens)
        for i, layer in enumerate(self.layer):
            x = layer(x, keys[:, i], values[:, i])
        # The words' vectors serve for reading and writing.
        words = self.embeddings.word_embeddings.weight
        scores = functional.linear(self.transform(x[:, -1]), words, self.bias)
        return functional.log_softmax(scores, -1)
