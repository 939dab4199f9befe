"""Diffusion in discrete time, for denoisers that predict the noise: levels, timesteps, solvers.

Written once in float64; what a step needs is rounded to float32 at the very end. Every solver here
is linear in the latents x, the predicted noise e, the previous estimate of clean latents and fresh
noise, so a whole run is one small table that a graph or NumPy applies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SMALLEST_VARIANCE = 1e-20
"""The posterior variance of the first level is 0; its logarithm is taken of this instead."""


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSchedule:
    """Noise levels of the training: x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) noise.

    Raises:
        ValueError: ``betas`` is not a row of numbers between 0 and 1.
    """

    betas: DoubleArray
    """(T,) float64, variance that step t adds (Ho et al. 2020, eq. 2)."""

    def __post_init__(self) -> None:
        betas = self.betas
        if betas.ndim != 1 or len(betas) < 2 or not bool(((betas > 0) & (betas < 1)).all()):
            raise ValueError("betas must be at least two numbers between 0 and 1")

    def __len__(self) -> int:
        return len(self.betas)

    @property
    def alphas_cumprod(self) -> DoubleArray:
        """(T,) float64, abar: share of the signal's variance, decreasing."""
        return np.cumprod(1.0 - self.betas, dtype=np.float64)

    def buffers(self) -> dict[str, NDArray[np.float32]]:
        """Return the twelve (T,) float32 arrays that training checkpoints store, by their names.

        They tell whether a checkpoint was trained with this schedule. The posterior ones are
        Ho et al. 2020, eq. 7.
        """
        abar = self.alphas_cumprod
        before = np.append(1.0, abar[:-1])
        variance = self.betas * (1.0 - before) / (1.0 - abar)
        arrays = {
            "betas": self.betas,
            "alphas_cumprod": abar,
            "alphas_cumprod_prev": before,
            "sqrt_alphas_cumprod": np.sqrt(abar),
            "sqrt_one_minus_alphas_cumprod": np.sqrt(1.0 - abar),
            "log_one_minus_alphas_cumprod": np.log(1.0 - abar),
            "sqrt_recip_alphas_cumprod": np.sqrt(1.0 / abar),
            "sqrt_recipm1_alphas_cumprod": np.sqrt(1.0 / abar - 1.0),
            "posterior_variance": variance,
            "posterior_log_variance_clipped": np.log(np.maximum(variance, SMALLEST_VARIANCE)),
            "posterior_mean_coef1": self.betas * np.sqrt(before) / (1.0 - abar),
            "posterior_mean_coef2": (1.0 - before) * np.sqrt(1.0 - self.betas) / (1.0 - abar),
        }
        return {name: array.astype(np.float32) for name, array in arrays.items()}


def scaled_linear_schedule(
    linear_start: float = 0.0015, linear_end: float = 0.0195, timesteps: int = 1000
) -> NoiseSchedule:
    """Return betas whose square roots are evenly spaced (Rombach et al. 2022).

    The defaults are those of AudioLDM and MG2.
    """
    return NoiseSchedule(np.linspace(linear_start**0.5, linear_end**0.5, timesteps) ** 2)


