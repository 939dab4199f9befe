"""Pictures in training: other views, light, colour and wear, drawn for each of a batch at once.

The scenes are drawn; what is shown must be known again in a photograph, whose light, colours and
grain no drawing has.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

MIN_AREA = 0.7
"""Of the picture that a view keeps."""
STRETCH = 0.12
"""Natural logarithm of the most that a view is squeezed along one axis."""
TURN = 0.1
"""Radians that a view is turned at most."""
GREY_SHARE = 0.1
_TO_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
"""Luma and the plane of chroma (NTSC)."""
_FROM_YIQ = torch.linalg.inv(_TO_YIQ)


def augment(pictures: Tensor, side: int | None = None) -> Tensor:
    """(B, 3, H, W) sRGB in 0 ... 1 -> the same, each seen in another way.

    Args:
        pictures: The batch.
        side: Height and width of what comes out; None for that of what goes in.
    """
    return wear(recolour(reframe(pictures, side))).clamp(0.0, 1.0)


def reframe(pictures: Tensor, side: int | None = None) -> Tensor:
    """Crop, squeeze, turn and mirror; what lies outside is the border's reflection."""
    count, like = len(pictures), pictures
    kept = _uniform(count, math.sqrt(MIN_AREA), 1.0, like)
    squeeze = _uniform(count, -STRETCH, STRETCH, like)
    across, down = kept * squeeze.exp(), kept * (-squeeze).exp()
    flip = torch.where(_chance(count, 0.5, like), -1.0, 1.0)
    angle = _uniform(count, -TURN, TURN, like)
    cos, sin = angle.cos(), angle.sin()
    x = _uniform(count, -1.0, 1.0, like) * (1.0 - across).clamp(min=0.0)
    y = _uniform(count, -1.0, 1.0, like) * (1.0 - down).clamp(min=0.0)
    rows = torch.stack([across * cos * flip, -down * sin, x, across * sin * flip, down * cos, y], 1)
    size = [*like.shape[:2], *(like.shape[2:] if side is None else (side, side))]
    grid = functional.affine_grid(rows.view(count, 2, 3), size, align_corners=False)
    return functional.grid_sample(like, grid, padding_mode="reflection", align_corners=False)


def recolour(pictures: Tensor) -> Tensor:
    """Change brightness, contrast, gamma, saturation, hue and white balance; some become grey."""
    count, like = len(pictures), pictures
    x = pictures.clamp(0.0, 1.0) ** _uniform(count, -0.35, 0.35, like).exp()[:, None, None, None]
    contrast = _uniform(count, 0.65, 1.35, like)[:, None, None, None]
    light = _uniform(count, -0.12, 0.12, like)[:, None, None, None]
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (x - middle) * contrast + middle + light
    return torch.einsum("bij,bjhw->bihw", _colour_matrices(count, like), x)


def _colour_matrices(count: int, like: Tensor) -> Tensor:
    """(B, 3, 3): turn and stretch the plane of chroma, then weigh the channels."""
    grey = _chance(count, GREY_SHARE, like)
    saturation = torch.where(grey, 0.0, _uniform(count, 0.5, 1.5, like))
    hue = _uniform(count, -0.25, 0.25, like)
    turn = torch.zeros(count, 3, 3, device=like.device)
    turn[:, 0, 0] = 1.0
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * hue.cos()
    turn[:, 1, 2], turn[:, 2, 1] = -saturation * hue.sin(), saturation * hue.sin()
    balance = torch.randn(count, 3, 1, device=like.device) * 0.06 * (~grey)[:, None, None]
    return balance.exp() * (_FROM_YIQ.to(like.device) @ turn @ _TO_YIQ.to(like.device))


def wear(pictures: Tensor) -> Tensor:
    """Blur or sharpen, add grain, and hide a rectangle of some."""
    count, like = len(pictures), pictures
    soft = functional.avg_pool2d(functional.pad(like, (2, 2, 2, 2), mode="replicate"), 5, 1)
    amount = _uniform(count, -0.6, 1.0, like)[:, None, None, None]
    x = like + amount * (soft - like)
    grain = _uniform(count, 0.0, 0.05, like)[:, None, None, None]
    x = x + torch.randn_like(x) * grain
    return torch.where(_rectangles(x), x.mean((2, 3), keepdim=True), x)


def _rectangles(like: Tensor) -> Tensor:
    """(B, 1, H, W) bool: a rectangle in a third of the rows."""
    count, _, height, width = like.shape
    inside = []
    for size in (height, width):
        centre = _uniform(count, 0.0, 1.0, like)[:, None] * size
        half = _uniform(count, 0.05, 0.2, like)[:, None] * size
        inside.append((torch.arange(size, device=like.device)[None] - centre).abs() < half)
    shown = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return shown & _chance(count, 0.33, like)[:, None, None, None]


def _uniform(count: int, low: float, high: float, like: Tensor) -> Tensor:
    return torch.rand(count, device=like.device) * (high - low) + low


def _chance(count: int, share: float, like: Tensor) -> Tensor:
    return torch.rand(count, device=like.device) < share
