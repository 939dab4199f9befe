"""Melodies from MIDI files: the right voice, tempo and metre, and no file that breaks anything."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from descant.models.theory.notes import Note
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.midi import read_melody, skyline
from descant.runtime.midi_writer import midi_bytes, write_midi
from tests.runtime.midi_files import HOSTILE, saved, scale_notes, tune


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.mid"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(RequestError, match="melody") as refused:
        read_melody(path)
    assert refused.value.hint


@pytest.mark.parametrize("name", ["missing.mid", "", "a\0b.mid", "x" * 5000])
def test_file_that_can_not_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError):
        read_melody(str(tmp_path / name) if name else tmp_path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_damage_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(tune())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("midi") / "damaged.mid"
    path.write_bytes(bytes(content[: data.draw(st.integers(10, len(content)))]))
    try:
        melody = read_melody(path)
    except RequestError:
        return
    assert melody.notes
    assert all(note.duration > 0 for note in melody.notes)


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(1, 16), st.integers(21, 108)), min_size=1, max_size=30),
    tempo=st.floats(40, 220),
    metre=st.sampled_from([3, 4, 5, 6]),
)
@example(steps=[(1, 60)], tempo=120.0, metre=4)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int]],
    tempo: float,
    metre: int,
) -> None:
    notes, now = [], 0.0
    for quarters, pitch in steps:
        notes.append(Note(now, quarters / 4, pitch, 90))
        now += quarters / 4
    path = tmp_path_factory.mktemp("midi") / "tune.mid"
    write_midi(path, {"melody": notes}, tempo, metre)
    melody = read_melody(path)
    assert melody.notes == tuple(notes)
    assert melody.tempo_bpm == pytest.approx(tempo, rel=1e-4)
    assert melody.beats_per_bar == metre


def test_melody_is_found_among_other_voices(tmp_path: Path) -> None:
    chords = [Note(float(b), 4.0, p, 60) for b in (0, 4) for p in (48, 52, 55)]
    bass = [Note(float(b), 1.0, 36, 90) for b in range(8)]
    path = tmp_path / "song.mid"
    path.write_bytes(midi_bytes({"pad": chords, "low": bass, "top": scale_notes()}, 90))
    assert read_melody(path).notes == scale_notes()


def test_chords_become_their_upper_line() -> None:
    block = [Note(float(b), 1.0, p) for b in range(4) for p in (60, 64, 67 + b)]
    assert [note.pitch for note in skyline(block)] == [67, 68, 69, 70]


def test_held_note_ends_where_the_next_begins() -> None:
    first, second = skyline([Note(0, 3, 70), Note(1, 1, 72)])
    assert (first.end, second.start) == (1, 1)


def test_metre_and_tempo(tmp_path: Path) -> None:
    track = mido.MidiTrack(
        [
            mido.MetaMessage("time_signature", numerator=6, denominator=8),
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(60)),
            mido.Message("note_on", note=60, velocity=90, time=0),
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(90), time=480),
            mido.Message("note_off", note=60, time=480 * 7),
        ]
    )
    path = tmp_path / "six.mid"
    path.write_bytes(saved([track]))
    melody = read_melody(path)
    assert melody.beats_per_bar == 3
    assert melody.tempo_bpm == pytest.approx(90, rel=1e-4)


def test_silence_before_the_tune_is_left_out_bar_by_bar(tmp_path: Path) -> None:
    late = [Note(n.start + 9, n.duration, n.pitch, n.velocity) for n in scale_notes()]
    path = tmp_path / "late.mid"
    path.write_bytes(midi_bytes({"melody": late}, 100))
    assert read_melody(path).notes[0].start == 1.0


def test_written_where_nothing_can_be(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_midi(tmp_path / "no" / "a.mid", {"x": scale_notes()}, 100)
