"""Weight norm folded into plain weights (Salimans & Kingma 2016, eq. 2)."""

from __future__ import annotations

import torch
from torch import Tensor

SPELLINGS = (
    ("weight_g", "weight_v"),
    ("parametrizations.weight.original0", "parametrizations.weight.original1"),
)
"""Names of length and direction: ``torch.nn.utils.weight_norm``'s and its successor's."""


def fold(length: Tensor, direction: Tensor) -> Tensor:
    """Return w = g v / |v|, the norm over all axes but the first.

    Args:
        length: (N, 1, ...) g; in a transposed convolution too, N is the first axis of its weight.
        direction: (N, ...) v.

    Returns:
        (N, ...) float32; not finite where a direction has no length.
    """
    axes = tuple(range(1, direction.dim()))
    norm = torch.linalg.vector_norm(direction, dim=axes, keepdim=True, dtype=torch.float64)
    return direction.float() * (length.double() / norm).float()
