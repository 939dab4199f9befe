"""Recordings become melodies: in tune with themselves, on beats, in a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.kernels.note_events import NoteEvent
from descant.models.theory.notes import Key, Note
from descant.runtime import Engine, RequestError
from descant.runtime.cli import main
from descant.runtime.hearing import CHUNK_FRAMES, activations, one_voice
from descant.runtime.midi import read_melody
from descant.runtime.pieces import drain
from descant.runtime.pulse import find_pulse, in_key, on_grid
from descant.runtime.transcribe import TranscribeOptions, transcribe_file
from tests.runtime.sounds import encoded

TUNE = ((0.5, 60), (1.0, 64), (1.5, 67), (2.0, 65), (3.0, 62), (3.5, 60), (4.0, 59), (4.5, 60))
"""Seconds and pitches: eight notes at 120 bpm."""


def played(
    notes: tuple[tuple[float, int], ...] = TUNE, cents: float = 0.0, rate: int = 22_050
) -> NDArray[np.float32]:
    """(N,) plain tones of 0.4 s."""
    samples = np.zeros(int((notes[-1][0] + 1.0) * rate), np.float32)
    for start, pitch in notes:
        hertz = 440.0 * 2.0 ** ((pitch + cents / 100 - 69) / 12)
        count = int(0.4 * rate)
        envelope = np.minimum(1.0, np.minimum(np.arange(count), count - np.arange(count)) / 400)
        wave = 0.3 * envelope * np.sin(2 * np.pi * hertz / rate * np.arange(count))
        samples[int(start * rate) :][:count] += wave.astype(np.float32)
    return samples


@pytest.fixture(scope="module")
def engine(tiny_pack: Path) -> Iterator[Engine]:
    with Engine.open(tiny_pack, threads=1) as opened:
        yield opened


@pytest.fixture
def hummed(tmp_path: Path) -> Path:
    path = tmp_path / "hum.wav"
    path.write_bytes(encoded(played(), 22_050))
    return path


def test_a_tune_is_written_down(engine: Engine, hummed: Path) -> None:
    found = transcribe_file(engine.sessions, hummed, TranscribeOptions(snap_grid=4))
    assert [n.pitch for n in found.heard] == [pitch for _, pitch in TUNE]
    for note, (start, _) in zip(found.heard, TUNE, strict=True):
        assert note.start == pytest.approx(start, abs=0.08)  # by the longer window alone
        assert note.end == pytest.approx(start + 0.4, abs=0.1)
        assert abs(note.cents) < 15
        assert note.velocity > 80
    assert found.tempo_bpm == pytest.approx(120.0, abs=1.0)
    beats = [n.start for n in found.notes]
    assert [b - beats[0] for b in beats] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert str(found.key) == "C major"
    assert found.melody.notes[0].pitch == 60


def test_a_given_tempo_is_taken(engine: Engine, hummed: Path) -> None:
    found = transcribe_file(engine.sessions, hummed, TranscribeOptions(tempo_bpm=90.0))
    assert found.tempo_bpm == 90.0
    step = found.notes[1].start - found.notes[0].start
    assert step == pytest.approx(0.5 * 90 / 60, abs=0.05)


def test_a_voice_out_of_tune_is_heard_relative_to_itself(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "sharp.wav"
    path.write_bytes(encoded(played(cents=33.0), 22_050))
    found = transcribe_file(engine.sessions, path)
    assert [n.pitch for n in found.notes] == [pitch for _, pitch in TUNE]
    assert found.tuning_cents == pytest.approx(33.0, abs=8.0)


def test_wrong_notes_are_moved_into_the_key(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "wrong.wav"
    path.write_bytes(encoded(played((*TUNE, (5.0, 61), (5.5, 60))), 22_050))
    plain = transcribe_file(engine.sessions, path)
    assert plain.notes[8].pitch == 61
    snapped = transcribe_file(engine.sessions, path, TranscribeOptions(snap_key=Key(0, "major")))
    assert snapped.notes[8].pitch in (60, 62)
    assert [n.pitch for n in snapped.notes[:8]] == [pitch for _, pitch in TUNE]


def test_chords_are_kept_when_asked_for(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "chord.wav"
    chord = played(((0.5, 60), (0.5, 67), (1.0, 62), (1.0, 71)))
    path.write_bytes(encoded(chord, 22_050))
    kept = transcribe_file(engine.sessions, path, TranscribeOptions(polyphonic=True))
    assert sorted(n.pitch for n in kept.notes) == [60, 62, 67, 71]
    single = transcribe_file(engine.sessions, path)
    assert len(single.notes) == 2
    assert "too few notes" in single.warnings[-1]


def test_pieces_of_a_long_recording_join_without_a_seam(engine: Engine) -> None:
    rng = np.random.default_rng(0)
    spectrum = rng.random((2, 312, CHUNK_FRAMES + 300)).astype(np.float32) * 1.4
    onset, note, _ = drain(activations(engine.sessions, spectrum))
    whole = engine.sessions["transcriber"].run(spectrum=spectrum[None])
    np.testing.assert_allclose(note, whole["note"][0], atol=1e-6)
    np.testing.assert_allclose(onset, whole["onset"][0], atol=1e-6)


def test_silence_noise_and_damage_are_refused(engine: Engine, tmp_path: Path) -> None:
    damaged = played()
    damaged[500] = np.nan
    cases = {
        "silent": encoded(np.zeros(8000, np.float32), 8000),
        "no note": encoded(played(((0.2, 118), (0.7, 118))), 22_050),  # above all notes
        "no numbers": encoded(damaged, 22_050, subtype="FLOAT"),
        "0 samples": encoded(np.zeros(0, np.float32), 22_050),
        "can't be read": b"this is no sound at all",
        "limit is 600": encoded(np.full(4000 * 601, 0.1, np.float32), 4000, subtype="PCM_U8"),
    }
    for words, content in cases.items():
        path = tmp_path / "x.wav"
        path.write_bytes(content)
        with pytest.raises(RequestError, match=words):
            transcribe_file(engine.sessions, path)


def test_many_channels_and_high_rates_are_heard(engine: Engine, tmp_path: Path) -> None:
    samples = played(TUNE[:4], rate=192_000)
    path = tmp_path / "wide.wav"
    path.write_bytes(encoded(np.stack([samples] * 8, axis=1), 192_000))
    found = transcribe_file(engine.sessions, path)
    assert [n.pitch for n in found.heard] == [pitch for _, pitch in TUNE[:4]]


def test_a_cut_mp3_is_heard_as_far_as_it_goes(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp3"
    whole = encoded(played(), 22_050, "MP3")
    path.write_bytes(whole[: len(whole) // 2])
    found = transcribe_file(engine.sessions, path)
    assert [n.pitch for n in found.heard[:3]] == [60, 64, 67]


def test_a_pack_without_a_transcriber_says_so(audioldm: Engine, hummed: Path) -> None:
    with pytest.raises(RequestError, match="can't transcribe"):
        transcribe_file(audioldm.sessions, hummed)


def test_one_voice_takes_the_stronger_line() -> None:
    tune = [NoteEvent(0, 20, 40, 0.9), NoteEvent(20, 44, 42, 0.8), NoteEvent(40, 60, 44, 0.9)]
    ghosts = [NoteEvent(2, 18, 52, 0.5), NoteEvent(22, 38, 54, 0.4)]
    kept = one_voice(sorted([*tune, *ghosts]))
    assert [(e.row, e.begin, e.end) for e in kept] == [(40, 0, 20), (42, 20, 40), (44, 40, 60)]


@pytest.mark.parametrize("tempo", [72.0, 96.0, 120.0, 140.0])
def test_a_tempo_is_found_up_to_its_octave(tempo: float) -> None:
    rng = np.random.default_rng(3)
    beats = np.cumsum(rng.choice([0.5, 1.0, 1.0, 2.0], 24))
    starts = beats * 60 / tempo + rng.normal(0, 0.015, 24)
    pulse = find_pulse([float(s) for s in starts], [0.3] * 24)
    assert pulse is not None
    ratio = pulse.tempo_bpm / tempo
    assert min(abs(ratio - r) for r in (0.5, 1.0, 2.0)) < 0.02
    assert 0 <= pulse.beats(float(starts[0])) + 0.2 < 1.2


def test_the_grid_keeps_one_note_a_place_and_no_overlap() -> None:
    notes = [Note(0.02, 0.5, 60), Note(0.05, 0.1, 72), Note(0.98, 0.9, 62), Note(1.52, 0.02, 64)]
    placed = on_grid(notes, 4, single=True)
    assert [(n.start, n.duration, n.pitch) for n in placed] == [
        (0.0, 0.5, 60), (1.0, 0.5, 62), (1.5, 0.25, 64),
    ]  # fmt: skip
    assert len(on_grid(notes, 4, single=False)) == 4
    assert in_key(61.4, Key(0, "major")) == 62
    assert in_key(61.0, Key(0, "major")) == 60


def test_the_command_writes_midi(
    tiny_pack: Path, hummed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.mid"
    words = ["melody", "transcribe", str(hummed), "-o", str(target), "--pack", str(tiny_pack)]
    assert main([*words, "--snap-grid", "--snap-key", "C major", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["key"] == "C major"
    melody = read_melody(target)
    assert [n.pitch for n in melody.notes] == [pitch for _, pitch in TUNE]
    assert [n["start"] for n in told["notes"]] == [n.start for n in melody.notes]
    assert main([*words, "--snap-key", "H dur"]) == 2
    assert main([*words[:-2], "--pack", str(tiny_pack), "--tempo", "9000"]) == 2
    assert main(["melody", "transcribe", str(hummed), "-o", str(tmp_path / "a.txt")]) == 2
    assert main(["melody", "transcribe", str(tmp_path / "no.wav"), "-o", str(target)]) == 2
