"""MeLFusion's visual synapse: cross-attention whose keys and values are part picture.

Chowdhury et al. 2024 (MeLFusion), section 4: in every decoder layer
``K = a K_image + (1 - a) K_music`` and the same for V, with one learned a per layer. The NumPy
reference is ``descant.kernels.synapse_attention``; here the text's padding and a share per row of
the batch come in addition.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.nets.blocks import CrossAttention

FIRST_SHARE = 0.02
"""a before training: the picture whispers."""
CLOSED = -1e4
"""Bias of a place that takes no part."""


class SynapseAttention(CrossAttention):
    """Attention from frames (B, F, D) to text that is blended with a picture."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__(dim, heads)
        self.logit = nn.Parameter(torch.tensor(math.log(FIRST_SHARE / (1.0 - FIRST_SHARE))))

    def weight(self) -> Tensor:
        """Return a in 0 … 1."""
        return self.logit.sigmoid()

    def blended(
        self,
        x: Tensor,
        context: Tensor,
        mask: Tensor,
        image: tuple[Tensor, Tensor],
        strength: Tensor,
    ) -> Tensor:
        """Attend to text and picture; with strength 0 the result is ``forward``'s, bit for bit.

        Where the text has ended, a place belongs to the picture alone; its weight then falls with
        a, so that nothing jumps as a goes to 0.

        Args:
            x: (B, F, D) frames.
            context: (B, S, D) text.
            mask: (B, 1, F, S) added to the scores.
            image: Keys and values (B, H, S, D / H).
            strength: (B,) factor of a, 0 for rows without a picture.
        """
        batch, frames, dim = x.shape
        share = (self.weight() * strength).clamp(max=1.0)[:, None, None, None]
        key, value = (self._split(part) for part in self.key_value(context).chunk(2, -1))
        key = share * image[0] + (1.0 - share) * key
        value = share * image[1] + (1.0 - share) * value
        seen = share > 0.0
        bias = torch.where(seen, torch.where(seen, share, 1.0).log(), CLOSED)
        query = self._split(self.query(x))
        mixed = functional.scaled_dot_product_attention(
            query, key.to(query.dtype), value.to(query.dtype),
            attn_mask=torch.maximum(mask, bias).to(query.dtype),
        )  # fmt: skip
        return self.out(mixed.transpose(1, 2).reshape(batch, frames, dim))
