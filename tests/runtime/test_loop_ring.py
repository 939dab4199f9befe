"""Rings of bars, windows around them, and the music that goes round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.spec import AudioSpec, LatentSpec, LimitsSpec, PipelineSpec
from descant.models.theory.control import BASS_ONSET, MELODY, METRE
from descant.models.theory.harmonise import harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import Chord, LeadSheet
from descant.runtime import Request
from descant.runtime.arrange import with_intensity
from descant.runtime.conditioning import Condition
from descant.runtime.errors import RequestError
from descant.runtime.loop_length import Metre, in_bars
from descant.runtime.loop_ring import Ring, around, bar_samples
from descant.runtime.loop_sampling import ring_spans, ring_weights, sample_ring
from descant.runtime.loop_sheet import ring_sheet
from descant.runtime.pieces import Pieces, drain, ready
from descant.runtime.sampling import initial_noise
from descant.runtime.schedule import flow_times
from descant.runtime.settled import Settled
from descant.runtime.windows import WINDOW
from tests.runtime.midi_files import scale_notes

PIPELINE = PipelineSpec(AudioSpec(), LatentSpec())
LIMITS = LimitsSpec(min_seconds=1.0, max_seconds=600.0)
SETTLED = Settled(10.0, 8, 3.0, 1.0, "euler", 0.0, 1, 1.0, 1.0)


@given(st.integers(1, 64), st.floats(30, 300), st.sampled_from([2, 3, 4, 5, 7]))
def test_latents_are_as_many_as_come_nearest(bars: int, tempo: float, metre: int) -> None:
    ring = Ring.of(bars, tempo, metre, PIPELINE)
    exact = bars * metre * 60 / tempo * 44100
    assert abs(ring.samples - exact) <= 0.5 + 1e-6
    assert ring.samples == bar_samples(bars, tempo, metre, 44100)
    assert ring.latent_frames >= 1
    if exact > 4096:
        assert abs(ring.latent_frames * 4096 - ring.samples) <= 2048


@given(st.integers(1, 12), st.floats(40, 240))
@settings(max_examples=20, deadline=None)
def test_bars_are_evenly_laid_on_the_ring(bars: int, tempo: float) -> None:
    ring = Ring.of(bars, tempo, 4, PIPELINE)
    track = ring.track(harmonise(scale_notes(bars), tempo), PIPELINE)
    frames = ring.latent_frames * 8
    assert track.shape == (126, frames)
    (downbeats,) = np.nonzero(track[METRE][5])
    assert len(downbeats) in (bars, bars - 1, bars + 1)  # a pulse may fall between two frames
    np.testing.assert_allclose(downbeats % (frames / bars) % (frames / bars - 1), 0, atol=1.0)
    phase = np.arctan2(track[METRE][2], track[METRE][3])
    turn = np.diff(np.append(phase, phase[0]))
    np.testing.assert_allclose(turn % (2 * np.pi), 2 * np.pi * bars / frames, atol=1e-3)


@pytest.mark.parametrize("frames", [1, 22, 100, WINDOW, 336, 337, 700, 1293, 6461])
def test_windows_go_round(frames: int) -> None:
    total = np.zeros(frames)
    for (begin, end), weight in zip(ring_spans(frames), ring_weights(frames), strict=True):
        assert end - begin <= WINDOW + 1
        assert weight[0] == weight[-1] == 0
        np.add.at(total, np.arange(begin, end) % frames, weight)
    np.testing.assert_allclose(total, 1.0, atol=1e-5)


def smooth(**inputs: Any) -> Pieces[dict[str, Any]]:
    """Step towards the mean of each latent and its neighbours, and of what is told."""
    latents = inputs["latents"]
    wide = np.pad(latents, ((0, 0), (0, 0), (1, 1)))
    mean = (wide[:, :, :-2] + latents + wide[:, :, 2:]) / 3
    return ready({"next_latents": 0.5 * mean + 0.5 * inputs["control_latents"][:1]})


@pytest.mark.parametrize("frames", [10, 50, 800])
def test_a_turned_ring_makes_turned_latents(frames: int) -> None:
    control = np.random.default_rng(0).standard_normal((2, 8, frames), np.float32)
    noise = initial_noise(3, 8, frames)

    def made(turn: int) -> Any:
        turned = around(control, turn, turn + frames)
        empty = np.zeros((2, 1), np.float32)
        conditions = [
            [Condition(empty, empty[:, None], empty, around(turned, *span))] * 4
            for span in ring_spans(frames)
        ]
        start, seen = around(noise, turn, turn + frames), []
        steps = sample_ring(
            smooth, start, conditions, flow_times(4), 1.0, lambda *step: seen.append(step)
        )
        latents = drain(steps)
        assert seen[0] == (0, 4)
        assert seen[-1] == (4, 4)
        return latents

    np.testing.assert_allclose(made(7), np.roll(made(0), -7, axis=2), atol=1e-5)


def sheet_of(*roots: int, tail: float = 0.0) -> LeadSheet:
    """Return a bar for each root, in C major, with a tune of its roots."""
    chords = tuple(Chord(4.0 * i, 4.0, root) for i, root in enumerate(roots))
    notes = [Note(4.0 * i + 1.0, 3.0, 60 + root) for i, root in enumerate(roots)]
    notes[-1] = replace(notes[-1], duration=3.0 + tail)
    bass = tuple(Note(4.0 * i, 4.0, 36 + root) for i, root in enumerate(roots))
    return LeadSheet(Key(0), 120.0, 4, tuple(notes), chords, bass, (0.5,) * len(roots))


def test_last_chord_leads_back() -> None:
    ring = ring_sheet(sheet_of(0, 5, 7, 0), 4)
    *_, kept, last = ring.chords
    assert (kept.root, kept.start, kept.duration) == (0, 12.0, 2.0)
    assert (last.start, last.duration) == (14.0, 2.0)
    assert last.root == 5  # the tune holds C, which the dominant has not
    assert [(n.start, n.duration, n.pitch) for n in ring.bass[-2:]] == [
        (12.0, 2.0, 36), (14.0, 2.0, 41),
    ]  # fmt: skip


@pytest.mark.parametrize("roots", [(0, 5, 7), (0, 0, 0)])
def test_chords_that_lead_on_or_never_move_stay(roots: tuple[int, ...]) -> None:
    sheet = sheet_of(*roots)
    assert ring_sheet(sheet, 3).chords == sheet.chords


def test_given_chords_stay() -> None:
    sheet = sheet_of(0, 5, 7, 0)
    assert ring_sheet(sheet, 4, lead_back=False) == sheet


def test_tail_is_drawn_at_the_beginning() -> None:
    ring = ring_sheet(sheet_of(0, 7, tail=3.0), 2)
    assert ring.notes[-1].end == 9.0  # until the tune begins again
    measures = Ring.of(2, 120.0, 4, PIPELINE)
    track = measures.track(ring, PIPELINE)
    beat = track.shape[1] // 8
    row = MELODY.start + 67 - 21
    assert track[row, : beat - 2].all()
    assert not track[row, beat + 2 : 4 * beat].any()
    assert track[BASS_ONSET, 0].all()


@given(st.integers(1, 20), st.integers(1, 9))
def test_ring_has_as_many_bars_as_asked(bars: int, own: int) -> None:
    ring = ring_sheet(sheet_of(*([0, 5, 7] * 3)[:own]), bars)
    assert ring.bars == bars
    assert ring.chords[-1].end == pytest.approx(bars * 4)
    assert all(
        a.end == pytest.approx(b.start) for a, b in zip(ring.chords, ring.chords[1:], strict=False)
    )


def settle(metre: Metre, film: bool = False, **asked: Any) -> tuple[float, int | None, int]:
    """Return seconds, bars and the number of warnings."""
    request = Request(prompt="calm", **asked)
    seconds = asked.get("seconds") or 10.0
    settled, warnings = in_bars(request, replace(SETTLED, seconds=seconds), LIMITS, metre)
    return settled.seconds, settled.bars, len(warnings)


def test_lengths() -> None:
    metre = Metre(120.0, 4)
    assert settle(metre) == (10.0, None, 0)
    assert settle(metre, bars=3) == (6.0, 3, 0)
    assert settle(metre, bars=3, loop=True) == (6.0, 3, 0)
    assert settle(metre, loop=True) == (8.0, 4, 0)
    assert settle(metre, loop=True, seconds=11.2) == (12.0, 6, 1)
    assert settle(metre, loop=True, seconds=12) == (12.0, 6, 0)
    assert settle(metre, loop=True, seconds=1) == (2.0, 1, 1)
    assert settle(Metre(240.0, 2), loop=True, seconds=1.2) == (1.0, 2, 1)
    assert settle(Metre(240.0, 3), loop=True, seconds=1) == (1.5, 2, 1)
    assert settle(Metre(120.0, 4, tune_beats=19.5), loop=True) == (10.0, 5, 0)
    assert settle(Metre(60.0, 4, tune_beats=4000.0), loop=True) == (600.0, 150, 0)


@pytest.mark.parametrize("bars", [1, 1400])
def test_bars_beyond_the_limits(bars: int) -> None:
    with pytest.raises(RequestError, match="bars must be between 2 and 1000 at 400 bpm") as raised:
        settle(Metre(400.0, 4), bars=bars)
    assert "another tempo" in raised.value.hint


def test_intensity_goes_round() -> None:
    sheet = sheet_of(0, 5, 7, 0)
    straight = with_intensity(sheet, (0.0, 1.0), 8.0).intensity
    round_ = with_intensity(sheet, (0.0, 1.0), 8.0, loop=True).intensity
    assert straight[0] < round_[0]
    assert round_[0] == pytest.approx(1 - round_[-1])
    assert round_[0] == pytest.approx(round_[1])
