"""The mixer plays to the sample, whatever pieces it is read in and whoever else holds it."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.runtime.bar_grid import BarGrid
from descant.runtime.layer_mixer import BLOCK, KNEE, LayerMixer, round_off

FloatArray = NDArray[np.float32]
RATE = 1000
FADE = 8
GRID = BarGrid(frames=1003, bars=4, beats_per_bar=3)
LEVELS = (0.1, 0.5, 1.0)


def loops(channels: int = 2) -> list[FloatArray]:
    """Return a noise for every level."""
    rng = np.random.default_rng(4)
    return [(0.2 * rng.standard_normal((channels, GRID.frames))).astype(np.float32) for _ in LEVELS]


def mixer(channels: int = 2, rate: int = RATE) -> LayerMixer:
    """Return one with all of its loops."""
    made = LayerMixer(LEVELS, channels, rate)
    for place, samples in enumerate(loops(channels)):
        made.add(place, samples, GRID)
    return made


def read(source: LayerMixer, frames: int, channels: int = 2) -> FloatArray:
    """Return the next (A, n)."""
    out = np.full((channels, frames), np.nan, np.float32)
    source.read_into(out)
    return out


@given(st.integers(1, 3000), st.integers(1, 16), st.integers(1, 7), st.integers(0, 20_000))
def test_grid(frames: int, bars: int, beats: int, frame: int) -> None:
    grid = BarGrid(frames * bars * beats + 1, bars, beats)
    bar, beat = grid.bar_at_or_after(frame), grid.beat_at_or_after(frame)
    assert frame <= beat <= bar < frame + grid.frames / bars + 1
    assert grid.bar_at_or_after(bar) == bar
    assert grid.beat_at_or_after(bar) == bar
    assert grid.bar_at_or_after(frame + grid.frames) == bar + grid.frames
    assert abs(grid.beat(beat) - round(grid.beat(beat))) <= grid.beats / grid.frames


def test_a_loop_goes_round_as_it_is() -> None:
    whole = read(mixer(), 2 * GRID.frames + 5)
    first = loops()[0]
    np.testing.assert_array_equal(whole[:, : GRID.frames], first)
    np.testing.assert_array_equal(whole[:, GRID.frames : 2 * GRID.frames], first)
    np.testing.assert_array_equal(whole[:, -5:], first[:, :5])


def test_the_change_ends_on_the_bar_with_equal_power() -> None:
    source = mixer()
    before = read(source, 100)
    source.set_level(0.9)
    after = read(source, 500)
    bar = GRID.bar_at_or_after(101)
    old, _, new = loops()
    np.testing.assert_array_equal(before, old[:, :100])
    np.testing.assert_array_equal(after[:, : bar - FADE - 100], old[:, 100 : bar - FADE])
    np.testing.assert_array_equal(after[:, bar - 100 :], new[:, bar:600])
    turn = (np.arange(FADE) + 1) / FADE * np.pi / 2
    mixed = old[:, bar - FADE : bar] * np.cos(turn) + new[:, bar - FADE : bar] * np.sin(turn)
    np.testing.assert_allclose(after[:, bar - FADE - 100 : bar - 100], mixed, atol=1e-6)


def test_a_change_is_taken_back_before_it_begins_and_not_after() -> None:
    source = mixer()
    read(source, 100)
    source.set_level(1.0)
    source.set_level(0.0)
    np.testing.assert_array_equal(read(source, 300), loops()[0][:, 100:400])
    source = mixer()
    bar = GRID.bar_at_or_after(1)
    read(source, 100)
    source.set_level(1.0)
    read(source, bar - 100 - FADE // 2)  # in the middle of the fade
    source.set_level(0.5)
    following = GRID.bar_at_or_after(bar + 1)
    heard = read(source, 700)[:, FADE // 2 :]
    np.testing.assert_array_equal(
        heard[:, : following - FADE - bar], loops()[2][:, bar : following - FADE]
    )
    np.testing.assert_array_equal(
        heard[:, following - bar : 600], loops()[1][:, following : bar + 600]
    )


def test_a_sting_begins_on_the_beat_and_peaks_are_rounded() -> None:
    source, sound = mixer(), np.full((2, 40), 0.8, np.float32)
    read(source, 130)
    source.lay_over(sound)
    beat = GRID.beat_at_or_after(130)
    heard = read(source, 200)
    plain = loops()[0][:, 130:330]
    np.testing.assert_array_equal(heard[:, : beat - 130], plain[:, : beat - 130])
    np.testing.assert_array_equal(heard[:, beat - 90 :], plain[:, beat - 90 :])
    over = heard[:, beat - 130 : beat - 90]
    wanted = plain[:, beat - 130 : beat - 90] + np.float32(0.8)
    quiet = np.abs(wanted) <= KNEE
    np.testing.assert_allclose(over[quiet], wanted[quiet], atol=1e-7)
    assert np.abs(over).max() < 1.0
    assert (over[~quiet] < wanted[~quiet]).all()
    assert over[~quiet].min() > KNEE - 1e-6


def test_before_the_first_loop_no_time_passes() -> None:
    source = LayerMixer(LEVELS, 1, RATE)
    assert not read(source, 50, 1).any()
    source.lay_over(np.ones((1, 5), np.float32))
    source.set_level(1.0)
    source.add(1, loops(1)[1], GRID)
    np.testing.assert_array_equal(read(source, 50, 1), loops(1)[1][:, :50])
    source.add(2, loops(1)[2], GRID)  # nearer to what was asked for
    read(source, GRID.frames - 50, 1)
    assert (source.playing, source.position) == (2, GRID.frames)
    with pytest.raises(ValueError, match="beside others"):
        source.add(0, loops(1)[0], BarGrid(GRID.frames, 3, 3))


Call = tuple[str, Any]
CALLS = st.lists(
    st.tuples(st.integers(0, 5000), st.sampled_from(["level", "sting"]), st.floats(0, 1)),
    max_size=12,
)


def played(cuts: list[int], calls: list[tuple[int, str, float]], end: int) -> bytes:
    """Read up to ``end`` in pieces that end at ``cuts``, making the calls where they belong."""
    source, parts = mixer(1), []
    sound = np.linspace(-1, 1, 333, dtype=np.float32)[None]
    for place in sorted({*cuts, *(place for place, *_ in calls), end}):
        if place <= end:
            parts.append(read(source, place - source.position, 1))
        for _, kind, value in (call for call in calls if call[0] == place):
            source.set_level(value) if kind == "level" else source.lay_over(sound * value)
    return np.concatenate(parts, axis=1).tobytes()


@settings(max_examples=150, deadline=None)
@given(
    CALLS, st.lists(st.integers(0, 5000), max_size=30), st.lists(st.integers(0, 5000), max_size=30)
)
def test_the_same_calls_at_the_same_places_are_the_same_bytes(
    calls: list[tuple[int, str, float]], first: list[int], second: list[int]
) -> None:
    assert played(first, calls, 5000) == played(second, calls, 5000)


def test_long_reads_are_many_blocks() -> None:
    source, other = mixer(), mixer()
    whole = read(source, 3 * BLOCK + 7)
    parts = [read(other, count) for count in (1, BLOCK, BLOCK + 1, BLOCK + 5)]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=1))


def test_several_threads() -> None:
    source, stop = mixer(), threading.Event()

    def fiddle() -> None:
        rng = np.random.default_rng()
        while not stop.is_set():
            source.set_level(float(rng.random()))
            source.lay_over(np.zeros((2, 9), np.float32))

    threads = [threading.Thread(target=fiddle) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(300):
            assert np.isfinite(read(source, 97)).all()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert source.position == 300 * 97


def test_round_off_bends_smoothly() -> None:
    wave = np.linspace(-4, 4, 8001, dtype=np.float32)[None]
    bent = wave.copy()
    round_off(bent, np.empty_like(wave), np.empty_like(wave))
    assert np.abs(bent).max() < 1.0
    assert (np.diff(bent) > 0).all()
    np.testing.assert_allclose(bent, -bent[:, ::-1], atol=1e-6)
    inside = np.abs(wave) <= KNEE
    np.testing.assert_array_equal(bent[inside], wave[inside])
