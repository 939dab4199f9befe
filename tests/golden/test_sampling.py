"""The schedule and whole solver runs beside those of the published samplers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.models.diffusion import SolverTable, ddim_table, scaled_linear_schedule
from descant.runtime.epsilon_sampling import (
    FloatArray,
    Keep,
    Predict,
    SolverStep,
    edit_start,
    solver_steps,
)
from tests.golden.harness import Case, arrays, check

Array = NDArray[Any]


@pytest.mark.golden("ddim_schedule")
def test_schedule(case: Case) -> None:
    config = case.config
    schedule = scaled_linear_schedule(
        config["linear_start"], config["linear_end"], config["timesteps"]
    )
    made: dict[str, Array] = dict(schedule.buffers())
    for steps in config["S"]:
        made |= {f"S{steps}_{name}": array for name, array in _arrays(ddim_table(schedule, steps))}
        for eta in config["eta"]:
            sigmas = ddim_table(schedule, steps, eta).noise[::-1]
            made[f"S{steps}_sigmas_eta{eta:g}"] = sigmas
    check(case, made)


def _arrays(table: SolverTable) -> Iterator[tuple[str, Array]]:
    """The published sampler's arrays, in its order: the last step first."""
    yield "timesteps", table.timesteps[::-1]
    yield "alphas", table.levels[:-1][::-1]
    yield "alphas_prev", table.levels[1:][::-1]
    yield "sqrt_one_minus_alphas", np.sqrt(1.0 - table.levels[:-1])[::-1]


@pytest.mark.golden("ddim_trajectory")
def test_trajectories(case: Case) -> None:
    stored = arrays(case)
    predict = _predictor(case)
    made: dict[str, Array] = {}
    for name, run in case.config["runs"].items():
        if name != "transfer":
            made |= _trajectory(name, run, stored, predict)
    made |= _transfer(case.config["runs"]["transfer"], stored, predict)
    check(case, {name: array for name, array in made.items() if name in case.outputs})


def _predictor(case: Case) -> Predict:
    """The noise that the manifest's formulas predict; without guidance the first one alone."""
    formulas = [case.config["eps_cond"], case.config["eps_uncond"]]

    def predict(x: FloatArray, timesteps: NDArray[np.int64]) -> FloatArray:
        names = {"__builtins__": {}, "cos": np.cos, "sin": np.sin}
        t = float(timesteps[0])
        rows = np.split(x, len(x))  # the stored runs have one clip
        values = [
            eval(formula, names, {"x": row, "t": t})
            for formula, row in zip(formulas, rows, strict=False)
        ]
        return np.concatenate(values).astype(np.float32)

    return predict


def _trajectory(
    name: str, run: dict[str, Any], stored: dict[str, Array], predict: Predict
) -> dict[str, Array]:
    table = ddim_table(scaled_linear_schedule(), run["S"], run["eta"])
    masked = "mask" in name
    keep = Keep(stored["x0"], stored["mask"]) if masked else None
    noise = iter(stored.get("q_noise" if masked else f"noise_{name}", ()))
    start = stored["x_T"]
    steps = list(solver_steps(predict, start, table, noise.__next__, run["guidance_scale"], keep))
    return _named(name, start, steps)


def _named(name: str, start: Array, steps: list[SolverStep]) -> dict[str, Array]:
    return {
        f"x_{name}": np.stack([start, *(step.latents for step in steps)]),
        f"x0_{name}": np.stack([step.denoised for step in steps]),
    }


def _transfer(run: dict[str, Any], stored: dict[str, Array], predict: Predict) -> dict[str, Array]:
    strength = (run["t_enc"] + 0.5) / run["S"]
    table = ddim_table(scaled_linear_schedule(), run["S"], run["eta"], strength)
    assert len(table) == run["t_enc"]
    start = edit_start(table, stored["x0"], stored["noise_encode"])
    noise = iter(stored["noise_decode"])
    *_, last = solver_steps(predict, start, table, noise.__next__, run["guidance_scale"])
    return {"transfer_start": start, "transfer_end": last.latents}
