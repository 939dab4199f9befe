"""Loops from request to file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.models.theory.notes import Key
from descant.models.theory.sheet import Chord, LeadSheet
from descant.runtime import Clip, Engine, Note, Request, RequestError, replay
from descant.runtime.cli import main
from descant.runtime.loop_decode import decode_ring, normalising_ring, vocode_ring
from descant.runtime.loop_seam import bar_lines, phase_distance, seam_score
from descant.runtime.loudness import integrated_loudness
from descant.runtime.pieces import drain
from descant.runtime.true_peak import true_peak
from descant.runtime.wav import wav_loop
from tests.runtime.cli_helpers import Capture, refused
from tests.runtime.midi_files import scale_notes, tune

RATE = 44_100


@pytest.fixture(scope="module")
def clip(tiny_engine: Engine) -> Clip:
    """Return a loop of two bars."""
    return tiny_engine.generate(
        Request(prompt="calm piano", tempo_bpm=173.0, bars=2, loop=True, seed=4)
    )


def length(clip: Clip) -> int:
    return int(clip.samples.shape[1])


def test_length_is_exact(clip: Clip) -> None:
    assert clip.sheet is not None
    beats = 2 * clip.sheet.beats_per_bar
    assert length(clip) == round(beats * 60 / 173 * RATE)
    assert clip.loop
    assert clip.seam_score is not None
    assert clip.sheet.bars == 2
    assert clip.receipt["request"]["bars"] == 2
    assert clip.receipt["request"]["loop"] is True
    assert clip.receipt["request"]["seconds"] is None
    assert clip.receipt["seam_score"] == pytest.approx(clip.seam_score, abs=1e-4)
    assert all(note.start < beats for note in clip.notes)


def test_same_request_same_loop(tiny_engine: Engine, clip: Clip) -> None:
    again = tiny_engine.generate(clip.request)
    np.testing.assert_array_equal(again.samples, clip.samples)


def test_bars_alone_set_the_length(tiny_engine: Engine) -> None:
    request = Request(prompt="calm piano", tempo_bpm=173.0, bars=2, seed=4)
    made = tiny_engine.generate(request)
    assert made.sheet is not None
    assert length(made) == round(2 * made.sheet.beats_per_bar * 60 / 173 * RATE)
    assert not made.loop
    assert np.abs(made.samples[:, -20:]).max() < 1e-2  # it fades out, as clips do


def test_tempo_of_the_prompt_counts(tiny_engine: Engine) -> None:
    made = tiny_engine.generate(Request(prompt="4/4 at 150 bpm", bars=1, loop=True, seed=1))
    assert length(made) == round(4 * 60 / 150 * RATE)


def test_seconds_become_bars(tiny_engine: Engine) -> None:
    request = Request(prompt="4/4", tempo_bpm=120, seconds=3, loop=True, seed=1)
    made = tiny_engine.generate(request)
    assert length(made) == 2 * 2 * RATE
    assert any("2 at 120 bpm last 4.000 s, not 3 s" in text for text in made.warnings)


def test_given_tune_gives_the_length(tiny_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(tune(bars=2, tempo_bpm=180.0))
    for melody in (tmp_path / "a.mid", scale_notes(2)):
        request = Request(melody=melody, tempo_bpm=180, loop=True, seed=1)
        made = tiny_engine.generate(request)
        assert length(made) == round(8 * 60 / 180 * RATE)
        assert made.sheet is not None
        assert made.sheet.notes == scale_notes(2)
    longer = tiny_engine.generate(Request(melody=scale_notes(2), bars=3, loop=True, seed=1))
    assert longer.sheet is not None
    assert [n.pitch for n in longer.sheet.notes] == [n.pitch for n in scale_notes(3)]


def test_given_sheet_keeps_its_chords(tiny_engine: Engine) -> None:
    home = Chord(0.0, 4.0, 0), Chord(4.0, 2.0, 7), Chord(6.0, 2.0, 0)
    bass = (Note(0.0, 8.0, 36),)
    sheet = LeadSheet(Key(0), 180.0, 4, scale_notes(2), home, bass, (0.5, 0.5))
    made = tiny_engine.generate(Request(melody=sheet, loop=True, seed=1))
    assert made.sheet == sheet
    assert length(made) == round(8 * 60 / 180 * RATE)


@pytest.mark.parametrize("melody", [None, (Note(1.0, 1.0, 60), Note(3.0, 1.9, 67))])
def test_loop_is_replayed(
    tiny_engine: Engine, tmp_path: Path, melody: tuple[Note, ...] | None
) -> None:
    request = Request(prompt="4/4 calm", melody=melody, bars=2, loop=True, tempo_bpm=150, seed=3)
    path = tiny_engine.generate(request).save(tmp_path / "a.wav")
    again = replay(path, tiny_engine)
    assert again.verdict == "identical"
    assert again.clip.loop


def test_loop_composes(tiny_engine: Engine) -> None:
    request = Request(
        prompt="4/4", tempo_bpm=140, bars=2, loop=True, seed=1, count=2, intensity=(0.1, 0.9)
    )
    clips = tiny_engine.generate_many(request)
    assert [c.seed for c in clips] == [1, 2]
    assert length(clips[0]) == length(clips[1]) == round(8 * 60 / 140 * RATE)
    assert clips[0].sheet is not None
    assert clips[0].sheet.intensity == pytest.approx((0.5, 0.5), abs=0.4)


def test_loop_goes_with_a_film(tiny_engine: Engine, files: Path) -> None:
    request = Request(video=files / "film.mp4", tempo_bpm=120, loop=True, seed=1)
    made = tiny_engine.generate(request)
    assert made.sheet is not None
    assert length(made) % (made.sheet.beats_per_bar * RATE // 2) == 0


@pytest.mark.parametrize("bars", [25, 80])
def test_long_loops(tiny_engine: Engine, bars: int) -> None:
    made = tiny_engine.generate(Request(prompt="4/4", tempo_bpm=120, bars=bars, loop=True, seed=1))
    assert length(made) == bars * 2 * RATE
    assert made.seam_score is not None


def ring_of(latents: NDArray[np.float32], engine: Engine) -> NDArray[np.float32]:
    """Return the samples of a ring of latents, eight hops each."""
    mel, roll = drain(decode_ring(engine.sessions, latents))
    audio = engine.pack.spec.pipeline.audio
    return drain(vocode_ring(engine.sessions, mel, roll * 0, audio, latents.shape[2] * 4096))


def test_networks_hear_no_joint(tiny_engine: Engine, rng: np.random.Generator) -> None:
    """A ring that is cut open elsewhere sounds the same, up to its noise, which is not turned."""
    latents = rng.standard_normal((1, 96, 24), np.float32)
    mel, roll = drain(decode_ring(tiny_engine.sessions, latents))
    turned = decode_ring(tiny_engine.sessions, np.roll(latents, -5, axis=2))
    turned_mel, turned_roll = drain(turned)
    np.testing.assert_allclose(turned_mel, np.roll(mel, -40, axis=1), atol=1e-4)
    np.testing.assert_allclose(turned_roll, np.roll(roll, -40, axis=1), atol=1e-4)
    samples = ring_of(latents, tiny_engine)
    assert samples.shape == (24 * 4096,)
    moves = np.abs(np.diff(samples, append=samples[:1]))
    assert moves[-1] <= np.quantile(moves, 0.999)


def test_levels_are_those_of_the_loop_going_round(rng: np.random.Generator) -> None:
    loop = rng.standard_normal((1, RATE)).astype(np.float32) * 0.1
    loop[0, :200] *= 10.0  # a peak on the joint
    made = drain(normalising_ring(loop, RATE))
    rounds, gain = np.tile(made, 3), made / loop
    assert integrated_loudness(rounds, RATE) == pytest.approx(-14, abs=0.5)
    assert true_peak(rounds) <= 10 ** (-1 / 20)
    assert abs(float(gain[0, -1] / gain[0, 0]) - 1) < 0.01


def test_seam_score_hears_a_cut(rng: np.random.Generator) -> None:
    seconds = np.arange(4 * RATE) / RATE
    whole = np.sin(2 * np.pi * 220.25 * seconds) + np.sin(2 * np.pi * 331 * seconds)
    whole = (whole * 0.2 + rng.standard_normal(len(whole)) * 1e-3).astype(np.float32)
    cut = (np.sin(2 * np.pi * 220.37 * seconds) * 0.2).astype(np.float32)
    cut += (rng.standard_normal(len(cut)) * 1e-3).astype(np.float32)
    assert seam_score(whole, RATE, 4, 4) == pytest.approx(1.0, abs=0.15)
    assert seam_score(cut, RATE, 4, 4) > 1.5
    places = bar_lines(len(cut), 4)
    assert np.argmax(phase_distance(cut, RATE, places)) == 0
    assert seam_score(np.zeros(RATE, np.float32), RATE, 4, 4) == 1.0
    assert seam_score(whole, RATE, 1, 1) == 1.0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"bars": 4, "seconds": 10}, "bars and seconds are both given, 4 and 10"),
        ({"bars": 0}, "bars must be a whole number from 1 to"),
        ({"bars": 2.5}, "bars must be a whole number"),
        ({"loop": "yes"}, "loop must be True or False"),
        ({"loop": True, "init": "a.wav"}, "loop is given with a recording"),
        ({"loop": True, "continues": "a.wav"}, "loop is given with a recording"),
    ],
)
def test_refusals(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says) as raised:
        Request(prompt="calm", **asked)
    assert raised.value.hint


def test_too_many_bars(tiny_engine: Engine) -> None:
    with pytest.raises(RequestError, match="bars must be between 1 and 300 at 120 bpm"):
        tiny_engine.generate(Request(prompt="4/4", tempo_bpm=120, bars=400))


@pytest.mark.parametrize("asked", [{"loop": True}, {"bars": 2}])
def test_packs_without_a_tempo(mg2: Engine, asked: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="keeps no exact tempo"):
        mg2.generate(Request(prompt="calm", tempo_bpm=120, **asked))


def test_command(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    words = ["generate", "4/4 piano", "-o", str(target), "--pack", str(tiny_pack)]
    assert main([*words, "--bars", "2", "--bpm", "140", "--loop", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["bars"], report["loop"]) == (2, True)
    assert report["seam_score"] > 0
    assert wav_loop(target.read_bytes()) == (0, round(8 * 60 / 140 * RATE))
    assert main([*words, "--bars", "2", "--bpm", "140", "--loop"]) == 0
    assert ", loop of 2 bars in " in capsys.readouterr().out
    refused(capsys, [*words, "--bars", "2", "--seconds", "3"], "bars and seconds")


def test_held_note_goes_on(tiny_engine: Engine) -> None:
    melody = (Note(1.0, 1.0, 60), Note(3.0, 1.9, 67))
    made = tiny_engine.generate(Request(melody=melody, bars=1, loop=True, tempo_bpm=100, seed=1))
    assert made.sheet is not None
    assert made.sheet.notes[-1].end == pytest.approx(4.9)