def ddim_timesteps(steps: int, training_steps: int = 1000) -> IntArray:
    """Return the timesteps of the published DDIM samplers, (N,) int64, strictly decreasing.

    They lie c = training_steps // steps apart and end at 1, so N is the number of them that fit:
    31 for 30 steps, 100 for 100. The published rule also yields the timestep ``training_steps``
    for 599 of the thousand counts and fails there; it is left out. The fewer the steps, the further
    below the highest level they begin.

    Raises:
        ValueError: ``steps`` is not in 1 … ``training_steps``.
    """
    _check_steps(steps, training_steps)
    return np.arange(1, training_steps, training_steps // steps, dtype=np.int64)[::-1].copy()


def log_snr_timesteps(schedule: NoiseSchedule, steps: int) -> IntArray:
    """Return timesteps evenly spaced in the logarithm of the signal-to-noise ratio.

    From the highest level to the lowest (Lu et al. 2022, DPM-Solver). On one normal distribution
    and on mixtures of them, 20 such steps of DPM-Solver++ come 4 to 50 times closer to the exact
    flow than 20 that are even in time. Where timesteps would coincide, neighbours are taken.

    Returns:
        (steps,) int64, strictly decreasing.

    Raises:
        ValueError: ``steps`` is not in 1 … T.
    """
    _check_steps(steps, len(schedule))
    half_log_snr = _half_log_snr(schedule.alphas_cumprod)
    wanted = np.linspace(half_log_snr[-1], half_log_snr[0], steps)
    rising = np.interp(-wanted[::-1], -half_log_snr, np.arange(len(schedule)))
    places = np.arange(steps)
    apart = np.maximum.accumulate(np.round(rising).astype(np.int64) - places) + places
    timesteps: IntArray = np.minimum(apart, len(schedule) - steps + places)[::-1].copy()
    return timesteps


@dataclass(frozen=True, slots=True, eq=False)
class SolverTable:
    """One run of a solver, S rows in the order of solving: noise first.

    ``denoised = (x - sqrt(1 - abar) e) / sqrt(abar)`` and
    ``next = latents x + epsilon e + history denoised_before + noise fresh_noise``.
    """

    timesteps: IntArray
    """(S,) int64, strictly decreasing."""
    levels: DoubleArray
    """(S + 1,) float64, abar before the first and after each step."""
    latents: DoubleArray
    """(S,) float64, weight of x."""
    epsilon: DoubleArray
    """(S,) float64, weight of the predicted noise."""
    history: DoubleArray
    """(S,) float64, weight of the previous step's denoised latents; the first is 0."""
    noise: DoubleArray
    """(S,) float64, weight of fresh noise, one draw per step; all 0 when deterministic."""
    start_level: float
    """abar to which given latents are noised when the run starts from them; 1 adds no noise."""

    def __len__(self) -> int:
        return len(self.timesteps)

    @property
    def rows(self) -> NDArray[np.float32]:
        """(S, 6) float32 for a step graph.

        Columns: denoised from x, denoised from e; next from x, from e, from history, from noise.
        """
        signal = np.sqrt(self.levels[:-1])
        columns = (
            1.0 / signal, -np.sqrt(1.0 - self.levels[:-1]) / signal,
            self.latents, self.epsilon, self.history, self.noise,
        )  # fmt: skip
        return np.stack(columns, 1).astype(np.float32)


def ddim_table(
    schedule: NoiseSchedule, steps: int, eta: float = 0.0, strength: float = 1.0
) -> SolverTable:
    """Return DDIM's steps (Song et al. 2021, eq. 12 and 16) as the published samplers take them.

    The last step goes to level 0 of the training, not to clean latents, and with ``eta`` it adds
    noise too.

    Args:
        schedule: Noise levels of the training.
        steps: 1 … T, see ``ddim_timesteps``.
        eta: 0 is deterministic, 1 as random as the training's own process.
        strength: 0 … 1: share of the steps that given latents go through. As published, they are
            noised to the level one step above the first that is run.

    Raises:
        ValueError: A number is out of range.
    """
    if not 0.0 <= eta <= 1.0:
        raise ValueError(f"eta must be in 0 … 1, got {eta}")
    whole = ddim_timesteps(steps, len(schedule))
    timesteps = _last(whole, strength)
    abar = schedule.alphas_cumprod
    levels = np.append(abar[timesteps], abar[0])
    now, after = levels[:-1], levels[1:]
    sigma = eta * np.sqrt((1.0 - after) / (1.0 - now) * (1.0 - now / after))
    latents = np.sqrt(after / now)
    epsilon = np.sqrt(1.0 - after - sigma**2) - latents * np.sqrt(1.0 - now)
    # One step above the highest of all is the same distance further, as far as there are levels.
    spacing = len(schedule) // steps
    above = min(int(timesteps[0]) + spacing, len(schedule) - 1) if len(timesteps) else 0
    start = float(abar[above]) if len(timesteps) else 1.0
    return SolverTable(timesteps, levels, latents, epsilon, np.zeros(len(now)), sigma, start)


def dpm_solver_table(schedule: NoiseSchedule, steps: int, strength: float = 1.0) -> SolverTable:
    """Return the steps of DPM-Solver++(2M) (Lu et al. 2022, algorithm 2).

    Deterministic, of second order; the last step, to clean latents, is of first order.

    Args:
        schedule: Noise levels of the training.
        steps: 1 … T, see ``log_snr_timesteps``.
        strength: 0 … 1: share of the steps that given latents go through.

    Raises:
        ValueError: A number is out of range.
    """
    timesteps = _last(log_snr_timesteps(schedule, steps), strength)
    levels = np.append(schedule.alphas_cumprod[timesteps], 1.0)
    return multistep_table(timesteps, levels)


def multistep_table(timesteps: IntArray, levels: DoubleArray) -> SolverTable:
    """Return DPM-Solver++(2M)'s steps through any levels.

    Args:
        timesteps: (S,) int64, what the network is told at each step.
        levels: (S + 1,) float64, abar, increasing; the last may be 1.
    """
    signal, noise = np.sqrt(levels), np.sqrt(1.0 - levels)
    span = np.diff(_half_log_snr(levels))
    # 1 / (2 r): how much of the change since the last step is carried on.
    blend = np.zeros(len(span))
    blend[1:] = span[1:] / (2.0 * span[:-1])
    blend[~np.isfinite(span)] = 0.0
    pull = signal[1:] * -np.expm1(-span)
    latents = signal[1:] / signal[:-1] + blend * pull / signal[:-1]
    epsilon = noise[1:] - (signal[1:] + blend * pull) * noise[:-1] / signal[:-1]
    start = float(levels[0]) if len(timesteps) else 1.0
    return SolverTable(
        timesteps, levels, latents, epsilon, -blend * pull, np.zeros(len(span)), start
    )


def _half_log_snr(levels: DoubleArray) -> DoubleArray:
    """Logarithm of signal over noise, both as amplitudes; infinite for clean latents."""
    with np.errstate(divide="ignore"):
        return np.asarray(0.5 * (np.log(levels) - np.log1p(-levels)))


def _last(timesteps: IntArray, strength: float) -> IntArray:
    """Keep the lowest timesteps, as many as ``strength`` asks for (Meng et al. 2022)."""
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"strength must be in 0 … 1, got {strength}")
    return timesteps[len(timesteps) - int(strength * len(timesteps)) :]


def _check_steps(steps: int, training_steps: int) -> None:
    if not 1 <= steps <= training_steps:
        raise ValueError(f"steps must be in 1 … {training_steps}, got {steps}")
