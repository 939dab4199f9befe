"""A latent diffusion's solver with its latents on the device, in two graphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.models.diffusion import SolverTable
from descant.runtime.device_buffers import Bound, Buffer
from descant.runtime.epsilon_sampling import Draw, Keep, put_back
from descant.runtime.graph import Graph
from descant.runtime.health import check_finite
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.sampling import OnStep

FloatArray = NDArray[np.float32]

_NOTHING = np.zeros((1, 1, 1, 1), np.float32)
"""Stands for noise and music that have no part in a step."""


class EpsilonLoop:
    """The UNet's buffers, and two of latents between which the solver's graph goes back and forth.

    Between steps the timesteps and a row of numbers are written; noise only where the solver or
    what is kept asks for it.
    """

    def __init__(
        self,
        unet: Graph,
        solver: Graph,
        shape: tuple[int, ...],
        bias: FloatArray,
        with_noise: bool,
        with_keep: bool,
        recording: int | None = None,
    ) -> None:
        """Allocate and bind everything.

        Args:
            unet: Predicts the noise.
            solver: ``solver_step``.
            shape: Of the latents, (B, C, F, W).
            bias: (R, N), what the UNet is told; R is B without guidance and 2 B with it.
            with_noise: Whether the solver adds noise.
            with_keep: Whether a part of given latents is to stay.
            recording: Number of the CUDA graph of the UNet to record; None for none.
        """
        target = unet.target
        self._piece = Piece(unet.name, int(np.prod(shape)))
        rows = (len(bias), *shape[1:])
        self._rows = len(bias)
        self._batch, self._timesteps = Buffer(target, rows), Buffer(target, (self._rows,))
        self._bias, self._epsilon = Buffer.holding(target, bias), Buffer(target, rows)
        self._latents = [Buffer(target, shape) for _ in range(2)]
        self._denoised = [Buffer(target, shape) for _ in range(2)]
        kept = shape if with_keep else _NOTHING.shape
        mask = (shape[0], 1, *shape[2:]) if with_keep else _NOTHING.shape
        self._inputs = {
            "row": Buffer(target, (6,)),
            "guidance_scale": Buffer(target, (1,)),
            "fresh_noise": Buffer(target, shape if with_noise else _NOTHING.shape),
            "keep": Buffer(target, kept),
            "keep_noise": Buffer(target, kept),
            "keep_level": Buffer(target, (2,)),
            "mask": Buffer(target, mask),
        }
        for name in ("fresh_noise", "keep", "keep_noise", "keep_level", "mask"):
            self._inputs[name].write(np.zeros(self._inputs[name].shape, np.float32))
        self._unet = unet.bind(
            {"latents": self._batch, "timesteps": self._timesteps, "condition_bias": self._bias},
            {"noise": self._epsilon},
            recording,
        )
        self._steps = [self._bind_step(solver, i) for i in range(2)]

    def _bind_step(self, solver: Graph, place: int) -> Bound:
        """Bind the solver from one pair of buffers to the other."""
        return solver.bind(
            {
                **self._inputs,
                "latents": self._latents[place],
                "history": self._denoised[place],
                "epsilon": self._epsilon,
            },
            {
                "next_latents": self._latents[1 - place],
                "denoised": self._denoised[1 - place],
                "batch": self._batch,
            },
        )

    def close(self) -> None:
        """Forget what was recorded."""
        self._unet.close()

    def run(
        self,
        start: FloatArray,
        table: SolverTable,
        draw: Draw,
        on_step: OnStep,
        guidance_scale: float,
        bias: FloatArray,
        keep: Keep | None,
    ) -> Pieces[FloatArray]:
        """Take all steps; arguments, result and errors as of ``epsilon_sampling.sample_epsilon``.

        ``bias`` and ``keep`` are as they were when it was made, in their shapes.
        """
        steps = len(table)
        self._begin(start, table, draw, guidance_scale, bias, keep)
        on_step(0, steps)
        for i, row in enumerate(table.rows):
            self._timesteps.write(np.full(self._rows, table.timesteps[i], np.float32))
            yield self._piece
            self._unet()
            self._inputs["row"].write(row)
            if row[5]:
                self._inputs["fresh_noise"].write(draw())
            if keep is not None:
                self._write_keep(keep, table, i + 1, draw)
            self._steps[i % 2]()
            on_step(i + 1, steps)
        latents: FloatArray = self._latents[steps % 2].read()
        check_finite(latents, "the denoiser")
        return latents

    def _begin(
        self,
        start: FloatArray,
        table: SolverTable,
        draw: Draw,
        guidance_scale: float,
        bias: FloatArray,
        keep: Keep | None,
    ) -> None:
        self._bias.write(bias)
        self._inputs["guidance_scale"].write(np.array([guidance_scale], np.float32))
        self._denoised[0].write(np.zeros_like(start))
        if keep is not None:
            self._inputs["keep"].write(keep.latents)
            self._inputs["mask"].write(keep.mask)
            if len(table):
                start = put_back(keep, start, draw(), float(table.levels[0]))
        self._latents[0].write(start)
        self._batch.write(np.concatenate([start] * (self._rows // len(start))))

    def _write_keep(self, keep: Keep, table: SolverTable, step: int, draw: Draw) -> None:
        """Write what is put back before a step; after the last one nothing is."""
        if step == len(table):
            self._inputs["mask"].write(np.zeros_like(keep.mask))
            return
        level = float(table.levels[step])
        self._inputs["keep_noise"].write(draw())
        self._inputs["keep_level"].write(np.array([level**0.5, (1.0 - level) ** 0.5], np.float32))
