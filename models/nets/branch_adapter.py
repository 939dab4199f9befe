"""What connects a foreign image branch to the denoiser: pooling to 8x8 places and a linear map."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from descant.models.image_branch_spec import PATCH, SIDE
from descant.models.nets.image_branch import unit_rms
from descant.models.nets.ldm.shapes import ShapeError

GRID = SIDE // PATCH
"""Places along a side of the picture, as the denoiser's own image branch has them."""


class BranchAdapter(nn.Module):
    """Keys and values of some of the branch's layers -> those of the denoiser's layers."""

    def __init__(
        self, layers: Sequence[int], widths: Sequence[int], heads: int, head_dim: int
    ) -> None:
        """Build maps that are filled later.

        Args:
            layers: Of each of the denoiser's layers, the branch's that it listens to.
            widths: Of each of the branch's layers, all heads together.
            heads: Of the denoiser.
            head_dim: Their width.
        """
        super().__init__()
        self.heads, self.head_dim = heads, head_dim
        self.layers = tuple(layers)
        self.heard = sorted(set(layers))
        self.keys = nn.ModuleList(nn.Linear(widths[layer], heads * head_dim) for layer in layers)
        self.values = nn.ModuleList(nn.Linear(widths[layer], heads * head_dim) for layer in layers)

    def forward(self, *taps: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values (B, layers, heads, 64, head_dim), of unit mean square in a head.

        Args:
            taps: Keys, then values (B, heads, tokens, width) of each layer in ``heard``.

        Raises:
            ShapeError: Tokens are no square that 8 divides or that divides 8.
        """
        places = {layer: taps[2 * at : 2 * at + 2] for at, layer in enumerate(self.heard)}
        made = [
            torch.stack(
                [
                    self._split(linear(pooled(places[layer][part])))
                    for layer, linear in zip(self.layers, maps, strict=True)
                ],
                1,
            )
            for part, maps in enumerate((self.keys, self.values))
        ]
        return made[0], made[1]

    def _split(self, places: Tensor) -> Tensor:
        """(B, 64, heads * head_dim) -> (B, heads, 64, head_dim)."""
        split = places.reshape(places.shape[0], GRID * GRID, self.heads, self.head_dim)
        return unit_rms(split.transpose(1, 2))


def pooled(tap: Tensor) -> Tensor:
    """Average tokens of a square grid to 8 x 8 places, or repeat them where there are fewer.

    Args:
        tap: (B, H, S, D), row by row.

    Returns:
        (B, 64, H * D), row by row.

    Raises:
        ShapeError: S is no square that 8 divides or that divides 8.
    """
    batch, _, tokens, _ = tap.shape
    side = round(tokens**0.5)
    if side * side != tokens or (side % GRID and GRID % side):
        raise ShapeError(
            f"{tokens} tokens make no grid that {GRID} divides or that divides {GRID}",
            hint="Take a network for pictures of 512 or 768 pixels.",
        )
    grid = tap.transpose(1, 2).flatten(2).transpose(1, 2).reshape(batch, -1, side, side)
    if side % GRID == 0:
        grid = functional.avg_pool2d(grid, side // GRID)
    else:
        grid = functional.interpolate(grid, scale_factor=float(GRID // side), mode="nearest")
    return grid.flatten(2).transpose(1, 2)
