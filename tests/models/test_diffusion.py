"""The noise schedule, the timesteps of every count, and the solvers' coefficients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.diffusion import (
    NoiseSchedule,
    ddim_table,
    ddim_timesteps,
    dpm_solver_table,
    log_snr_timesteps,
    multistep_table,
    scaled_linear_schedule,
)

SCHEDULE = scaled_linear_schedule()
counts = st.integers(1, 1000)
shares = st.floats(0, 1)


def is_valid(timesteps: NDArray[np.int64], training_steps: int = 1000) -> bool:
    """Whether a denoiser can be told these timesteps in this order."""
    inside = 0 <= timesteps[-1] <= timesteps[0] < training_steps
    return bool(inside and (np.diff(timesteps) < 0).all())


def test_schedule_reaches_the_published_levels() -> None:
    abar = SCHEDULE.alphas_cumprod
    assert len(SCHEDULE) == 1000
    assert SCHEDULE.betas[[0, 500, 999]] == pytest.approx([0.0015, 0.007963175, 0.0195])
    levels = [0.9985, 0.996994427, 0.508424330, 0.114922001, 0.000142303975]
    assert abar[[0, 1, 250, 500, 999]] == pytest.approx(levels, rel=1e-7)


@pytest.mark.parametrize(
    "betas", [[], [0.1], [0.1, 1.0], [0.0, 0.1], [0.1, np.nan], [[0.1], [0.2]]]
)
def test_schedules_that_are_none(betas: list[float]) -> None:
    with pytest.raises(ValueError, match="betas"):
        NoiseSchedule(np.array(betas))


def test_every_count_has_valid_timesteps() -> None:
    mended = 0
    for steps in range(1, 1001):
        spacing = 1000 // steps
        published = [1 + i for i in range(0, 1000, spacing)]
        mended += published[-1] == 1000
        expected = [t for t in published if t < 1000][::-1]
        assert ddim_timesteps(steps).tolist() == expected
        assert is_valid(ddim_timesteps(steps))
        even = log_snr_timesteps(SCHEDULE, steps)
        assert is_valid(even)
        assert len(even) == steps
        assert even[0] == 999
    assert mended == 599  # the counts at which the published samplers fail


@settings(deadline=None)
@given(
    st.integers(2, 2000).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))),
    st.floats(1e-4, 0.01),
    st.floats(1e-4, 0.05),
)
def test_timesteps_of_other_trainings(sizes: tuple[int, int], start: float, end: float) -> None:
    training_steps, steps = sizes
    assert is_valid(ddim_timesteps(steps, training_steps), training_steps)
    even = log_snr_timesteps(scaled_linear_schedule(start, end, training_steps), steps)
    assert is_valid(even, training_steps)
    assert len(even) == steps


def test_known_timesteps() -> None:
    assert ddim_timesteps(100)[[0, 1, -2, -1]].tolist() == [991, 981, 11, 1]
    assert len(ddim_timesteps(30)) == 31
    assert ddim_timesteps(3).tolist() == [667, 334, 1]
    assert log_snr_timesteps(SCHEDULE, 1000).tolist() == list(range(1000))[::-1]


def test_timesteps_are_even_in_the_logarithm() -> None:
    abar = SCHEDULE.alphas_cumprod[log_snr_timesteps(SCHEDULE, 15)]
    apart = np.diff(np.log(abar / (1 - abar)))
    assert apart[:-4] == pytest.approx(apart[0], rel=0.05)
    assert apart == pytest.approx(apart[0], rel=0.4)  # the lowest levels lie further apart


@pytest.mark.parametrize("steps", [0, -3, 1001])
def test_counts_out_of_range(steps: int) -> None:
    for table in (ddim_table, dpm_solver_table):
        with pytest.raises(ValueError, match=f"steps must be in 1 … 1000, got {steps}"):
            table(SCHEDULE, steps)


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_shares_out_of_range(share: float) -> None:
    with pytest.raises(ValueError, match="eta"):
        ddim_table(SCHEDULE, 10, eta=share)
    for table in (ddim_table, dpm_solver_table):
        with pytest.raises(ValueError, match="strength"):
            table(SCHEDULE, 10, strength=share)


@settings(deadline=None)
@given(counts, shares, shares)
def test_every_table_is_finite_and_lowers_the_noise(
    steps: int, eta: float, strength: float
) -> None:
    for table in (
        ddim_table(SCHEDULE, steps, eta, strength), dpm_solver_table(SCHEDULE, steps, strength)
    ):  # fmt: skip
        assert np.isfinite(table.rows).all()
        assert table.rows.shape == (len(table), 6)
        assert (np.diff(table.levels) > 0).all()
        assert 0 < table.start_level <= 1
        if len(table):
            assert table.start_level <= table.levels[0]
            assert table.history[0] == 0


@settings(deadline=None)
@given(counts, shares)
def test_only_eta_adds_noise(steps: int, eta: float) -> None:
    assert not ddim_table(SCHEDULE, steps).noise.any()
    assert not dpm_solver_table(SCHEDULE, steps).noise.any()
    table = ddim_table(SCHEDULE, steps, eta)
    assert (table.noise >= 0).all()
    # With a network that knows the noise, the variance after a step is that of its level.
    residue = table.epsilon + table.latents * np.sqrt(1 - table.levels[:-1])
    np.testing.assert_allclose(residue**2 + table.noise**2, 1 - table.levels[1:], rtol=1e-9)


def test_full_randomness_is_that_of_the_training() -> None:
    # Song et al. 2021, section 4.1: at eta 1, one step per level, DDIM is Ho et al.'s sampler.
    table = ddim_table(SCHEDULE, 1000, eta=1.0)
    variance = SCHEDULE.buffers()["posterior_variance"]
    np.testing.assert_allclose(table.noise**2, variance[table.timesteps], rtol=1e-6)


@settings(deadline=None)
@given(counts.filter(lambda steps: steps > 1))
def test_first_order_of_both_solvers_is_the_same(steps: int) -> None:
    ddim = ddim_table(SCHEDULE, steps)
    multistep = multistep_table(ddim.timesteps, ddim.levels)
    assert multistep.latents[0] == pytest.approx(ddim.latents[0], rel=1e-12)
    assert multistep.epsilon[0] == pytest.approx(ddim.epsilon[0], rel=1e-9)


@settings(deadline=None)
@given(counts, st.lists(shares, min_size=2, max_size=2).map(sorted))
def test_more_strength_is_more_noise_and_more_steps(steps: int, strengths: list[float]) -> None:
    for make in (ddim_table, dpm_solver_table):
        less, more = (make(SCHEDULE, steps, strength=strength) for strength in strengths)
        assert len(less) <= len(more)
        assert less.start_level >= more.start_level


def test_ends_of_strength() -> None:
    for make in (ddim_table, dpm_solver_table):
        assert len(make(SCHEDULE, 50, strength=0.0)) == 0
        assert make(SCHEDULE, 50, strength=0.0).start_level == 1.0
        assert len(make(SCHEDULE, 50, strength=1.0)) == 50
        # The published sampler reads past its arrays here.
        assert make(SCHEDULE, 50, strength=1.0).start_level == SCHEDULE.alphas_cumprod[999]
