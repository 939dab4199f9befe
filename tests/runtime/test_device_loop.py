"""Latents that stay on the device are those that NumPy makes, to the last bit on a CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.diffusion import ddim_table, dpm_solver_table, scaled_linear_schedule
from descant.runtime import Engine, GenerationCancelled, NumericalError, Progress, Request
from descant.runtime.device_buffers import Buffer
from descant.runtime.epsilon_sampling import Keep, NoiseStream, solver_steps
from descant.runtime.loop_pool import LoopPool
from descant.runtime.pieces import drain
from descant.runtime.provider_target import make_target
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions
from descant.runtime.solver_graph import SOLVER_STEP
from descant.runtime.solving import solve_diffusion
from descant.runtime.tuning import Tuning
from tests.runtime.ldm_clips import make

SCHEDULE = scaled_linear_schedule()
FloatArray = NDArray[np.float32]
SOLVERS: dict[str, dict[str, Any]] = {
    "ddim": {"sampler": "ddim", "eta": 0.0},
    "random": {"sampler": "ddim", "eta": 1.0},
    "dpm++": {"sampler": "dpm++"},
    "without guidance": {"guidance_scale": 1.0},
}


@pytest.fixture(scope="module")
def looped(tiny_mg2: Path) -> Any:
    """Return an engine whose latents stay where the UNet is."""
    with Engine.open(tiny_mg2, threads=1, device_loop=True) as engine:
        yield engine


@pytest.mark.parametrize("solver", SOLVERS)
def test_diffusion(solver: str, mg2: Engine, looped: Engine) -> None:
    wish = SOLVERS[solver]
    assert make(looped, **wish).samples.tobytes() == make(mg2, **wish).samples.tobytes()


@pytest.mark.parametrize("wish", [{"strength": 0.5}, {"inpaint": (0.5, 1.0)}, {"strength": 0.0}])
def test_edits(wish: dict[str, Any], mg2: Engine, looped: Engine, tmp_path: Path) -> None:
    path = tmp_path / "init.wav"
    soundfile.write(path, make(mg2, seed=5).samples[0], 16000)
    for solver in SOLVERS.values():
        plain = make(mg2, init=str(path), **wish, **solver)
        assert make(looped, init=str(path), **wish, **solver).samples.tobytes() == (
            plain.samples.tobytes()
        )


def test_flow(tiny_engine: Engine) -> None:
    wishes: tuple[dict[str, Any], ...] = (
        {},
        {"seconds": 3.0, "steps": 5},
        {"melody_strength": 0.5, "steps": 4},
        {"prompt": "piano and a very long sentence", "guidance_scale": 1.0},
        {},
    )
    with Engine.open(tiny_engine.pack.path, threads=1, device_loop=True) as engine:
        for wish in wishes:
            request = Request(**{"prompt": "piano", "seconds": 1.5, "seed": 3, **wish})
            wanted = tiny_engine.generate(request).samples
            assert engine.generate(request).samples.tobytes() == wanted.tobytes()


def test_cancel(looped: Engine) -> None:
    def listen(progress: Progress) -> None:
        if progress.stage == "sample" and progress.fraction > 0.3:
            raise GenerationCancelled("enough")

    with pytest.raises(GenerationCancelled):
        looped.generate(Request(prompt="x", seconds=1.5, seed=0), listen)
    assert make(looped).samples.size


def test_not_a_number_is_refused(mg2: Engine) -> None:
    sessions = Sessions(mg2.pack, choose_provider("cpu"), tuning=Tuning(1, device_loop=True))
    broken = np.full((1, 8, 8, 16), np.nan, np.float32)
    table = ddim_table(SCHEDULE, 2)
    bias = np.zeros((2, 128), np.float32)
    with pytest.raises(NumericalError, match="denoiser"):
        drain(
            solve_diffusion(
                sessions, broken, table, lambda: broken, lambda *_: None, 2.0, bias, None
            )
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.integers(0, 2**32), st.booleans(), st.booleans(), st.booleans())
def test_solver_graph_is_the_numpy_step(
    rows: int, seed: int, guided: bool, kept: bool, random: bool
) -> None:
    shape = (rows, 2, 3, 4)
    table = ddim_table(SCHEDULE, 4, 1.0) if random else dpm_solver_table(SCHEDULE, 4)
    rng = np.random.default_rng(seed)
    scale = 3.0 if guided else 1.0
    noises = [rng.standard_normal((rows * (2 if guided else 1), *shape[1:]), np.float32)] * 4
    keep = None
    if kept:
        mask = (rng.random((rows, 1, 3, 4)) > 0.5).astype(np.float32)
        keep = Keep(rng.standard_normal(shape, np.float32), mask)
    start = rng.standard_normal(shape, np.float32)
    given_to: list[FloatArray] = []

    def predict(latents: FloatArray, timesteps: NDArray[np.int64]) -> FloatArray:
        given_to.append(latents)
        return noises[len(given_to) - 1]

    seeds = list(range(rows))
    draw = NoiseStream(seeds, shape[1:])
    steps = list(solver_steps(predict, start, table, draw, scale, keep))
    made = _graph_steps(
        table, given_to[0][:rows], noises, NoiseStream(seeds, shape[1:]), scale, keep
    )
    for step, (latents, denoised, batch), place in zip(steps, made, range(4), strict=True):
        if place == 3 or not kept:
            np.testing.assert_allclose(latents, step.latents, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(denoised, step.denoised, rtol=1e-6, atol=1e-6)
        if place < 3:
            np.testing.assert_allclose(batch, given_to[place + 1], rtol=1e-6, atol=1e-6)


def _graph_steps(
    table: Any, start: FloatArray, noises: list[FloatArray], draw: NoiseStream, scale: float,
    keep: Keep | None,
) -> list[tuple[FloatArray, FloatArray, FloatArray]]:  # fmt: skip
    """Take a table's steps by the graph alone, from what the network saw first."""
    graph = _solver()
    nothing = np.zeros((1, 1, 1, 1), np.float32)
    if keep is not None:
        draw()
    latents, denoised, made = start, np.zeros_like(start), []
    for place, row in enumerate(table.rows):
        fresh = draw() if row[5] else nothing
        last = keep is None or place + 1 == len(table)
        level = float(table.levels[place + 1])
        out = graph.run(
            latents=latents, epsilon=noises[place], history=denoised, row=row,
            guidance_scale=np.array([scale], np.float32), fresh_noise=fresh,
            keep=nothing if keep is None else keep.latents,
            keep_noise=nothing if last else draw(),
            keep_level=np.array([0, 0] if last else [level**0.5, (1 - level) ** 0.5], np.float32),
            mask=nothing if keep is None or last else keep.mask,
        )  # fmt: skip
        made.append((out["next_latents"], out["denoised"], out["batch"]))
        latents, denoised = out["next_latents"], out["denoised"]
    return made


