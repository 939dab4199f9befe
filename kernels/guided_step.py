"""Classifier-free guidance and the solver's update, which is linear, in one pass.

``e = u + s (c - u)``, ``denoised = w0 x + w1 e``, ``next = w2 x + w3 e + w4 history + w5 noise``

The six weights are a row of ``descant.models.diffusion.SolverTable.rows`` (DDIM, DPM-Solver++), or
``euler_row`` for flows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]
Array = NDArray[np.floating]
ROW_LENGTH = 6


def guided_step(
    predicted: Array,
    latents: Array,
    row: Array,
    guidance_scale: float,
    history: Array | None = None,
    noise: Array | None = None,
) -> tuple[DoubleArray, DoubleArray]:
    """Take one step, in float64.

    Args:
        predicted: (2B, ...) what the network returned, all rows with the condition first; or
            (B, ...) when guidance is off, and then ``guidance_scale`` is not looked at.
        latents: (B, ...), x. Not modified.
        row: (6,) weights.
        guidance_scale: s.
        history: (B, ...) the previous step's denoised latents; absent counts as 0.
        noise: (B, ...) standard normal; absent counts as 0.

    Returns:
        The latents one level less noisy and the clean estimate, both (B, ...) float64.

    Raises:
        ValueError: The shapes do not go together.
    """
    optional = [extra.shape for extra in (history, noise) if extra is not None]
    guided = check_shapes(predicted.shape, latents.shape, row.shape, *optional)
    wide, x = predicted.astype(np.float64), latents.astype(np.float64)
    e = wide
    if guided:
        conditional, unconditional = np.split(wide, 2)
        e = unconditional + guidance_scale * (conditional - unconditional)
    weights = [float(w) for w in row]
    denoised = weights[0] * x + weights[1] * e
    after = weights[2] * x + weights[3] * e
    for weight, extra in zip(weights[4:], (history, noise), strict=True):
        if extra is not None:
            after = after + weight * extra
    return after, denoised


def euler_row(time: float, next_time: float) -> NDArray[np.float32]:
    """Return the (6,) float32 weights of Euler's step along a flow.

    The network predicts the velocity v = noise - data of x = (1 - t) data + t noise, so the data
    are x - t v.
    """
    return np.array([1.0, -time, 1.0, next_time - time, 0.0, 0.0], np.float32)


def check_shapes(
    predicted: tuple[int, ...],
    latents: tuple[int, ...],
    row: tuple[int, ...],
    *optional: tuple[int, ...],
) -> bool:
    """Return whether the prediction has both sides of the guidance.

    Raises:
        ValueError: The shapes do not go together.
    """
    if tuple(row) != (ROW_LENGTH,):
        raise ValueError(f"expected a row of {ROW_LENGTH} weights, got {tuple(row)}")
    for extra in optional:
        if extra != latents:
            raise ValueError(f"history and noise must be as the latents {latents}, got {extra}")
    if not latents or predicted[1:] != latents[1:]:
        raise ValueError(f"a prediction {predicted} does not go with latents {latents}")
    if predicted[0] not in (latents[0], 2 * latents[0]):
        raise ValueError(
            f"expected {latents[0]} rows, or {2 * latents[0]} with guidance, got {predicted[0]}"
        )
    return predicted[0] != latents[0]
