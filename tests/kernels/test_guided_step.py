"""Guidance and the solver's update: reference, PyTorch expression and Triton kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.kernels.guided_step import euler_row, guided_step
from descant.models.diffusion import ddim_table, dpm_solver_table, scaled_linear_schedule
from descant.runtime.epsilon_sampling import solver_steps

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

from descant.kernels.fast import guided_step as twin
from descant.kernels.fast.guided_step_triton import BLOCK, fused_step

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

SHAPES = [(1, 1, 1), (1, 8, 1, 1), (2, 5, 33), (3, 8, 40, 16), (1, BLOCK), (0, 4)]
TOLERANCE = {"float32": 1e-5, "float16": 3e-2, "bfloat16": 5e-1}
"""For values of up to 30. Measured 4e-6, 1.5e-2, 2.5e-1; the interpreter cuts bf16 off where a GPU
rounds."""
INPUTS = ("predicted", "latents", "history", "noise")
SCALE = 3.5


def arguments(shape: tuple[int, ...], dtype: torch.dtype) -> dict[str, Any]:
    """Return the inputs by name, with both sides of the guidance."""
    made = {name: torch.randn(shape).to(dtype) for name in INPUTS}
    made["predicted"] = torch.randn(2 * shape[0], *shape[1:]).to(dtype)
    return {**made, "row": torch.randn(6), "guidance_scale": torch.tensor([SCALE])}


def reference(inputs: dict[str, Any]) -> list[torch.Tensor]:
    """Return the NumPy reference's results for tensors."""
    arrays = {name: tensor.double().numpy() for name, tensor in inputs.items()}
    arrays["guidance_scale"] = float(arrays["guidance_scale"][0])
    return [torch.from_numpy(result) for result in guided_step(**arrays)]


@pytest.mark.parametrize("absent", [(), ("history",), ("noise",), ("history", "noise")])
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
def test_twins_agree_with_the_reference(
    shape: tuple[int, ...], dtype: str, absent: tuple[str, ...]
) -> None:
    inputs = arguments(shape, getattr(torch, dtype))
    for name in absent:
        del inputs[name]
    wanted = reference(inputs)
    for made in (twin.guided_step(**inputs), fused_step(**inputs)):
        for result, right in zip(made, wanted, strict=True):
            assert result.dtype == inputs["latents"].dtype
            torch.testing.assert_close(result.double(), right, rtol=0, atol=TOLERANCE[dtype])


def test_without_guidance_the_scale_does_not_matter() -> None:
    inputs = arguments((2, 7), torch.float32)
    inputs["predicted"] = inputs["predicted"][:2]
    wanted = reference(inputs)
    inputs["guidance_scale"] = torch.tensor([float("nan")])
    for made in (twin.guided_step(**inputs), fused_step(**inputs)):
        torch.testing.assert_close([r.double() for r in made], wanted, rtol=0, atol=1e-6)


def test_a_half_precision_network_beside_fp32_latents() -> None:
    """The solver's state keeps its digits; only the prediction is rounded."""
    inputs = arguments((2, 3, 9), torch.float32)
    inputs["predicted"] = inputs["predicted"].half()
    for result, right in zip(fused_step(**inputs), reference(inputs), strict=True):
        assert result.dtype == torch.float32
        torch.testing.assert_close(result.double(), right, rtol=0, atol=TOLERANCE["float32"])


def test_expression_is_the_reference_in_float64() -> None:
    inputs = {name: tensor.double() for name, tensor in arguments((2, 5, 3), torch.float32).items()}
    torch.testing.assert_close(
        list(twin.guided_step(**inputs)), reference(inputs), rtol=0, atol=1e-13
    )


def predict(latents: NDArray[np.float32], timesteps: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return a made-up prediction that differs between the sides of the guidance."""
    side = np.linspace(1.0, 0.5, len(latents), dtype=np.float32).reshape(-1, 1, 1, 1)
    return side * np.sin(latents + timesteps.reshape(-1, 1, 1, 1).astype(np.float32))


@pytest.mark.parametrize("solver", ["ddim", "ddim with noise", "dpm++"])
def test_a_run_of_steps_is_the_runtimes_solver(solver: str) -> None:
    schedule = scaled_linear_schedule()
    table = {
        "ddim": ddim_table(schedule, 5),
        "ddim with noise": ddim_table(schedule, 5, eta=1.0),
        "dpm++": dpm_solver_table(schedule, 5),
    }[solver]
    rng = np.random.default_rng(3)
    latents = rng.standard_normal((2, 8, 4, 2), np.float32)
    draws = rng.standard_normal((len(table), 2, 8, 4, 2), np.float32)
    draw = iter(draws)
    wanted = list(solver_steps(predict, latents, table, lambda: next(draw), SCALE))
    history = np.zeros_like(latents)
    for step, row, timestep, noise in zip(wanted, table.rows, table.timesteps, draws, strict=True):
        both = predict(np.concatenate([latents, latents]), np.full(4, timestep))
        after, denoised = guided_step(both, latents, row, SCALE, history, noise)
        np.testing.assert_allclose(after, step.latents, atol=2e-5)
        np.testing.assert_allclose(denoised, step.denoised, atol=2e-4)
        latents, history = step.latents, step.denoised


@settings(deadline=None)
@given(time=st.floats(0.01, 1.0), seed=st.integers(0, 99))
def test_euler_reaches_the_end_of_a_straight_path_in_one_step(time: float, seed: int) -> None:
    data, noise = np.random.default_rng(seed).standard_normal((2, 3, 4))
    latents = (1.0 - time) * data + time * noise
    after, denoised = guided_step(noise - data, latents, euler_row(time, 0.0), 1.0)
    np.testing.assert_allclose(after, data, atol=1e-6)
    np.testing.assert_allclose(denoised, data, atol=1e-6)


@settings(deadline=None)
@given(scale=st.floats(-2.0, 8.0), seed=st.integers(0, 99))
def test_guidance_between_equal_sides_is_no_guidance(scale: float, seed: int) -> None:
    side, latents, row = np.random.default_rng(seed).standard_normal((3, 6))
    both = np.stack([side, side])
    guided = guided_step(both, latents[None], row, scale)
    plain = guided_step(side[None], latents[None], row, scale)
    np.testing.assert_array_equal(guided, plain)


def test_shapes_that_do_not_go_together() -> None:
    inputs = arguments((2, 7), torch.float32)
    for name, shape, message in [
        ("predicted", (3, 7), "with guidance"),
        ("predicted", (4, 6), "does not go with"),
        ("row", (5,), "row of 6"),
        ("history", (2, 6), "as the latents"),
        ("guidance_scale", (2,), "one number"),
    ]:
        with pytest.raises(ValueError, match=message):
            twin.guided_step(**{**inputs, name: torch.zeros(shape)})
