"""The small synthesizer: in tune, in time, band-limited, without clicks, as loud as the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from descant.models.theory.harmonise import harmonise
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime.loudness import integrated_loudness
from descant.runtime.pieces import drain
from descant.runtime.preview import LEAD, play_sheet, preview_notes, table
from descant.runtime.true_peak import true_peak

RATE = 44_100


def sheet_of(*notes: Note, bpm: float = 120.0, intensity: float = 0.3) -> LeadSheet:
    """Return a harmonised melody."""
    made = harmonise(notes, bpm, 4, Key(0))
    return LeadSheet(made.key, bpm, 4, made.notes, made.chords, made.bass, (intensity,) * made.bars)


def alone(*notes: Note) -> LeadSheet:
    """Return a melody with nothing under it, two bars long."""
    return LeadSheet(Key(0), 120.0, 4, notes, (), (), (0.3, 0.3))


def play(sheet: LeadSheet, seconds: float = 4.0, loop: bool = False) -> NDArray[np.float32]:
    return drain(play_sheet(sheet, round(seconds * RATE), RATE, loop))


@pytest.mark.parametrize("pitch", [40, 57, 69, 84, 100])
def test_notes_are_in_tune(pitch: int) -> None:
    samples = play(alone(Note(0, 6, pitch)))[0, : 2 * RATE]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    hertz = float(spectrum.argmax()) * RATE / len(samples)
    assert hertz == pytest.approx(440 * 2 ** ((pitch - 69) / 12), abs=0.6)


def test_notes_begin_where_they_are_written() -> None:
    samples = play(alone(Note(2, 1, 72)))[0]  # at one second
    before, after = samples[: RATE - 100], samples[RATE : RATE + 2000]
    assert np.abs(before).max() < 1e-6
    assert np.abs(after).max() > 0.1


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.builds(Note, st.floats(0, 14), st.floats(0.1, 4), st.integers(30, 100)),
        min_size=1, max_size=30,
    ),
    st.floats(60, 200),
    st.floats(0, 1),
    st.floats(1, 8),
)  # fmt: skip
def test_any_sheet_is_played_without_harm(
    notes: list[Note], bpm: float, intensity: float, seconds: float
) -> None:
    samples = play(sheet_of(*sorted(notes), bpm=bpm, intensity=intensity), seconds)
    assert samples.shape == (1, round(seconds * RATE))
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()
    assert true_peak(samples) <= 10 ** (-1.0 / 20)


def test_loudness() -> None:
    notes = [Note(i, 1, 60 + 2 * (i % 5)) for i in range(16)]
    samples = play(sheet_of(*notes), 8.0)
    assert -16.0 < integrated_loudness(samples, RATE) < -13.9


def test_nothing_is_mirrored_at_half_the_sample_rate() -> None:
    """A table has no harmonic above its limit, whatever the pitch."""
    for hertz in (100.0, 1000.0, 4000.0, 8000.0):
        spectrum = np.abs(np.fft.rfft(table(LEAD.harmonics, hertz, RATE)))
        heard = np.flatnonzero(spectrum > 1e-3 * spectrum.max())
        assert heard.max() * hertz < 0.45 * RATE


def test_nothing_clicks() -> None:
    samples = play(sheet_of(*(Note(i, 0.9, 48 + 3 * i) for i in range(8))))[0]
    steps = np.abs(np.diff(samples))
    assert steps.max() < 0.15
    assert np.abs(samples[-10:]).max() < 1e-3


def test_a_loop_rings_on_into_its_beginning() -> None:
    sheet = alone(Note(7.5, 0.5, 72))  # ends with the second bar
    open_end, ring = play(sheet), play(sheet, loop=True)
    assert np.abs(open_end[0, :1000]).max() < 1e-6
    assert np.abs(ring[0, :1000]).max() > 1e-3
    assert abs(float(ring[0, 0] - ring[0, -1])) < 0.05


def test_ticks_only_where_the_music_is_strong() -> None:
    notes = [Note(0, 8, 60)]
    quiet, strong = (sheet_of(*notes, intensity=level) for level in (0.3, 0.9))
    high = [np.abs(np.fft.rfft(play(sheet)[0])[16_000:30_000]).sum() for sheet in (quiet, strong)]
    assert high[1] > 10 * high[0]


def test_notes_that_are_told() -> None:
    sheet = sheet_of(Note(0, 1, 60), Note(4, 1, 64))
    told = preview_notes(sheet, 4.0)
    assert Note(0, 1, 60) in told
    assert all(note.start < 4.0 for note in told)
    assert len(told) > 3  # chords and bass as well
