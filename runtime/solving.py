"""Which loop solves: NumPy's between calls of a graph, or one whose latents stay on the device."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from descant.models.diffusion import SolverTable
from descant.runtime.capture import lend_loop
from descant.runtime.conditioning import Condition
from descant.runtime.epsilon_loop import EpsilonLoop
from descant.runtime.epsilon_sampling import Draw, Keep, NoiseStream, sample_epsilon
from descant.runtime.flow_loop import FlowLoop
from descant.runtime.loop_pool import Loop
from descant.runtime.pieces import Piece, Pieces, call, drain, load
from descant.runtime.sampling import OnStep, sample
from descant.runtime.sessions import Sessions
from descant.runtime.solver_graph import SOLVER_STEP

FloatArray = NDArray[np.float32]
LoopT = TypeVar("LoopT", bound=Loop)

_TRIAL_STEPS = 2


def solve_flow(
    sessions: Sessions,
    noise: FloatArray,
    conditions: Sequence[Condition],
    times: FloatArray,
    guidance_scale: float,
    on_step: OnStep,
) -> Pieces[FloatArray]:
    """Follow the starter's flow; see ``sampling.sample``."""
    name = "denoiser_step"
    if not sessions.uses_device_loop:
        step = partial(call, sessions, name)
        return (yield from sample(step, noise, conditions, times, guidance_scale, on_step))
    first = conditions[0]
    shapes = {"latents": noise.shape, "context": first.context.shape}

    def make(recording: int | None) -> FlowLoop:
        return FlowLoop(sessions[name].taking(shapes), noise.shape, first, recording)

    def trial(loop: FlowLoop, seed: int) -> FloatArray:
        steps = min(_TRIAL_STEPS, len(conditions))
        drawn = NoiseStream([seed], noise.shape[1:])()
        few = conditions[:steps], times[: steps + 1]
        return drain(loop.run(drawn, *few, guidance_scale, _ignore))

    def run(loop: FlowLoop) -> Pieces[FloatArray]:
        return loop.run(noise, conditions, times, guidance_scale, on_step)

    return (yield from _in_loop(sessions, name, tuple(shapes.values()), make, trial, run))


def solve_diffusion(
    sessions: Sessions,
    start: FloatArray,
    table: SolverTable,
    draw: Draw,
    on_step: OnStep,
    guidance_scale: float,
    bias: FloatArray,
    keep: Keep | None,
) -> Pieces[FloatArray]:
    """Take a latent diffusion's steps; see ``epsilon_sampling.sample_epsilon``.

    Args:
        sessions: Of the pack.
        start: (B, C, F, W), noise or noised latents.
        table: The solver.
        draw: Gives fresh noise.
        on_step: Called before the first and after each step.
        guidance_scale: At 1 the unconditional rows are left out.
        bias: (R, N), what the UNet is told; R is B without guidance and 2 B with it.
        keep: What stays.
    """
    name = "unet"
    if not sessions.uses_device_loop:
        yield from load(sessions, name)
        graph = sessions[name]

        def predict(latents: FloatArray, timesteps: NDArray[np.int64]) -> FloatArray:
            told = timesteps.astype(np.float32)
            made = graph.run(latents=latents, timesteps=told, condition_bias=bias[: len(latents)])
            return made["noise"]

        return (
            yield from sample_epsilon(predict, start, table, draw, on_step, guidance_scale, keep)
        )
    with_noise, with_keep = bool(table.noise.any()), keep is not None
    rows = (len(bias), *start.shape[1:])

    def make(recording: int | None) -> EpsilonLoop:
        unet = sessions[name].taking({"latents": rows, "condition_bias": bias.shape})
        solver = sessions[SOLVER_STEP]
        return EpsilonLoop(unet, solver, start.shape, bias, with_noise, with_keep, recording)

    def trial(loop: EpsilonLoop, seed: int) -> FloatArray:
        few, stream = _beginning(table), NoiseStream([seed] * len(start), start.shape[1:])
        return drain(loop.run(stream(), few, stream, _ignore, guidance_scale, bias, keep))

    def run(loop: EpsilonLoop) -> Pieces[FloatArray]:
        return loop.run(start, table, draw, on_step, guidance_scale, bias, keep)

    return (yield from _in_loop(sessions, name, (rows, with_noise, with_keep), make, trial, run))


def _in_loop(
    sessions: Sessions,
    name: str,
    key: Hashable,
    make: Callable[[int | None], LoopT],
    trial: Callable[[LoopT, int], FloatArray],
    run: Callable[[LoopT], Pieces[FloatArray]],
) -> Pieces[FloatArray]:
    """Run in a loop that is lent, see ``lend_loop``; in one piece where CUDA graphs are wanted.

    With them a lock is held, which must not be held where others may go on.
    """
    if sessions.tuning.cuda_graphs:
        yield Piece(f"{name} loop")
        with lend_loop(sessions, name, key, make, trial) as loop:
            return drain(run(loop))
    yield Piece(f"load {name} loop")
    with lend_loop(sessions, name, key, make, trial) as loop:
        return (yield from run(loop))


def _beginning(table: SolverTable) -> SolverTable:
    """Return the first steps of a table."""
    count = _TRIAL_STEPS
    return dataclasses.replace(
        table,
        timesteps=table.timesteps[:count],
        levels=table.levels[: count + 1],
        latents=table.latents[:count],
        epsilon=table.epsilon[:count],
        history=table.history[:count],
        noise=table.noise[:count],
    )


def _ignore(done: int, steps: int) -> None:
    """Trials are not told of."""
