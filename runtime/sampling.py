"""The solver: noise in, latents out, one graph call per step; it stops before each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.runtime.conditioning import Condition
from descant.runtime.pieces import Pieces

FloatArray = NDArray[np.float32]
Step = Callable[..., Pieces[Mapping[str, NDArray[Any]]]]
"""The step graph: its inputs by name to its outputs, such as ``partial(call, sessions, name)``."""
OnStep = Callable[[int, int], None]
"""Called with (steps done, steps); raises ``GenerationCancelled`` to stop."""


def initial_noise(seed: int, channels: int, frames: int) -> FloatArray:
    """(1, C, F) float32 standard normal noise that belongs to ``seed`` for ever."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    return generator.standard_normal((1, channels, frames), dtype=np.float32)


def sample(
    step: Step,
    noise: FloatArray,
    conditions: Sequence[Condition],
    times: FloatArray,
    guidance_scale: float,
    on_step: OnStep,
) -> Pieces[FloatArray]:
    """Follow the flow from noise to latents.

    Args:
        step: Denoiser, guidance and Euler update in one.
        noise: (1, C, F) float32. Not modified.
        conditions: One per step.
        times: (steps + 1,) float32, decreasing to 0.
        guidance_scale: Weight of the condition; 1 switches guidance off.
        on_step: Called before the first and after each step.

    Returns:
        (1, C, F) float32.
    """
    steps = len(times) - 1
    guidance = np.array([guidance_scale], np.float32)
    latents = noise
    on_step(0, steps)
    for i, condition in zip(range(steps), conditions, strict=True):
        made = yield from step(
            latents=latents,
            **condition.feeds(),
            time=times[i : i + 1],
            next_time=times[i + 1 : i + 2],
            guidance_scale=guidance,
        )
        latents = made["next_latents"]
        on_step(i + 1, steps)
    return latents
