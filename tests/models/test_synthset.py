"""SynthSet composes what it says it composes."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from random import Random

import numpy as np
import pytest

from descant.models.synthset import arrange, drums, melody
from descant.models.synthset.compose import Piece, Split, compose
from descant.models.synthset.genres import GENRES, MOODS
from descant.models.synthset.harmony import (
    BLUES_TURNS,
    BRIDGES,
    CADENCES,
    PROGRESSIONS,
    degree,
    phrase_chords,
    twice_as_fast,
    voicing,
)
from descant.models.synthset.roll import sounding_roll
from descant.models.theory import words
from descant.models.theory.control import CONTROL_CHANNELS, control_track
from descant.models.theory.notes import Key
from descant.models.theory.sheet import Chord

SPLITS: tuple[Split, Split] = ("train", "test")


@lru_cache(maxsize=1)
def pieces() -> tuple[Piece, ...]:
    return tuple(compose(seed, split) for split in SPLITS for seed in range(60))


def test_vocabulary_and_tables_agree() -> None:
    assert set(GENRES) == set(words.GENRES)
    assert len(words.GENRES) >= 16
    assert set(MOODS) == set(words.MOODS)
    assert len(words.LEADS) >= 24
    assert len(set(words.LEADS.values())) == len(words.LEADS)
    for genre in GENRES.values():
        assert set(genre.leads) <= set(words.LEADS)
        assert set(genre.moods) <= set(words.MOODS)
        assert genre.harmony in PROGRESSIONS
        assert genre.melody in melody.STYLES
        steps = genre.beats * 4
        assert all(len(arrange.BASSES[name]) == steps for name in genre.basses)
        assert all(len(arrange.COMPS[name]) == steps for name, _ in genre.comps)
        for name in genre.grooves:
            assert {len(pattern) for pattern in drums.GROOVES[name].values()} == {steps}


def test_every_tempo_has_words() -> None:
    for genre in GENRES.values():
        for tempo in range(genre.tempo[0], genre.tempo[1] + 1):
            assert words.tempo_words(tempo), tempo


def test_every_progression_is_readable() -> None:
    for mode in ("major", "minor"):
        lines = [line for family in PROGRESSIONS.values() for line in family[mode]]
        for line in (*lines, *BRIDGES[mode], *BLUES_TURNS[mode]):
            for text in (line, twice_as_fast(line)):
                chords = phrase_chords(text, Key(2, mode), 8.0, 4)
                assert chords[0].start == 8.0
                assert chords[-1].end == 24.0
                assert all(a.end == b.start for a, b in itertools.pairwise(chords))
        assert all(len(line.split()) == 2 for line in CADENCES[mode])


def test_degrees() -> None:
    assert degree("bVII", "major") == (10, "maj")
    assert degree("VII", "minor") == (10, "maj")
    assert degree("ii7", "major") == (2, "min7")
    assert degree("iih", "minor") == (2, "m7b5")
    assert degree("V7", "minor") == (7, "dom7")
    with pytest.raises(ValueError, match="not a degree"):
        degree("H", "major")


def test_voicing_stays_in_the_octave_below_its_ceiling() -> None:
    for ceiling in range(55, 66):
        for root in range(12):
            tones = voicing(Chord(0, 4, root, "min7"), ceiling)
            assert len(tones) == 4
            assert ceiling - 12 < tones[0]
            assert tones[-1] <= ceiling
            assert {tone % 12 for tone in tones} == set(Chord(0, 4, root, "min7").pitch_classes)


def test_composing_is_the_same_in_every_process() -> None:
    code = (
        "import hashlib; from descant.models.synthset.compose import compose; "
        "print(hashlib.sha256(repr([compose(s, 'test') for s in range(4)]).encode()).hexdigest())"
    )
    want = hashlib.sha256(repr([compose(s, "test") for s in range(4)]).encode()).hexdigest()
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == want


def test_seeds_and_splits_differ() -> None:
    assert compose(1) != compose(2)
    assert compose(1).sheet != compose(1, "test").sheet


def test_notes_are_playable() -> None:
    for piece in pieces():
        total = piece.sheet.beats
        assert piece.tracks[0].role == "lead"
        assert piece.tracks[0].program == words.LEADS[piece.truth.lead]
        for track in piece.tracks:
            assert 0 < track.gain <= 1
            ends: dict[int, float] = {}
            for note in track.notes:
                assert 0 <= note.start < note.end <= total + 1e-6
                assert 21 <= note.pitch <= 108
                assert 1 <= note.velocity <= 127
                assert ends.get(note.pitch, 0.0) <= note.start + 1e-6
                ends[note.pitch] = note.end


def test_the_lead_is_on_top_alone_and_sings_most_of_the_time() -> None:
    for piece in pieces():
        tune = piece.sheet.notes
        others = [
            note.pitch
            for track in piece.tracks
            if not track.is_drum and track.role != "lead"
            for note in track.notes
        ]
        assert max(others) < min(note.pitch for note in tune)
        assert all(59 <= note.pitch <= 87 for note in tune)
        assert all(a.end <= b.start + 1e-6 for a, b in itertools.pairwise(tune))
        assert sum(note.duration for note in tune) >= 0.65 * piece.sheet.beats


def test_sheets_cover_the_form() -> None:
    for piece in pieces():
        sheet = piece.sheet
        assert 16 <= sheet.bars <= 24
        assert sheet.seconds >= 14
        assert sheet.chords[0].root == sheet.key.tonic == sheet.chords[-1].root
        assert sheet.chords[-1].end == sheet.beats
        assert all(0 <= level <= 1 for level in sheet.intensity)
        assert all(28 <= note.pitch <= 51 for note in sheet.bass)


def test_melodies_come_home() -> None:
    """Nearly all: at the edge of its range a melody may close on another tone of the chord."""
    home = [p.sheet.notes[-1].pitch % 12 == p.sheet.key.tonic for p in pieces()]
    assert np.mean(home) > 0.9


def test_the_timing_is_nearly_the_written_one() -> None:
    for piece in pieces()[:20]:
        lead = piece.tracks[0].notes
        seconds = 60 / piece.sheet.tempo_bpm
        written = [note.start * seconds for note in piece.sheet.notes]
        for note in lead:
            assert min(abs(note.start * seconds - at) for at in written) <= 0.0081


def test_intensity_is_heard_in_the_arrangement() -> None:
    loud: list[float] = []
    quiet: list[float] = []
    for piece in pieces():
        bars = np.asarray(piece.sheet.intensity)
        mass = np.zeros(len(bars))
        for track in piece.tracks:
            for note in track.notes:
                bar = min(int(note.start // piece.sheet.beats_per_bar), len(bars) - 1)
                mass[bar] += note.velocity * track.gain
        mass = mass.reshape(-1, 4)[:, :3].sum(1)  # the closing bar of a phrase is always calmer
        level = bars.reshape(-1, 4)[:, :3].sum(1)
        loud.append(mass[level.argmax()])
        quiet.append(mass[level.argmin()])
    assert np.mean(loud) > 1.08 * np.mean(quiet)  # measured 1.16


def test_rhythms_of_the_test_split_are_new() -> None:
    rng = Random(0)
    for style in melody.STYLES:
        phrase = melody.make_phrase(rng, style, 4, held_out=False)
        assert not any(melody.is_held_out(motif.rhythm) for motif in phrase.motifs.values())
        test = melody.make_phrase(rng, style, 4, held_out=True)
        assert melody.is_held_out(test.motifs["a"].rhythm)


def test_genres_leads_and_keys_are_spread() -> None:
    truths = [piece.truth for piece in pieces()]
    assert len({truth.genre for truth in truths}) >= 20
    assert len({truth.lead for truth in truths}) >= 30
    assert len({truth.key for truth in truths}) >= 20
    modes = Counter(truth.key.mode for truth in truths)
    assert min(modes.values()) > len(truths) / 4


def test_the_roll_holds_every_pitched_note() -> None:
    piece = compose(3)
    roll = sounding_roll(piece, 400, 86.1328125, 2.0)
    assert roll.shape == (88, 400)
    assert roll.dtype == np.float32
    assert roll.max() <= 1.0
    assert set(np.unique(roll > 0)) == {False, True}
    assert roll[roll > 0].min() >= 0.4
    track = control_track(piece.sheet, 400, 86.1328125, 2.0)
    assert track.shape == (CONTROL_CHANNELS, 400)
    written = track[:88] > 0  # the melody's frames, but for the human timing, are in the roll
    assert (roll[written] > 0).mean() > 0.93