def _solver() -> Any:
    from descant.runtime.pack import read_manifest

    with read_manifest("starter") as pack:
        return Sessions(pack, choose_provider("cpu"), 1)[SOLVER_STEP]


def test_buffers_hold_what_is_written() -> None:
    buffer = Buffer(make_target("cpu"), (2, 3))
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    buffer.write(array)
    read = buffer.read()
    array[:] = 0
    np.testing.assert_array_equal(read.ravel(), range(6))
    with pytest.raises(ValueError, match="want"):
        buffer.write(np.zeros((3, 2), np.float32))
    with pytest.raises(ValueError, match="want"):
        buffer.write(np.zeros((2, 3)))


class _Loop:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_pool_lends_a_loop_to_one_at_a_time() -> None:
    pool = LoopPool()
    with pool.borrow("unet", 1, _Loop) as first, pool.borrow("unet", 1, _Loop) as second:
        assert second is not first
    with pool.borrow("unet", 1, _Loop) as again:
        assert again is first
    with pool.borrow("unet", 2, _Loop) as other:
        assert first.closed
        pool.drop("unet")
    with pool.borrow("unet", 2, _Loop) as last:
        assert last is not other  # its graph had been released
    with pytest.raises(ValueError, match="oh"), pool.borrow("unet", 2, _Loop):
        raise ValueError("oh")
    with pool.borrow("unet", 2, _Loop) as new:
        assert new is not last
    with pytest.raises(GenerationCancelled), pool.borrow("unet", 2, _Loop):
        raise GenerationCancelled("enough")
    with pool.borrow("unet", 2, _Loop) as kept:
        assert kept is new
