"""The flow from a recording instead of from noise, with parts of it that stay.

Along a rectified flow the way from latents z to noise n is straight: (1 - t) z + t n at time t.
Music that is varied starts on that way instead of at its end, as SDEdit (Meng et al. 2022) does for
diffusion. What must stay is put back on its own way after each step (RePaint, Lugmayr et al.
2022), always towards the same noise, so that the denoiser sees at every time what it would see if
it had made the part itself, and what is new is made to go with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.runtime.pieces import Pieces
from descant.runtime.schedule import flow_times

FloatArray = NDArray[np.float32]
Advance = Callable[[FloatArray, int], Pieces[FloatArray]]
"""Latents and the number of a step to the latents after it."""

BORDER_FRAMES = 2
"""Latent frames beside what is new that may move a little towards it."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Latents of a recording, and how much of each frame stays."""

    latents: FloatArray
    """(1, C, F)."""
    stays: FloatArray
    """(F,) 0 … 1."""

    def mixed(self, noise: FloatArray, time: float) -> FloatArray:
        """Return (1, C, F) the latents on their way to (1, C, F) noise, at a time of 0 … 1."""
        return np.float32(1 - time) * self.latents + np.float32(time) * noise

    def put_back(self, made: FloatArray, noise: FloatArray, time: float) -> FloatArray:
        """Return (1, C, F) what was made, with what stays as it would be at this time."""
        return made + self.stays * (self.mixed(noise, time) - made)


def edit_times(steps: int, shift: float, strength: float) -> FloatArray:
    """Return the times between which the solver steps when it starts from a recording.

    Args:
        steps: Of a whole way from noise; as many as belong to the rest are taken.
        shift: As of ``flow_times``.
        strength: 0 … 1, the first time; 0 takes no step.

    Returns:
        (S + 1,) float32, decreasing from ``strength`` to 0.
    """
    count = math.ceil(steps * strength - 1e-9)
    if count == 0:
        return np.zeros(1, np.float32)
    return np.float32(strength) * flow_times(count, shift)


def staying(frames: int, new: tuple[float, float]) -> FloatArray:
    """(F,) 0 on every latent frame that a span touches, rising to 1 beside it.

    Args:
        frames: F.
        new: Begin and end of what is made, in latent frames.
    """
    begin, end = math.floor(new[0]), math.ceil(new[1])
    places = np.arange(frames)
    away = np.maximum(begin - places, places - end + 1)
    return np.clip(away / (BORDER_FRAMES + 1), 0.0, 1.0).astype(np.float32)


def follow(
    advance: Advance, known: Known, noise: FloatArray, times: FloatArray
) -> Pieces[FloatArray]:
    """Follow the flow from a recording's way to noise back to latents.

    Args:
        advance: Takes one step of the solver.
        known: The recording.
        noise: (1, C, F) float32. Not modified.
        times: Of ``edit_times``.

    Returns:
        (1, C, F) float32.
    """
    latents = known.mixed(noise, float(times[0]))
    for i, time in enumerate(times[1:].tolist()):
        latents = yield from advance(latents, i)
        latents = known.put_back(latents, noise, time)
    return latents
