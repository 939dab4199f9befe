"""DDIM backwards: its timesteps, and where a network that knows the truth leads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.models.inversion import inversion_table, noise_schedule
from descant.models.sd_spec import InversionSpec

SPEC = InversionSpec(
    prediction_type="epsilon", beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012,
    training_steps=1000, steps_offset=1, set_alpha_to_one=False, timestep_spacing="leading",
)  # fmt: skip


def test_timesteps_of_the_published_settings() -> None:
    table = inversion_table(SPEC)
    assert table.timesteps.tolist() == list(range(1, 1000, 20))
    trailing = inversion_table(replace(SPEC, timestep_spacing="trailing", steps_offset=0))
    assert trailing.timesteps.tolist() == list(range(19, 1000, 20))
    assert len(inversion_table(replace(SPEC, evaluations=7))) == 7


@pytest.mark.parametrize("prediction", ["epsilon", "v"])
@pytest.mark.parametrize("clean", [True, False])
@given(data=st.floats(-3, 3), noise=st.floats(-3, 3), steps=st.integers(1, 60))
def test_the_true_noise_is_reached(
    prediction: Literal["epsilon", "v"], clean: bool, data: float, noise: float, steps: int
) -> None:
    spec = replace(
        SPEC, prediction_type=prediction, set_alpha_to_one=clean, steps=steps, evaluations=steps
    )
    table, abar = inversion_table(spec), noise_schedule(spec).alphas_cumprod
    spacing = spec.training_steps // steps
    level = 1.0 if clean else abar[0]
    x = np.sqrt(level) * data + np.sqrt(1.0 - level) * noise
    for at, timestep in enumerate(table.timesteps):
        lower = timestep - spacing
        now = abar[lower] if lower >= 0 else level
        told = noise if prediction == "epsilon" else np.sqrt(now) * noise - np.sqrt(1 - now) * data
        x = table.latents[at] * x + table.prediction[at] * told
    last = abar[table.timesteps[-1]]
    assert x == pytest.approx(np.sqrt(last) * data + np.sqrt(1.0 - last) * noise, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": 0, "evaluations": 1}, "steps must be in"),
        ({"steps": 1001}, "steps must be in"),
        ({"steps": 1000}, "leave the training's"),
        ({"steps_offset": 20}, "leave the training's"),
        ({"evaluations": 51}, "evaluations must be in"),
        ({"evaluations": 0}, "evaluations must be in"),
        ({"beta_end": 1.5}, "betas"),
    ],
)
def test_what_makes_no_schedule_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        inversion_table(replace(SPEC, **changes))  # type: ignore[arg-type]
