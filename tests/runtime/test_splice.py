"""Joints: what is outside stays, what is alike is in phase, power does not dip."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime.splice import (
    FADE_SECONDS,
    SHIFT_SECONDS,
    best_shift,
    correlation,
    crossfade,
    meeting_point,
    prolong,
    put_in,
)

RATE = 44100


def tone(count: int, hertz: float = 220.0, begin: int = 0) -> np.ndarray:
    places = np.arange(begin, begin + count) / RATE
    parts = [np.sin(2 * np.pi * hertz * k * places) / k for k in (1, 2, 3)]
    made: np.ndarray = 0.2 * np.sum(parts, axis=0, keepdims=True).astype(np.float32)
    return made


def test_a_tone_is_prolonged_in_phase() -> None:
    begun = tone(20000)
    assert correlation(prolong(begun, 1764, RATE), tone(1764, begin=20000)) > 0.99


@pytest.mark.parametrize("count", [2, 50, 3000])
def test_silence_and_short_sounds_are_prolonged_without_growing(count: int) -> None:
    assert not prolong(np.zeros((2, count), np.float32), 500, RATE).any()
    sound = np.random.default_rng(count).standard_normal((1, count)).astype(np.float32)
    more = prolong(sound, 4000, RATE)
    assert more.shape == (1, 4000)
    assert np.abs(more).max() <= 4 * np.abs(sound).max()


@pytest.mark.parametrize("alike", [True, False])
def test_a_fade_keeps_the_power(alike: bool, rng: np.random.Generator) -> None:
    first = rng.standard_normal((1, 40000)).astype(np.float32)
    other = first if alike else rng.standard_normal((1, 40000)).astype(np.float32)
    middle = crossfade(first, other)[:, 15000:25000]
    assert np.sqrt((middle**2).mean()) == pytest.approx(1.0, abs=0.03)


def test_what_comes_after_is_shifted_into_phase() -> None:
    most = round(SHIFT_SECONDS * RATE)
    late = 57
    made = tone(1764 + 2 * most, begin=-most - late)[0]
    shift = best_shift(tone(1764)[0], made, RATE)
    found = made[most + shift :][:1764]
    assert correlation(found, tone(1764)[0]) > 0.999
    assert abs(shift) <= most


@settings(max_examples=40, deadline=None)
@given(
    total=st.integers(3, 5000),
    place=st.floats(0, 1),
    length=st.floats(0.01, 1),
    channels=st.integers(1, 2),
)
def test_nothing_outside_of_a_replaced_region_changes(
    total: int, place: float, length: float, channels: int
) -> None:
    rng = np.random.default_rng(total)
    whole = rng.uniform(-1, 1, (channels, total)).astype(np.float32)
    count = max(int(length * total), 1)
    begin = int(place * (total - count))
    made = rng.uniform(-1, 1, (channels, count)).astype(np.float32)
    result = put_in(whole, made, begin, RATE)
    outside = np.ones(total, bool)
    outside[begin : begin + count] = False
    assert (result[:, outside] == whole[:, outside]).all()
    assert np.isfinite(result).all()


def test_two_versions_meet_where_they_are_alike(rng: np.random.Generator) -> None:
    recorded = rng.uniform(-1, 1, (2, 20000)).astype(np.float32)
    made = rng.uniform(-1, 1, (2, 20000)).astype(np.float32)
    made[:, 9000:12000] = recorded[:, 9000:12000]
    place = meeting_point(recorded, made, RATE)
    assert 9000 <= place <= 12000 - round(FADE_SECONDS * RATE)
