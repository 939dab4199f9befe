"""Melodies to text, ids and MIDI files, and back."""

from __future__ import annotations

import io

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.models.melody_midi import midi_to_parts, notes_to_midi
from descant.models.melody_text import (
    BINS,
    PITCHES,
    VOCABULARY,
    MelodyTextError,
    Part,
    TimedNote,
    bin_to_seconds,
    ids_to_text,
    melody_counts,
    parts_to_text,
    seconds_to_bin,
    text_to_ids,
    text_to_notes,
)

SCALE = "<C4>,<169>,<79>|<D4>,<129>,<79>|<E4>,<233>,<129>|<F4>,<105>,<79>"


def test_the_vocabulary_is_the_published_one() -> None:
    assert len(VOCABULARY) == len(set(VOCABULARY)) == 655
    places = {"<s>": 0, "|": 4, "<0>": 5, "<100>": 6, "<99>": 515, "<A#-1>": 517, "<eop>": 654}
    assert {token: VOCABULARY.index(token) for token in places} == places


@settings(deadline=None)
@given(st.integers(0, BINS - 1))
def test_a_bin_and_its_time_tell_the_same(index: int) -> None:
    assert seconds_to_bin(bin_to_seconds(index)) == index


@settings(deadline=None)
@given(st.floats(-0.3, 6.0))
def test_a_time_is_kept_to_half_a_bin(seconds: float) -> None:
    step = 0.7 * (10 ** (1 / 511) - 1) * (seconds + 1) / 0.7
    assert bin_to_seconds(seconds_to_bin(seconds)) == pytest.approx(seconds, abs=0.51 * step + 6e-4)


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_any_time_has_a_bin(seconds: float) -> None:
    assert 0 <= seconds_to_bin(seconds) < BINS


_BIN = st.integers(0, BINS - 1)
_TRIPLETS = st.lists(st.tuples(st.integers(0, 127), _BIN, _BIN), max_size=30)


def _text(triplets: list[tuple[int, int, int]]) -> str:
    return "|".join(f"{PITCHES[pitch]},<{length}>,<{gap}>" for pitch, length, gap in triplets)


@settings(deadline=None)
@given(_TRIPLETS)
def test_ids_are_reversible(triplets: list[tuple[int, int, int]]) -> None:
    text = _text(triplets)
    ids = text_to_ids(text)
    assert ids_to_text(ids) == text
    assert len(ids) == max(6 * len(triplets), 1)


@settings(deadline=None)
@given(st.text())
def test_any_text_has_ids(text: str) -> None:
    assert all(0 <= i < 655 for i in text_to_ids(text))


@settings(deadline=None)
@given(_TRIPLETS)
def test_notes_lie_where_their_bins_say(triplets: list[tuple[int, int, int]]) -> None:
    notes, end = text_to_notes(_text(triplets)), 0.0
    for note, (pitch, length, gap) in zip(notes, triplets, strict=True):
        assert note.pitch == pitch
        assert note.start == max(end + bin_to_seconds(gap), 0.0)
        assert note.end - note.start == pytest.approx(max(bin_to_seconds(length), 0.0))
        end = note.end


@pytest.mark.parametrize(
    "text",
    ["<C4>", "<C4>,<100>", "<C4>,<100>,<512>", "<H4>,<1>,<1>", "<G#9>,<1>,<1>", "|", "C4,100,79",
     SCALE + "|", "<C4>,<100>,<79>,<79>", "<C4>, <100>, <79>"],
)  # fmt: skip
def test_text_that_is_no_melody_is_refused(text: str) -> None:
    with pytest.raises(MelodyTextError, match="note"):
        text_to_notes(text)


def test_an_empty_melody_has_no_notes() -> None:
    assert text_to_notes(" \n") == ()
    assert parts_to_text([]) == ""
    assert midi_to_parts(notes_to_midi(())) == ()


def test_a_pitch_beyond_midi_is_refused() -> None:
    with pytest.raises(MelodyTextError, match="128"):
        parts_to_text([Part((TimedNote(128, 0.0, 1.0),))])


@pytest.mark.parametrize("ids", [[0, 655], [-1]])
def test_ids_outside_the_vocabulary_are_refused(ids: list[int]) -> None:
    with pytest.raises(MelodyTextError):
        ids_to_text(ids)
    with pytest.raises(MelodyTextError):
        melody_counts(ids)


def test_only_the_first_thousand_ids_count() -> None:
    counts = melody_counts([0] + [7] * 1200)
    assert counts.dtype == np.float32
    assert (counts[0], counts[7], counts.sum()) == (1.0, 999.0, 1000.0)
    assert melody_counts(()).sum() == 0.0


def test_a_written_file_reads_back_as_the_same_text() -> None:
    notes = text_to_notes(SCALE)
    (part,) = midi_to_parts(notes_to_midi(notes))
    assert parts_to_text([part]) == SCALE
    for read, written in zip(part.notes, notes, strict=True):
        assert (read.pitch, read.start, read.end) == pytest.approx(
            (written.pitch, written.start, written.end), abs=1e-9
        )


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 127), st.integers(0, 3000), st.integers(0, 3000)), max_size=20
    )
)
def test_a_written_file_holds_every_note(rows: list[tuple[int, int, int]]) -> None:
    notes, now = [], 0
    for pitch, length, gap in rows:  # a note-off ends all notes of its pitch: none may overlap
        begin = now + gap
        now = begin + max(length, 1)
        notes.append(TimedNote(pitch, begin / 1000, now / 1000))
    parts = midi_to_parts(notes_to_midi(notes))
    read = [note for part in parts for note in part.notes]
    assert [(n.pitch, round(n.start, 6), round(n.end, 6)) for n in read] == [
        (n.pitch, n.start, n.end) for n in notes
    ]


def test_a_note_without_length_can_be_heard() -> None:
    (part,) = midi_to_parts(notes_to_midi([TimedNote(60, 1.0, 1.0)]))
    assert part.notes[0].end == pytest.approx(1.001)


def _film_frames() -> bytes:
    buffer = io.BytesIO()
    mido.MidiFile(tracks=[mido.MidiTrack()]).save(file=buffer)
    content = buffer.getvalue()
    return content[:12] + b"\xe7\x28" + content[14:]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a MIDI file"),
        (b"RIFF....", "not a MIDI file"),
        (b"MThd", "damaged"),
        (notes_to_midi(text_to_notes(SCALE))[:-20], "damaged"),
        (_film_frames(), "film frames"),
    ],
)
def test_damaged_midi_files_are_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(MelodyTextError, match=complaint):
        midi_to_parts(content)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tail: bytes) -> None:
    head = notes_to_midi(text_to_notes(SCALE))[:22]
    try:
        parts = midi_to_parts(head + tail)
    except MelodyTextError:
        return
    assert all(note.end >= note.start for part in parts for note in part.notes)
