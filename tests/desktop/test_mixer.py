"""The mixer: exact where nothing changes, without a click where something does."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.desktop.mixer import Loop, Mixer, Source, seam_fade

RATE = 44_100


def tone(seconds: float, hertz: float = 110.0) -> NDArray[np.float32]:
    """(N, 1) a sine that begins and ends anywhere."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * hertz * time + 1.0)).astype(np.float32)[:, None]


def render(mixer: Mixer, frames: int, block: int = 256) -> NDArray[np.float32]:
    out = np.full((frames, mixer.channels), np.nan, np.float32)
    for begin in range(0, frames, block):
        mixer.render(out[begin : begin + block])
    return out


def playing(frames: NDArray[np.float32], frame: int = 0, gain: float = 1.0) -> Mixer:
    mixer = Mixer(RATE, frames.shape[1])
    mixer.post(serial=1, on=True, frame=frame, source=Source(frames, gain))
    return mixer


def steepest(samples: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


def test_what_plays_is_the_take_itself_after_the_fade() -> None:
    frames = tone(0.2)
    out = render(playing(frames), 4000)
    fade = Mixer(RATE, 1).fade
    np.testing.assert_array_equal(out[fade:], frames[fade:4000])
    assert out[0, 0] < 0.01


def test_a_loop_is_exact_to_the_sample() -> None:
    period = 441  # a whole number of waves of 100 Hz: the seam fits as it is
    frames = tone(0.1, 100.0)
    start, end = period, 4 * period
    mixer = playing(frames, frame=start)
    fade = seam_fade(frames, start, end, mixer.fade)
    assert fade == 0
    mixer.post_loop(Loop(start, end, fade))
    out = render(mixer, 10 * (end - start), block=100)
    want = np.tile(frames[start:end], (10, 1))
    np.testing.assert_array_equal(out[mixer.fade :], want[mixer.fade :])


def test_a_loop_that_does_not_fit_keeps_its_length_and_does_not_click() -> None:
    frames = tone(0.5, 110.0)
    start, end = 1000, 5321
    mixer = playing(frames, frame=start)
    fade = seam_fade(frames, start, end, mixer.fade)
    assert fade == mixer.fade
    mixer.post_loop(Loop(start, end, fade))
    out = render(mixer, 4 * (end - start))
    rounds = out.reshape(4, end - start, 1)
    np.testing.assert_array_equal(rounds[1], rounds[2])
    np.testing.assert_array_equal(rounds[1, fade:], frames[start + fade : end])
    assert steepest(out) < 1.5 * steepest(frames) + 0.5 / fade


@pytest.mark.parametrize("what", ["seek", "pause", "take", "end"])
def test_no_change_clicks(what: str) -> None:
    frames = tone(0.5)
    mixer = playing(frames)
    before = render(mixer, 3000)
    if what == "seek":
        mixer.post(serial=2, frame=9137)
    elif what == "pause":
        mixer.post(on=False)
    elif what == "take":
        mixer.post(source=Source(-frames))
    else:
        mixer.post(serial=2, frame=len(frames) - 2000)
    after = render(mixer, 3000)
    heard = np.concatenate([before, after])
    assert steepest(heard) < 2 * steepest(frames) + 1.0 / mixer.fade
    if what in ("pause", "end"):
        assert not after[-500:].any()
        assert mixer.ended == (what == "end")


def test_a_seek_lands_on_its_sample() -> None:
    frames = tone(0.5)
    mixer = playing(frames)
    render(mixer, 1000)
    mixer.post(serial=2, frame=7777)
    out = render(mixer, 1000)
    np.testing.assert_array_equal(out[mixer.fade :], frames[7777 + mixer.fade : 8777])
    assert mixer.stretches[-1].serial == 2


def test_the_gain_moves_without_a_step() -> None:
    frames = np.ones((RATE, 1), np.float32)
    mixer = playing(frames)
    render(mixer, 2048)
    mixer.set_gain(0.25)
    out = render(mixer, 512)
    assert steepest(out) < 0.01
    np.testing.assert_allclose(out[256:], 0.25)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=6),
    st.sampled_from([1, 33, 64, 256, 1000]),
)
def test_any_row_of_jumps_leaves_numbers_and_no_steps(
    jumps: list[tuple[int, bool]], block: int
) -> None:
    frames = tone(0.12)
    mixer = playing(frames)
    parts = [render(mixer, 700, block)]
    for serial, (frame, on) in enumerate(jumps, 2):
        mixer.post(serial=serial, on=on, frame=frame)
        parts.append(render(mixer, 700, block))
    heard = np.concatenate(parts)
    assert np.isfinite(heard).all()
    assert steepest(heard) < 2 * steepest(frames) + 1.0 / mixer.fade
    assert 0 <= mixer.frame <= len(frames)


def test_the_callback_makes_no_arrays() -> None:
    frames = tone(1.0)
    mixer = playing(frames)
    mixer.post_loop(Loop(2000, 9000, mixer.fade))
    out = np.zeros((4096, 1), np.float32)
    mixer.render(out)
    gc.collect()
    tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for serial in range(200):
            mixer.set_gain(0.5 + serial % 2 / 2)
            mixer.post(serial=serial, frame=100 * serial)
            mixer.render(out)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 8_000  # a block of samples alone has 16 kB
