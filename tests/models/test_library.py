"""The melody library: exact round trip, and refusal of damaged files."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.models.library import TICKS, LibraryEntry, pack_library, unpack_library
from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import CHORD_QUALITIES, Chord, LeadSheet

ticks = st.integers(0, 64 * TICKS).map(lambda t: t / TICKS)
lengths = st.integers(1, 8 * TICKS).map(lambda t: t / TICKS)
notes = st.builds(Note, ticks, lengths, st.integers(0, 127), st.integers(1, 127))
chords = st.builds(
    Chord, ticks, lengths, st.integers(0, 11), st.sampled_from(list(CHORD_QUALITIES))
)
sheets = st.builds(
    LeadSheet,
    st.builds(Key, st.integers(0, 11), st.sampled_from(["major", "minor"])),
    st.sampled_from([60.0, 92.5, 180.0]),
    st.integers(2, 7),
    st.lists(notes, max_size=6).map(tuple),
    st.lists(chords, max_size=6).map(tuple),
    st.lists(notes, max_size=6).map(tuple),
    st.lists(st.integers(0, 255).map(lambda v: v / 255), min_size=1, max_size=5).map(tuple),
)
entries = st.builds(
    LibraryEntry, sheets, st.just("jazz"), st.sampled_from(["sad", "calm"]), st.just("oboe")
)


def make_entry() -> LibraryEntry:
    note = Note(0.0, 1.0, 60, 90)
    sheet = LeadSheet(Key(0), 100.0, 4, (note,), (Chord(0.0, 4.0, 0),), (note,), (0.5,))
    return LibraryEntry(sheet, "folk", "happy", "flute")


@given(st.lists(entries, min_size=1, max_size=5))
def test_round_trip_is_exact(melodies: list[LibraryEntry]) -> None:
    library = unpack_library(pack_library(melodies, "MIT"))
    assert len(library) == len(melodies)
    assert [library[i] for i in range(len(library))] == melodies
    assert library.licence == "MIT"


def test_bytes_do_not_depend_on_when_they_are_made() -> None:
    first = unpack_library(pack_library([make_entry()], "MIT"))
    assert first[0].title == "happy folk melody in C major"


@pytest.mark.parametrize("content", [b"", b"not a zip", pack_library([make_entry()], "x")[:200]])
def test_damaged_files_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack_library(content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tonic", np.array([12], np.uint8)),
        ("tempo", np.array([np.nan], np.float32)),
        ("chord_quality", np.array([200], np.uint8)),
        ("note_pitch", np.array([200], np.uint8)),
        ("note_count", np.array([7], np.uint16)),
        ("genre", np.array([3], np.uint8)),
        ("minor", np.array([0.5], np.float32)),
        ("stranger", np.array([0])),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name: str, value: np.ndarray[Any, Any]) -> None:
    with np.load(io.BytesIO(pack_library([make_entry()], "x"))) as file:
        arrays = dict(file.items())
    arrays[name] = value
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with pytest.raises(ValueError, match="melody library"):
        unpack_library(buffer.getvalue())


def test_pickled_arrays_are_refused() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, tonic=np.array([{"a": 1}], object))
    with pytest.raises(ValueError, match="damaged"):
        unpack_library(buffer.getvalue())


def test_index_out_of_range() -> None:
    library = unpack_library(pack_library([make_entry()], "x"))
    with pytest.raises(IndexError, match="1 melodies"):
        library[1]
