"""DDIM backwards: a picture's latents become the noise that denoises to them.

The deterministic update of Song et al. 2021 (eq. 12) read from low to high noise, the prediction
at the higher level standing for the one at the lower (Mokady et al. 2023, § 3.1). Like the solvers
of ``models.diffusion`` it is linear, so a whole run is one small table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from descant.models.diffusion import DoubleArray, IntArray, NoiseSchedule, scaled_linear_schedule
from descant.models.sd_spec import InversionSpec


@dataclass(frozen=True, slots=True, eq=False)
class InversionTable:
    """S rows in the order of inverting: ``next = latents x + prediction p``."""

    timesteps: IntArray
    """(S,) int64, increasing: what the network is told."""
    latents: DoubleArray
    """(S,) float64, weight of x."""
    prediction: DoubleArray
    """(S,) float64, weight of what the network returned."""

    def __len__(self) -> int:
        return len(self.timesteps)


def inversion_table(spec: InversionSpec) -> InversionTable:
    """Return the steps from clean latents to noise, ``spec.evaluations`` of them.

    Timesteps are those of a sampler of ``spec.steps`` steps, reversed. At each, x lies one spacing
    lower, where the network is not asked; the first lies at clean latents.

    Raises:
        ValueError: The numbers make no schedule, or a timestep is beyond the training's.
    """
    abar = noise_schedule(spec).alphas_cumprod
    timesteps = _timesteps(spec)
    if not (timesteps[0] >= 0 and timesteps[-1] < spec.training_steps):
        raise ValueError(
            f"{spec.steps} steps with offset {spec.steps_offset} leave the training's "
            f"{spec.training_steps}"
        )
    if not 1 <= spec.evaluations <= spec.steps:
        raise ValueError(f"evaluations must be in 1 … {spec.steps}, got {spec.evaluations}")
    timesteps = timesteps[: spec.evaluations]
    clean = 1.0 if spec.set_alpha_to_one else float(abar[0])
    lower = timesteps - spec.training_steps // spec.steps
    now = np.where(lower >= 0, abar[np.maximum(lower, 0)], clean)
    after = abar[timesteps]
    # x_0 and the noise as far as they are of x and of the prediction; Salimans & Ho 2022, app. D.
    if spec.prediction_type == "epsilon":
        data = 1.0 / np.sqrt(now), -np.sqrt(1.0 - now) / np.sqrt(now)
        noise = np.zeros_like(now), np.ones_like(now)
    else:
        data = np.sqrt(now), -np.sqrt(1.0 - now)
        noise = np.sqrt(1.0 - now), np.sqrt(now)
    latents, prediction = (
        np.sqrt(after) * d + np.sqrt(1.0 - after) * n for d, n in zip(data, noise, strict=True)
    )
    return InversionTable(timesteps, latents, prediction)


def noise_schedule(spec: InversionSpec) -> NoiseSchedule:
    """Return the noise levels of the training.

    Raises:
        ValueError: The betas are not numbers between 0 and 1.
    """
    if spec.beta_schedule == "linear":
        return NoiseSchedule(np.linspace(spec.beta_start, spec.beta_end, spec.training_steps))
    return scaled_linear_schedule(spec.beta_start, spec.beta_end, spec.training_steps)


def _timesteps(spec: InversionSpec) -> IntArray:
    """Return all timesteps, lowest first; two spacings as in Lin et al. 2024, table 2."""
    if not 1 <= spec.steps <= spec.training_steps:
        raise ValueError(f"steps must be in 1 … {spec.training_steps}, got {spec.steps}")
    if spec.timestep_spacing == "leading":
        spacing = spec.training_steps // spec.steps
        return np.arange(spec.steps, dtype=np.int64) * spacing + spec.steps_offset
    falling = spec.training_steps - np.arange(spec.steps) * (spec.training_steps / spec.steps)
    return np.round(falling[::-1]).astype(np.int64) - 1
