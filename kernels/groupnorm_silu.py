"""Bias per channel, group norm and SiLU: what stands before every convolution of the UNet.

Letters: B batch, C channels, T time, W frequency, G groups.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]
Array = NDArray[np.floating]


def groupnorm_silu(
    x: Array, gain: Array, offset: Array, groups: int, eps: float, bias: Array | None = None
) -> DoubleArray:
    """Return ``silu(group_norm(x + bias) * gain + offset)`` in float64.

    Args:
        x: (B, C, T, W) feature map. Not modified.
        gain: (C,).
        offset: (C,).
        groups: G, divides C; each group of neighbouring channels has its own mean and variance.
        eps: Added to the variance.
        bias: (B, C), the time's and the condition's share (FiLM); absent counts as 0.

    Returns:
        (B, C, T, W) float64.

    Raises:
        ValueError: The shapes do not go together.
    """
    check_shapes(x.shape, gain.shape, offset.shape, groups, None if bias is None else bias.shape)
    wide = x.astype(np.float64)
    if bias is not None:
        wide = wide + bias.astype(np.float64)[:, :, None, None]
    grouped = wide.reshape(x.shape[0], groups, -1)
    centred = grouped - grouped.mean(-1, keepdims=True)
    variance = np.square(centred).mean(-1, keepdims=True)
    normed = (centred / np.sqrt(variance + eps)).reshape(x.shape)
    scaled = normed * gain.astype(np.float64)[:, None, None]
    scaled += offset.astype(np.float64)[:, None, None]
    # exp of a large argument is infinite and the quotient then 0, which is right
    with np.errstate(over="ignore"):
        activated: DoubleArray = scaled / (1.0 + np.exp(-scaled))
    return activated


def check_shapes(
    x: tuple[int, ...],
    gain: tuple[int, ...],
    offset: tuple[int, ...],
    groups: int,
    bias: tuple[int, ...] | None,
) -> None:
    """Refuse shapes that do not go together.

    Raises:
        ValueError: They do not, or a feature map has no elements per group.
    """
    if len(x) != 4 or min(x[1:]) < 1:
        raise ValueError(f"expected a feature map (B, C, T, W) that is not empty, got {x}")
    channels = x[1]
    if groups < 1 or channels % groups:
        raise ValueError(f"{channels} channels do not divide into {groups} groups")
    if tuple(gain) != (channels,) or tuple(offset) != (channels,):
        raise ValueError(f"expected gain and offset ({channels},), got {gain} and {offset}")
    if bias is not None and tuple(bias) != (x[0], channels):
        raise ValueError(f"expected a bias ({x[0]}, {channels}), got {bias}")
