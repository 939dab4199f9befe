"""Rendering: determinism, windows and level. Needs tinysoundfont and a soundfont."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from descant.models.synthset.__main__ import main
from descant.models.synthset.compose import compose
from descant.models.synthset.render import SoundfontRenderer, find_soundfont

pytest.importorskip("tinysoundfont", reason="tinysoundfont renders SynthSet")


@pytest.fixture(scope="module")
def renderer() -> SoundfontRenderer:
    try:
        return SoundfontRenderer()
    except FileNotFoundError as error:
        pytest.skip(str(error))


def test_the_same_piece_sounds_the_same_after_another(renderer: SoundfontRenderer) -> None:
    first = renderer.render(compose(5), 3.0, 2.0)
    renderer.render(compose(6), 3.0, 2.0)
    np.testing.assert_array_equal(renderer.render(compose(5), 3.0, 2.0), first)


def test_level_length_and_type(renderer: SoundfontRenderer) -> None:
    for seed in range(4):
        samples = renderer.render(compose(seed), 4.0)
        assert samples.shape == (4 * 44_100,)
        assert samples.dtype == np.float32
        assert np.isfinite(samples).all()
        assert np.abs(samples).max() <= 0.9501
        assert 0.06 < float(np.sqrt(np.mean(samples**2))) < 0.13


def test_a_window_is_a_part_of_the_whole(renderer: SoundfontRenderer) -> None:
    piece = compose(9)
    whole = renderer.render(piece, 8.0)[3 * 44_100 : 6 * 44_100]
    window = renderer.render(piece, 3.0, 3.0)
    likeness = whole @ window / (np.linalg.norm(whole) * np.linalg.norm(window))
    assert likeness > 0.9


def test_onsets_sit_on_the_written_beats(renderer: SoundfontRenderer) -> None:
    piece = compose(2)
    lead = replace(piece, tracks=piece.tracks[:1])
    samples = renderer.render(lead, 4.0)
    note = next(n for n in lead.tracks[0].notes if n.start > 0)
    at = round(note.start * 60 / piece.sheet.tempo_bpm * 44_100)
    before, after = samples[at - 2000 : at - 200], samples[at : at + 3000]
    assert np.abs(np.diff(after)).max() > np.abs(np.diff(before)).max() * 0.5


def test_silence_stays_silent(renderer: SoundfontRenderer) -> None:
    silent = replace(compose(0), tracks=())
    assert not renderer.render(silent, 0.5).any()


def test_missing_and_broken_soundfonts_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="musescore-general-soundfont-small"):
        SoundfontRenderer(tmp_path / "none.sf3")
    broken = tmp_path / "broken.sf3"
    broken.write_bytes(b"RIFF1234sfbk")
    with pytest.raises(ValueError, match="not a soundfont"):
        SoundfontRenderer(broken)


def test_the_command_writes_three_files(renderer: SoundfontRenderer, tmp_path: Path) -> None:
    mido = pytest.importorskip("mido", reason="mido writes the MIDI file")
    assert find_soundfont().is_file()
    out = str(tmp_path / "examples")
    assert main(["--count", "1", "--seed", "3", "--out", out, "--seconds", "2"]) == 0
    stem = tmp_path / "examples" / "train-000003"
    with wave.open(str(stem.with_suffix(".wav"))) as file:
        assert file.getnframes() == 2 * 44_100
    truth = json.loads(stem.with_suffix(".json").read_text())
    assert truth["truth"]["key"] == str(compose(3).truth.key)
    assert len(truth["captions"]) == 6
    midi = mido.MidiFile(str(stem.with_suffix(".mid")))
    assert len(midi.tracks) == 1 + len(compose(3).tracks)
    assert abs(midi.length - compose(3).sheet.seconds) < 3.0
    assert main(["--count", "0", "--out", out]) == 2
