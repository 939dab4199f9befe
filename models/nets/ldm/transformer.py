"""The UNet's transformer over the positions of a feature map (Rombach et al. 2022, § 3.3).

AudioLDM gives it no context, so both attentions of a block look at the feature map itself; Stable
Diffusion gives the second one a text. There are no positions: the order of the tokens does not
matter.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.ldm.blocks import (
    GroupNorm,
    LayerNorm,
    attend,
    conv1,
    from_tokens,
    split_heads,
    to_tokens,
)

Taps = list[tuple[Tensor, Tensor]]
"""Keys and values (B, heads, tokens, head width) of self-attentions, in the order of a pass."""


class Attention(nn.Module):
    """Multi-head attention to the tokens themselves or to a context; only ``to_out`` has a bias."""

    def __init__(self, dim: int, heads: int, context_dim: int | None = None) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_k = nn.Linear(context_dim or dim, dim, bias=False)
        self.to_v = nn.Linear(context_dim or dim, dim, bias=False)
        self.to_out = nn.Sequential(nn.Linear(dim, dim))

    def forward(self, x: Tensor, context: Tensor | None = None, taps: Taps | None = None) -> Tensor:
        """(B, S, D) -> (B, S, D).

        Args:
            x: Tokens.
            context: (B, L, C) that is attended to; x itself when None.
            taps: Where keys and values (B, H, L, D / H) are put, when they are asked for.
        """
        context = x if context is None else context
        key, value = self.to_k(context), self.to_v(context)
        if taps is not None:
            taps.append((split_heads(key, self.heads), split_heads(value, self.heads)))
        return self.to_out(attend(self.to_q(x), key, value, self.heads))


class Geglu(nn.Module):
    """Linear layer whose second half gates its first by the exact GELU (Shazeer 2020)."""

    def __init__(self, dim: int, out_dim: int) -> None:
        super().__init__()
        self.proj = nn.Linear(dim, 2 * out_dim)

    def forward(self, x: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, D')."""
        value, gate = self.proj(x).chunk(2, -1)
        return value * functional.gelu(gate)


class FeedForward(nn.Module):
    """Gated layer of four times the width and back; ``net.1`` is the official dropout's place."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.net = nn.Sequential(Geglu(dim, 4 * dim), nn.Identity(), nn.Linear(4 * dim, dim))

    def forward(self, x: Tensor) -> Tensor:
        """(B, S, D) -> (B, S, D)."""
        return self.net(x)


class TransformerBlock(nn.Module):
    """Self-attention, attention to the context and a feed-forward layer, each normed and added."""

    def __init__(self, dim: int, heads: int, context_dim: int | None = None) -> None:
        super().__init__()
        self.attn1 = Attention(dim, heads)
        self.ff = FeedForward(dim)
        self.attn2 = Attention(dim, heads, context_dim)
        self.norm1 = LayerNorm(dim)
        self.norm2 = LayerNorm(dim)
        self.norm3 = LayerNorm(dim)

    def forward(self, x: Tensor, context: Tensor | None = None, taps: Taps | None = None) -> Tensor:
        """(B, S, D) -> (B, S, D); ``taps`` are those of the self-attention."""
        x = x + self.attn1(self.norm1(x), taps=taps)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class SpatialTransformer(nn.Module):
    """Transformer blocks between two pointwise layers, added to the feature map."""

    def __init__(
        self, channels: int, heads: int, depth: int, context_dim: int | None = None
    ) -> None:
        super().__init__()
        dim = heads * (channels // heads)
        self.norm = GroupNorm(channels, eps=1e-6)
        self.proj_in = conv1(channels, dim)
        self.transformer_blocks = nn.ModuleList(
            TransformerBlock(dim, heads, context_dim) for _ in range(depth)
        )
        self.proj_out = conv1(dim, channels)

    def forward(self, x: Tensor, context: Tensor | None = None, taps: Taps | None = None) -> Tensor:
        """(B, C, T, W) -> (B, C, T, W); see ``TransformerBlock``."""
        tokens = to_tokens(self.proj_in(self.norm(x)))
        for block in self.transformer_blocks:
            tokens = block(tokens, context, taps)
        return x + self.proj_out(from_tokens(tokens, x))
