"""Diffusion solvers on networks whose answer is known: exact, of their order, reproducible."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.diffusion import (
    SolverTable,
    ddim_table,
    dpm_solver_table,
    multistep_table,
    scaled_linear_schedule,
)
from descant.runtime.epsilon_sampling import (
    FloatArray,
    Keep,
    NoiseStream,
    Predict,
    edit_start,
    sample_epsilon,
    solver_steps,
)
from descant.runtime.errors import GenerationCancelled, NumericalError
from descant.runtime.pieces import drain

SCHEDULE = scaled_linear_schedule()
ABAR = SCHEDULE.alphas_cumprod
SHAPE = (2, 8, 4, 4)
Timesteps = NDArray[np.int64]


def noise(seed: int) -> FloatArray:
    return NoiseStream([seed, seed + 1], SHAPE[1:])()


def no_noise() -> FloatArray:
    raise AssertionError("a deterministic solver asked for noise")


def knowing(clean: FloatArray) -> Predict:
    """Return the network that knows what the music is to be."""

    def predict(latents: FloatArray, timesteps: Timesteps) -> FloatArray:
        level = ABAR[timesteps].reshape(-1, 1, 1, 1)
        epsilon = (latents - np.sqrt(level) * clean) / np.sqrt(1 - level)
        return np.asarray(epsilon, np.float32)

    return predict


def run(predict: Predict, start: FloatArray, table: SolverTable, seed: int = 0) -> FloatArray:
    draw = NoiseStream([seed, seed + 1], SHAPE[1:])
    return drain(sample_epsilon(predict, start, table, draw, lambda done, steps: None))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 120), st.floats(0, 1), st.integers(0, 2**32))
def test_perfect_prediction_recovers_the_latents(steps: int, eta: float, seed: int) -> None:
    clean, drawn = noise(seed), noise(seed + 2)
    ddim = ddim_table(SCHEDULE, steps, eta)
    *_, last = solver_steps(knowing(clean), drawn, ddim, NoiseStream([1, 2], SHAPE[1:]))
    np.testing.assert_allclose(last.denoised, clean, atol=2e-4)
    made = run(knowing(clean), drawn, dpm_solver_table(SCHEDULE, steps))
    np.testing.assert_allclose(made, clean, atol=2e-4)


@settings(deadline=None)
@given(st.integers(2, 60), st.integers(0, 2**32))
def test_ddim_ends_at_the_lowest_level_of_the_training(steps: int, seed: int) -> None:
    clean, drawn = noise(seed), noise(seed + 2)
    table = ddim_table(SCHEDULE, steps)
    level = float(table.levels[0])
    start = np.float32(level**0.5) * clean + np.float32((1 - level) ** 0.5) * drawn
    made = run(knowing(clean), start, table)
    np.testing.assert_allclose(made, 0.9985**0.5 * clean + 0.0015**0.5 * drawn, atol=1e-4)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_eta_0_is_deterministic(steps: int, seed: int) -> None:
    for table in (ddim_table(SCHEDULE, steps), dpm_solver_table(SCHEDULE, steps)):
        first, second = (
            list(solver_steps(wavy, noise(seed), table, no_noise))[-1].latents for _ in range(2)
        )
        assert first.tobytes() == second.tobytes()
        assert first.dtype == np.float32


def wavy(latents: FloatArray, timesteps: Timesteps) -> FloatArray:
    return np.asarray(0.3 * latents * math.cos(timesteps[0] / 1000), np.float32)


def test_eta_1_depends_on_the_seed_alone() -> None:
    table = ddim_table(SCHEDULE, 20, eta=1.0)
    first, again, other = (run(wavy, noise(5), table, seed) for seed in (1, 1, 9))
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).max() > 0.1


# Data that is normal with mean 0.7 and this deviation: its best denoiser, and the path of the
# probability flow from any start, can be written down.
MEAN, SPREAD = 0.7, 0.4


def normal_epsilon(x: Any, abar: float) -> Any:
    variance = abar * SPREAD**2 + 1 - abar
    return (1 - abar) ** 0.5 / variance * (x - abar**0.5 * MEAN)


def flowed(x: Any, begin: float, end: float) -> Any:
    """Where the flow takes x from one level to another."""
    ratio = (end * SPREAD**2 + 1 - end) / (begin * SPREAD**2 + 1 - begin)
    return end**0.5 * MEAN + ratio**0.5 * (x - begin**0.5 * MEAN)


def flow_error(table: SolverTable) -> float:
    """Largest distance from the exact flow, starting at nine places."""
    # In float64, so that it is the solver's error and not that of rounding.
    x: Any = np.linspace(-2, 2, 9).reshape(1, 1, 3, 3)
    abar = dict(zip(table.timesteps.tolist(), table.levels.tolist(), strict=False))
    steps = solver_steps(lambda x, t: normal_epsilon(x, abar[int(t[0])]), x, table, no_noise)
    *_, last = steps
    exact = flowed(x, float(table.levels[0]), float(table.levels[-1]))
    return float(np.abs(last.latents - exact).max())


def even_levels(steps: int) -> NDArray[np.float64]:
    """(steps + 1,) abar, evenly spaced in the logarithm of the signal-to-noise ratio."""
    return 1 / (1 + np.exp(-2 * np.linspace(-3.0, 2.5, steps + 1)))


def test_dpm_solver_converges_at_second_order() -> None:
    errors = [
        flow_error(multistep_table(np.arange(steps)[::-1], even_levels(steps)))
        for steps in (40, 80, 160, 320)
    ]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert ((orders > 1.9) & (orders < 2.1)).all(), (errors, orders)


def test_dpm_solver_needs_fewer_steps_than_ddim() -> None:
    few = flow_error(dpm_solver_table(SCHEDULE, 20))
    assert few < 0.1 * flow_error(ddim_table(SCHEDULE, 20))
    assert few < flow_error(ddim_table(SCHEDULE, 200))
    halved = flow_error(ddim_table(SCHEDULE, 100)) / flow_error(ddim_table(SCHEDULE, 50))
    assert 0.4 < halved < 0.6  # DDIM is of first order


def test_guidance_is_one_call_of_both_halves() -> None:
    calls: list[int] = []

    def predict(latents: FloatArray, timesteps: Timesteps) -> FloatArray:
        assert len(timesteps) == len(latents)
        calls.append(len(latents))
        out = np.zeros_like(latents)
        out[: SHAPE[0]] = 1.0
        return out

    table = ddim_table(SCHEDULE, 4)
    for scale, rows in ((1.0, 2), (3.0, 4), (0.0, 4)):
        calls.clear()
        first = next(solver_steps(predict, np.zeros(SHAPE, np.float32), table, no_noise, scale))
        assert calls == [rows]
        level = float(table.levels[0])
        np.testing.assert_allclose(first.denoised, -scale * ((1 - level) / level) ** 0.5, rtol=1e-5)


@pytest.mark.parametrize("make", [ddim_table, dpm_solver_table])
def test_kept_part_stays_and_the_rest_does_not(make: Callable[..., SolverTable]) -> None:
    given_latents, wish = noise(3), noise(7)
    mask = np.zeros((2, 1, 4, 4), np.float32)
    mask[:, :, :2] = 1.0
    keep = Keep(given_latents, mask)
    target = given_latents * mask + wish * (1 - mask)
    draw = NoiseStream([8, 9], SHAPE[1:])
    made = drain(
        sample_epsilon(
            knowing(target), noise(11), make(SCHEDULE, 25), draw, lambda *_: None, keep=keep
        )
    )
    assert np.abs(made - target).std() < 0.05  # what the last level leaves
    assert np.abs((made - given_latents)[:, :, 2:]).std() > 0.5


@settings(deadline=None)
@given(st.integers(1, 30), st.floats(0, 1), st.integers(0, 2**32))
def test_edits_of_any_strength(steps: int, strength: float, seed: int) -> None:
    clean = noise(seed)
    for table in (
        ddim_table(SCHEDULE, steps, 1.0, strength), dpm_solver_table(SCHEDULE, steps, strength)
    ):  # fmt: skip
        last = edit_start(table, clean, noise(seed + 2))
        if len(table) == 0:
            assert last.tobytes() == clean.tobytes()
        for step in solver_steps(knowing(clean), last, table, NoiseStream([1, 2], SHAPE[1:])):
            last = step.denoised
        np.testing.assert_allclose(last, clean, atol=2e-4)


def test_edit_at_full_strength_starts_from_noise() -> None:
    table = ddim_table(SCHEDULE, 10, strength=1.0)
    clean, drawn = noise(0), noise(2)
    assert np.abs(edit_start(table, clean, drawn) - drawn).max() < 0.1
    assert len(table) == 10


def test_a_row_does_not_depend_on_its_batch() -> None:
    whole = NoiseStream([3, 4, 5], (2, 2))
    single = NoiseStream([4], (2, 2))
    for _ in range(3):
        assert (whole()[1] == single()[0]).all()
    assert (NoiseStream([0], (2, 2))() != NoiseStream([1], (2, 2))()).all()


def test_progress_and_cancel() -> None:
    seen: list[tuple[int, int]] = []

    def on_step(done: int, steps: int) -> None:
        seen.append((done, steps))
        if done == 2:
            raise GenerationCancelled("enough")

    table = ddim_table(SCHEDULE, 5)
    with pytest.raises(GenerationCancelled):
        drain(sample_epsilon(wavy, noise(0), table, no_noise, on_step))
    assert seen == [(0, 5), (1, 5), (2, 5)]


def test_not_a_number_is_refused() -> None:
    def broken(latents: FloatArray, timesteps: Timesteps) -> FloatArray:
        return np.full_like(latents, math.nan)

    with pytest.raises(NumericalError, match="denoiser"):
        run(broken, noise(0), ddim_table(SCHEDULE, 5))


def test_inputs_are_not_changed() -> None:
    start = noise(0)
    before = start.copy()
    run(wavy, start, ddim_table(SCHEDULE, 5, eta=1.0))
    run(wavy, start, dpm_solver_table(SCHEDULE, 5))
    assert (start == before).all()
