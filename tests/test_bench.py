"""The benchmark's measures, on signals whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

librosa = pytest.importorskip("librosa", reason="librosa is not installed")
pytest.importorskip("mir_eval", reason="mir_eval is not installed")

from descant.export.evaluation.keys import measure_key  # noqa: E402
from descant.export.evaluation.melody import in_seconds, note_score, top_line  # noqa: E402
from descant.export.evaluation.tempo import measure_tempo, onset_strength, same_tempo  # noqa: E402
from descant.export.evaluation.transcribe import Decoding, Heard, decode  # noqa: E402
from descant.models.theory.notes import Key, Note  # noqa: E402
from tests.bench.figures import Figure, table  # noqa: E402
from tests.bench.looks import NEAR, grid_share  # noqa: E402

RATE = 44100


def tone(pitch: int, seconds: float) -> NDArray[np.float32]:
    """(N,) a plucked note with three harmonics."""
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * hertz * k * time) / k for k in (1, 2, 3))
    return np.asarray(0.2 * wave * np.exp(-3 * time), np.float32)


@pytest.mark.parametrize("bpm", [70.0, 101.0, 128.0])
def test_tempo_of_clicks(bpm: float, rng: np.random.Generator) -> None:
    samples = rng.standard_normal(10 * RATE, np.float32) * np.float32(1e-4)
    for beat in np.arange(0.0, 9.9, 60.0 / bpm):
        begin = int(beat * RATE)
        samples[begin : begin + 800] += rng.standard_normal(800, np.float32) * np.float32(0.3)
    assert same_tempo(measure_tempo(samples, RATE), bpm, tolerance=0.02)


def test_the_beat_tracker_meets_one_type_only(rng: np.random.Generator) -> None:
    samples = rng.standard_normal(RATE)
    assert samples.dtype == np.float64
    assert onset_strength(samples.astype(np.float32), RATE).dtype == np.float32
    assert onset_strength(samples, RATE).dtype == np.float32


@pytest.mark.parametrize(
    ("measured", "same"),
    [(100, True), (103.9, True), (104.5, False), (50, True), (200, True), (300, True),
     (33.3, True), (150, False), (66.7, False), (float("nan"), False)],
)  # fmt: skip
def test_octaves_are_forgiven(measured: float, same: bool) -> None:
    assert same_tempo(measured, 100.0) is same


@pytest.mark.parametrize("name", ["C major", "F# minor", "Bb major", "A minor"])
def test_key_of_a_cadence(name: str) -> None:
    key = Key.parse(name)
    third = 4 if key.mode == "major" else 3
    dominant = (7, 11, 14)
    subdominant = (5, 5 + third, 12)
    chords = ((0, third, 7), subdominant, dominant, (0, third, 7), (0, third, 7))
    root = 60 + key.tonic
    samples = np.concatenate([sum(tone(root + s, 1.0) for s in chord) for chord in chords])
    assert measure_key(samples, RATE) == key


def test_note_score_of_the_same_and_of_other_notes() -> None:
    asked = in_seconds([Note(i, 1.0, 60 + i) for i in range(8)], 120.0)
    late = [Heard(n.start + 0.09, n.end, n.pitch, 1.0) for n in asked]
    too_late = [Heard(n.start + 0.12, n.end, n.pitch, 1.0) for n in asked]
    assert note_score(asked, asked).f1 == 1.0
    assert note_score(asked, late).f1 == 1.0
    assert note_score(asked, too_late).f1 == 0.0
    assert note_score(asked, []).f1 == 0.0
    half = note_score(asked, asked[:4])
    assert (half.precision, half.recall) == (1.0, 0.5)


def test_top_line_leaves_the_accompaniment_out() -> None:
    tune = [Heard(0.0, 1.0, 72, 0.9), Heard(1.0, 2.0, 67, 0.9)]
    under = [Heard(0.0, 2.0, 48, 0.9), Heard(0.01, 1.0, 67, 0.9)]
    doubt = [Heard(1.0, 2.0, 84, 0.1)]
    assert top_line([*tune, *under, *doubt], lowest_pitch=60) == tune


def test_decoder_reads_notes_from_activations() -> None:
    notes, onsets = np.zeros((2, 100, 88), np.float32)
    for begin, row in ((10, 40), (50, 40), (30, 44)):
        notes[begin : begin + 20, row] = 0.8
        onsets[begin - 1 : begin + 2, row] = (0.3, 0.9, 0.4)
    heard = decode(notes, onsets, Decoding())
    assert [(round(n.start * 22050 / 256), n.pitch) for n in heard] == [
        (10, 61),
        (30, 65),
        (50, 61),
    ]
    assert all(n.end - n.start == pytest.approx(20 * 256 / 22050) for n in heard)


def test_grid_share_counts_onsets_near_the_grid() -> None:
    step = 0.125
    times = np.arange(40) * step
    assert grid_share(times + 0.9 * NEAR, step) == 1.0
    assert grid_share(times + 0.06, step) == 0.0
    assert grid_share([], step) == 0.0


def test_table_says_what_was_missed() -> None:
    figures = [
        Figure("a", "share", 0.5, "%", at_least=0.6),
        Figure("a", "seconds", 1.25, "s", at_most=1.5),
        Figure("b", "nothing asked", 3.0),
        Figure("b", "no data", float("nan"), at_least=1.0),
    ]
    assert [f.verdict for f in figures] == ["MISSED", "ok", "", "not measured"]
    lines = table(figures).splitlines()
    assert "50.0 %" in lines[2]
    assert lines[2].endswith("MISSED")
    assert "≤ 1.500 s" in lines[3]
    assert lines[4] == ""
