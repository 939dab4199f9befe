"""Hummed, whistled and sung tunes are the tunes that were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from descant.kernels.pitch_spectrum import FRAME_RATE, SAMPLE_RATE, pitch_spectrum
from descant.models.synthset.voice import CONTROL_RATE, RANGES, VOICES, VoiceKind, fit_range, sing
from descant.models.theory.notes import Note

TUNE = [Note(0.3, 0.6, 60), Note(1.0, 0.5, 64), Note(1.5, 0.5, 64), Note(2.1, 0.7, 67)]


@pytest.mark.parametrize("kind", VOICES)
def test_a_voice_sings_the_notes(kind: VoiceKind) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        notes = fit_range(TUNE, kind, rng)
        take = sing(notes, kind, 3.0, SAMPLE_RATE, rng)
        assert take.samples.shape == (3 * SAMPLE_RATE,)
        assert 0.1 < np.abs(take.samples).max() <= 0.71
        spectrum = pitch_spectrum(take.samples)[0]
        for note in notes:
            at = note.start + 0.6 * note.duration
            assert abs(take.pitch[int(at * CONTROL_RATE)] - note.pitch) < 1.2  # with vibrato
            near = spectrum[:, int(at * FRAME_RATE)]
            place = 3 * (note.pitch - 21) + 1
            overtones = [place + round(36 * np.log2(h)) for h in (1, 2, 3)]
            heard = max(near[max(p - 4, 0) : p + 5].max() for p in overtones)
            assert heard > np.median(near) + 0.1


def test_ranges_are_kept_and_intervals_too() -> None:
    for kind in VOICES:
        moved = fit_range(TUNE, kind, np.random.default_rng(1))
        low, high = RANGES[kind]
        assert all(low <= n.pitch <= high for n in moved)
        assert {m.pitch - n.pitch for m, n in zip(moved, TUNE, strict=True)} == {
            moved[0].pitch - 60
        }
    wide = fit_range([Note(0, 1, 20), Note(1, 1, 110)], "hum", np.random.default_rng(1))
    assert all(45 <= n.pitch <= 72 for n in wide)


def test_a_note_struck_again_is_heard_twice() -> None:
    take = sing(TUNE, "hum", 3.0, SAMPLE_RATE, np.random.default_rng(3))
    level = np.abs(take.samples[: 300 * 220]).reshape(300, 220).max(1)  # about 100 a second
    assert level[146:151].min() < 0.5 * level[110:140].mean()


def test_the_same_seed_sings_the_same() -> None:
    first, second = (sing(TUNE, "sing", 3.0, 22_050, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.samples, second.samples)


def test_no_notes_are_silence_with_breath() -> None:
    take = sing([], "hum", 1.0, SAMPLE_RATE, np.random.default_rng(0))
    assert np.isfinite(take.samples).all()
    assert np.isnan(take.pitch).all()
