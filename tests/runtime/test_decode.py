"""Notes out of rolls, soft ends, and the gate that says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from descant.models.theory.notes import Note
from descant.runtime import decode
from descant.runtime.decode import cut, roll_notes, vocode
from descant.runtime.errors import NumericalError
from descant.runtime.health import check_finite, final_findings, raw_findings, texts
from descant.runtime.pack import open_pack
from descant.runtime.pieces import drain
from descant.runtime.providers import choose_provider
from descant.runtime.sessions import Sessions

RATE = 86.1328125


def test_notes_of_a_roll() -> None:
    roll = np.zeros((88, 200), np.float32)
    roll[60 - 21, 10:50] = 0.8
    roll[64 - 21, 100:102] = 0.9  # too short to be a note
    roll[67 - 21, 120:] = 0.25  # below the threshold
    (note,) = drain(roll_notes(roll, RATE, 60.0, 2.0))
    assert note.pitch == 60
    assert note.start == pytest.approx(10 / RATE)
    assert note.duration == pytest.approx(40 / RATE)
    assert 60 < note.velocity < 110


def test_repeated_note_is_two_notes() -> None:
    roll = np.zeros((88, 100), np.float32)
    roll[40] = np.concatenate([np.linspace(0.9, 0.5, 50), np.linspace(0.9, 0.5, 50)])
    first, second = drain(roll_notes(roll, RATE, 60.0, 2.0))
    assert first.end == pytest.approx(50 / RATE)
    assert second.start == pytest.approx(50 / RATE)


def test_notes_end_with_the_clip() -> None:
    roll = np.ones((88, 200), np.float32)
    notes = drain(roll_notes(roll, RATE, 120.0, 1.0))
    assert len(notes) == 88
    assert max(note.end for note in notes) <= 2.01
    assert drain(roll_notes(np.zeros((88, 0), np.float32), RATE, 120.0, 1.0)) == ()
    assert isinstance(notes[0], Note)


def test_soft_ends() -> None:
    clip = cut(np.ones(50000, np.float32), 1.0, 44100)
    assert len(clip) == 44100
    assert clip[0] == 0
    assert abs(clip[-1]) < 1e-6
    assert (clip[300:33000] == 1).all()


def test_gate(rng: np.random.Generator) -> None:
    time = np.arange(44100) / 44100
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    pitches = np.array([220.0, 277.0, 330.0, 440.0])
    chord = np.sin(2 * np.pi * pitches[:, None] * time).sum(0).astype(np.float32)
    noise = rng.standard_normal(44100).astype(np.float32)
    assert texts(drain(raw_findings(tone))) == texts(drain(raw_findings(chord))) == []
    assert "silent" in texts(drain(raw_findings(tone * 1e-4)))[0]
    assert "silent" in texts(drain(raw_findings(np.zeros(44100, np.float32))))[0]
    assert "noise" in texts(drain(raw_findings(noise)))[0]
    assert texts(final_findings(tone[None] * 0.9)) == []
    assert texts(final_findings(np.clip(tone[None] * 2, -1, 1))) == ["the clip is clipped"]
    check_finite(tone, "x")
    tone[5] = np.nan
    with pytest.raises(NumericalError, match="vocoder"):
        check_finite(tone, "vocoder")


@pytest.mark.pack
def test_a_long_clip_is_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    mel = (generator.standard_normal((128, 420)) * 1.5 - 0.5).astype(np.float32)
    roll = np.where(generator.random((88, 420)) > 0.97, np.float32(0.8), np.float32(0.0))
    with open_pack("starter") as pack:
        sessions, audio = Sessions(pack, choose_provider("cpu")), pack.spec.pipeline.audio
        whole = drain(vocode(sessions, mel, roll, audio))
        monkeypatch.setattr(decode, "PIECE_FRAMES", 100)
        pieces = drain(vocode(sessions, mel, roll, audio))
    assert len(whole) == 420 * audio.hop_length
    np.testing.assert_allclose(pieces, whole, atol=1e-5 * float(np.abs(whole).max()))
