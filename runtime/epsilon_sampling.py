"""Noise in, latents out, for denoisers that predict the noise: the loop of all diffusion solvers.

Which solver it is stands in the ``SolverTable``; see ``descant.models.diffusion``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.models.diffusion import SolverTable
from descant.runtime.health import check_finite
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.sampling import OnStep

FloatArray = NDArray[np.float32]
Predict = Callable[[FloatArray, NDArray[np.int64]], FloatArray]
"""Latents (R, C, F, W) and timesteps (R,) int64 to the predicted noise (R, C, F, W).

R is B when guidance is off, else 2 B: all rows with the condition, then all without it.
"""
Draw = Callable[[], FloatArray]
"""Returns fresh standard normal noise, (B, C, F, W) float32."""


class NoiseStream:
    """The noise of a run; a row depends on its own seed alone, whatever else is in the batch."""

    def __init__(self, seeds: Sequence[int], shape: tuple[int, ...]) -> None:
        """Begin the streams of ``seeds``, one per row; ``shape`` is that of a row."""
        self._rows = [np.random.Generator(np.random.PCG64(seed)) for seed in seeds]
        self._shape = shape

    def __call__(self) -> FloatArray:
        """Draw (B, ...) float32; the first draw is a run's start, the others its steps'."""
        return np.stack([row.standard_normal(self._shape, np.float32) for row in self._rows])


@dataclass(frozen=True, slots=True)
class Keep:
    """Given latents of which a part is to stay (inpainting, continuation)."""

    latents: FloatArray
    """(B, C, F, W), clean."""
    mask: FloatArray
    """(B, 1, F, W), 1 where they stay, 0 where music is made."""


@dataclass(frozen=True, slots=True)
class SolverStep:
    """What a step leaves."""

    latents: FloatArray
    """(B, C, F, W), one level less noisy than before."""
    denoised: FloatArray
    """(B, C, F, W), the clean latents that this step's prediction stands for."""


def edit_start(table: SolverTable, latents: FloatArray, noise: FloatArray) -> FloatArray:
    """Noise given latents to where the table's steps begin (SDEdit, Meng et al. 2022).

    Args:
        table: Made with the strength of the edit; at strength 0 the latents come back as they are.
        latents: (B, C, F, W) float32, clean. Not modified.
        noise: Standard normal, of the same shape.
    """
    return _noised(latents, noise, table.start_level)


def put_back(keep: Keep, latents: FloatArray, noise: FloatArray, level: float) -> FloatArray:
    """Put what stays, noised to a step's level, into its place in the latents."""
    put: FloatArray = _noised(keep.latents, noise, level) * keep.mask + latents * (1.0 - keep.mask)
    return put


def solver_steps(
    predict: Predict,
    latents: FloatArray,
    table: SolverTable,
    draw: Draw,
    guidance_scale: float = 1.0,
    keep: Keep | None = None,
) -> Iterator[SolverStep]:
    """Take the table's steps, one for each ``next``.

    Args:
        predict: The denoiser, called once per step.
        latents: (B, C, F, W) float32: noise, or what ``edit_start`` returned. Not modified.
        table: The solver.
        draw: Asked once per step for ``keep``, then once for the solver if it adds noise.
        guidance_scale: Weight of the condition (Ho & Salimans 2022); at 1 the unconditional rows
            are left out.
        keep: What stays. Before each step it is noised to that step's level and put into its
            place; the last step's result is left as it is, so that the seam is smooth.

    Raises:
        NumericalError: The denoiser returned NaN or infinity.
    """
    denoised = np.zeros_like(latents)
    for i, row in enumerate(table.rows.tolist()):
        if keep is not None:
            latents = put_back(keep, latents, draw(), float(table.levels[i]))
        epsilon = _guided(predict, latents, int(table.timesteps[i]), guidance_scale)
        check_finite(epsilon, "the denoiser")
        clean_from_x, clean_from_e, from_x, from_e, from_history, from_noise = row
        history, denoised = denoised, clean_from_x * latents + clean_from_e * epsilon
        latents = from_x * latents + from_e * epsilon
        if from_history:
            latents += from_history * history
        if from_noise:
            latents += from_noise * draw()
        yield SolverStep(latents, denoised)


def sample_epsilon(
    predict: Predict,
    latents: FloatArray,
    table: SolverTable,
    draw: Draw,
    on_step: OnStep,
    guidance_scale: float = 1.0,
    keep: Keep | None = None,
) -> Pieces[FloatArray]:
    """Take all steps of a table, stop before each and report it; arguments as of ``solver_steps``.

    Args:
        on_step: Called before the first and after each step; raises to stop.

    Returns:
        (B, C, F, W) float32.

    Raises:
        NumericalError: The denoiser returned NaN or infinity.
        GenerationCancelled: ``on_step`` raised it.
    """
    on_step(0, len(table))
    steps = solver_steps(predict, latents, table, draw, guidance_scale, keep)
    for done in range(1, len(table) + 1):
        yield Piece("unet", latents.size)
        latents = next(steps).latents
        on_step(done, len(table))
    return latents


def _noised(latents: FloatArray, noise: FloatArray, level: float) -> FloatArray:
    """Draw from q(x_t | x_0) at a level abar."""
    noised: FloatArray = level**0.5 * latents + (1.0 - level) ** 0.5 * noise
    return noised


def _guided(predict: Predict, latents: FloatArray, timestep: int, scale: float) -> FloatArray:
    if scale == 1.0:
        return predict(latents, np.full(len(latents), timestep, np.int64))
    both = np.concatenate([latents, latents])
    conditional, unconditional = np.split(predict(both, np.full(len(both), timestep, np.int64)), 2)
    guided: FloatArray = unconditional + scale * (conditional - unconditional)
    return guided
