"""Harmonising: the right key, chords that carry the tune, a bass in its register."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.theory.control import CONTROL_CHANNELS, control_track
from descant.models.theory.harmonise import (
    HIGHEST_BASS,
    LOWEST_BASS,
    estimate_key,
    harmonise,
)
from descant.models.theory.notes import Key, Note

TWINKLE = (60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60)
TWINKLE_BEATS = (1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2)


def line(pitches: tuple[int, ...], beats: tuple[float, ...]) -> tuple[Note, ...]:
    """Return notes one after another."""
    notes, now = [], 0.0
    for pitch, duration in zip(pitches, beats, strict=True):
        notes.append(Note(now, float(duration), pitch))
        now += duration
    return tuple(notes)


notes_strategy = st.lists(
    st.builds(
        Note,
        start=st.floats(0, 40, allow_nan=False),
        duration=st.floats(0.05, 8, allow_nan=False),
        pitch=st.integers(0, 127),
        velocity=st.integers(1, 127),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("shift", range(-5, 7))
def test_key_of_a_known_song(shift: int) -> None:
    song = tuple(note.transposed(shift) for note in line(TWINKLE, TWINKLE_BEATS))
    assert estimate_key(song) == Key(shift % 12, "major")


def test_key_of_a_minor_song() -> None:
    # "Greensleeves", its first strain, from the first full bar on.
    pitches = (72, 74, 76, 77, 76, 74, 71, 67, 69, 71, 72, 69, 69, 68, 69, 71, 68, 64, 69)
    beats = (2, 1, 1.5, 0.5, 1, 2, 1, 1.5, 0.5, 1, 2, 1, 1.5, 0.5, 1, 2, 1, 3, 3)
    assert estimate_key(line(pitches, beats), 3) == Key(9, "minor")


def test_chords_of_a_known_song() -> None:
    sheet = harmonise(line(TWINKLE, TWINKLE_BEATS), 100, 4)
    assert sheet.bars == 4
    assert (sheet.chords[0].root, sheet.chords[0].quality) == (0, "maj")
    assert (sheet.chords[-1].root, sheet.chords[-1].quality) == (0, "maj")
    assert {chord.root for chord in sheet.chords} >= {0, 5}
    # On every beat of this song the tune is a chord tone or one passing step.
    strong = [note for note in sheet.notes if note.start % 2 == 0]
    fits = [
        note.pitch % 12 in chord.pitch_classes
        for note in strong
        for chord in sheet.chords
        if chord.start <= note.start < chord.end
    ]
    assert sum(fits) >= len(fits) - 2


def test_dominant_in_minor_is_major() -> None:
    pitches = (69, 72, 76, 72, 68, 71, 76, 71, 69, 72, 76, 72, 69)
    beats = (1,) * 12 + (4,)
    sheet = harmonise(line(pitches, beats), 100, 4, Key(9, "minor"))
    assert (4, "maj") in {(chord.root, chord.quality) for chord in sheet.chords}


@settings(max_examples=60, deadline=None)
@given(notes=notes_strategy, beats=st.integers(2, 7), tonic=st.integers(0, 11))
def test_any_melody_gets_a_whole_sheet(notes: list[Note], beats: int, tonic: int) -> None:
    sheet = harmonise(notes, 120, beats, Key(tonic, "minor"))
    assert sheet.key == Key(tonic, "minor")
    assert sheet.notes == tuple(sorted(notes))
    assert sheet.beats >= max(note.end for note in notes) - 1e-3
    # Chords and bass fill the sheet without gap or overlap.
    chords = [(chord.start, chord.end) for chord in sheet.chords]
    bass = [(note.start, note.end) for note in sheet.bass]
    for spans in (chords, bass):
        assert spans[0][0] == 0
        assert spans[-1][1] == pytest.approx(sheet.beats)
        for (_, end), (start, _) in pairwise(spans):
            assert end == pytest.approx(start)
    assert all(LOWEST_BASS <= note.pitch <= HIGHEST_BASS for note in sheet.bass)
    assert all(0.5 <= level <= 0.75 for level in sheet.intensity)
    assert control_track(sheet, 64, 86.13).shape == (CONTROL_CHANNELS, 64)


@settings(max_examples=30, deadline=None)
@given(notes=notes_strategy, shift=st.integers(-5, 6))
def test_key_moves_with_the_melody(notes: list[Note], shift: int) -> None:
    low = [Note(n.start, n.duration, 40 + n.pitch % 40, n.velocity) for n in notes]
    key = estimate_key(low)
    moved = estimate_key([note.transposed(shift) for note in low])
    # Equal scores are settled by the order of keys, which does not move along.
    if len({note.pitch % 12 for note in low}) > 4:
        assert moved.mode == key.mode or moved.tonic != key.tonic


def test_chords_move_with_the_melody() -> None:
    song = line(TWINKLE, TWINKLE_BEATS)
    plain = harmonise(song, 100, 4, Key(0))
    moved = harmonise([note.transposed(3) for note in song], 100, 4, Key(3))
    assert [(c.start, c.duration, (c.root + 3) % 12, c.quality) for c in plain.chords] == [
        (c.start, c.duration, c.root, c.quality) for c in moved.chords
    ]


def test_nothing_to_harmonise() -> None:
    assert estimate_key([]) == Key(0, "major")
    with pytest.raises(ValueError, match="at least one note"):
        harmonise([], 100)
    with pytest.raises(ValueError, match="beats_per_bar"):
        harmonise([Note(0, 1, 60)], 100, 1)
