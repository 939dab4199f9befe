"""The flow from a recording: where it starts, what stays, and in which windows."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.runtime.flow_edit import Known, edit_times, follow, staying
from descant.runtime.pieces import Piece, drain

SHAPE = (1, 4, 12)


def known(stays: float = 0.0) -> Known:
    latents = np.random.default_rng(1).standard_normal(SHAPE).astype(np.float32)
    return Known(latents, np.full(SHAPE[2], stays, np.float32))


def noise() -> np.ndarray:
    return np.random.default_rng(2).standard_normal(SHAPE).astype(np.float32)


def silence(latents: np.ndarray, step: int) -> Generator[Piece, None, np.ndarray]:
    yield Piece("step")
    return np.zeros_like(latents)


@given(st.integers(1, 60), st.floats(0.0, 1.0), st.floats(0.5, 4.0))
def test_times_fall_from_the_strength_to_zero(steps: int, strength: float, shift: float) -> None:
    times = edit_times(steps, shift, strength)
    assert times[0] == pytest.approx(strength if strength * steps > 1e-6 else 0.0, abs=1e-6)
    assert times[-1] == 0.0
    assert len(times) - 1 <= steps
    assert (np.diff(times) < 0).all()


def test_strength_zero_gives_the_recording_back() -> None:
    start = known()
    assert (drain(follow(silence, start, noise(), edit_times(8, 1.0, 0.0))) == start.latents).all()


def test_strength_one_starts_from_noise_alone() -> None:
    seen = []

    def look(latents: np.ndarray, step: int) -> Generator[Piece, None, np.ndarray]:
        seen.append(latents)
        return (yield from silence(latents, step))

    drain(follow(look, known(), noise(), edit_times(4, 1.0, 1.0)))
    assert len(seen) == 4
    np.testing.assert_array_equal(seen[0], noise())


def test_what_stays_is_there_at_the_end_and_on_its_way_before() -> None:
    start = known(stays=1.0)
    seen = []

    def look(latents: np.ndarray, step: int) -> Generator[Piece, None, np.ndarray]:
        seen.append(latents)
        return (yield from silence(latents, step))

    made = drain(follow(look, start, noise(), edit_times(4, 1.0, 1.0)))
    np.testing.assert_allclose(made, start.latents, atol=1e-6)
    np.testing.assert_allclose(seen[2], start.mixed(noise(), 0.5), atol=1e-6)


@given(st.integers(1, 300), st.floats(0, 300), st.floats(0, 300))
def test_every_touched_frame_is_new_and_the_rest_stays_in_the_end(
    frames: int, begin: float, length: float
) -> None:
    stays = staying(frames, (begin, begin + length))
    touched = (np.arange(frames) + 1 > begin) & (np.arange(frames) < begin + length)
    assert not stays[touched].any()
    far = (np.arange(frames) < begin - 4) | (np.arange(frames) > begin + length + 4)
    assert (stays[far] == 1.0).all()
