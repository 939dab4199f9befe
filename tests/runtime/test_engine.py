"""The whole way on the tiny pack: what is asked is what comes out, twice the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.models.theory.notes import Key, Note
from descant.models.theory.sheet import LeadSheet
from descant.runtime import (
    Clip,
    Engine,
    Request,
    RequestError,
)
from descant.runtime.loudness import integrated_loudness
from descant.runtime.sampling import initial_noise
from descant.runtime.schedule import flow_times
from descant.runtime.true_peak import true_peak
from tests.runtime.midi_files import scale_notes


def make(engine: Engine, **wish: Any) -> Clip:
    """Generate with a short prompt unless the wish says otherwise."""
    return engine.generate(Request(**{"prompt": "calm piano", "seed": 0, "seconds": 1.5, **wish}))


def sheet_of(clip: Clip) -> LeadSheet:
    """What led a clip."""
    assert clip.sheet is not None
    return clip.sheet


def sounding(clip: Clip, least: float = 0.3) -> set[int]:
    """Pitches that sound for more than ``least`` beats."""
    return {note.pitch for note in clip.notes if note.duration > least}


@pytest.mark.parametrize("seconds", [1.0, 1.23456, 2.5, 7.77, 60.0])
def test_length_is_exact(tiny_engine: Engine, seconds: float) -> None:
    clip = make(tiny_engine, seconds=seconds)
    assert clip.samples.shape == (1, round(seconds * 44100))
    assert clip.samples.dtype == np.float32
    assert clip.sample_rate == 44100


def test_sound_is_healthy(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, seconds=6)
    assert integrated_loudness(clip.samples, 44100) == pytest.approx(-14, abs=1)
    assert true_peak(clip.samples) <= 10 ** (-1 / 20)
    assert clip.warnings == ()
    assert abs(clip.samples[0, 0]) < 1e-3
    assert abs(clip.samples[0, -1]) < 1e-3
    assert {"prepare", "condition", "sample", "decode", "vocode", "finish"} <= set(clip.timings_ms)


def test_same_seed_same_samples_other_seed_others(tiny_engine: Engine, tiny_pack: Path) -> None:
    first = make(tiny_engine).samples.tobytes()
    assert make(tiny_engine).samples.tobytes() == first
    with Engine.open(tiny_pack, threads=1) as other:
        assert make(other).samples.tobytes() == first
    assert make(tiny_engine, seed=1).samples.tobytes() != first


def test_same_seed_same_samples_in_another_process(tiny_engine: Engine, tiny_pack: Path) -> None:
    code = (
        "import hashlib, sys\n"
        "from descant.runtime import Engine, Request\n"
        "with Engine.open(sys.argv[1], threads=1) as engine:\n"
        "    clip = engine.generate(Request(prompt='calm piano', seed=0, seconds=1.5))\n"
        "print(hashlib.sha256(clip.samples.tobytes()).hexdigest())\n"
    )
    import hashlib

    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny_pack)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(make(tiny_engine).samples.tobytes()).hexdigest()


def test_noise_belongs_to_its_seed_for_ever() -> None:
    noise = initial_noise(0, 2, 3)
    np.testing.assert_allclose(
        noise.ravel(),
        np.random.Generator(np.random.PCG64(0)).standard_normal(6, dtype=np.float32),
    )
    assert not np.array_equal(initial_noise(2**63 - 1, 2, 3), noise)


def test_schedule() -> None:
    np.testing.assert_allclose(flow_times(4), [1, 0.75, 0.5, 0.25, 0])
    shifted = flow_times(4, 3.0)
    assert (shifted[0], shifted[-1]) == (1, 0)
    assert (np.diff(shifted) < 0).all()
    assert (shifted[1:-1] > flow_times(4)[1:-1]).all()
    with pytest.raises(ValueError, match="steps"):
        flow_times(0)


def test_count_makes_the_clips_of_the_following_seeds(tiny_engine: Engine) -> None:
    clips = tiny_engine.generate_many(Request(prompt="calm piano", seconds=1.5, seed=5, count=3))
    assert [clip.seed for clip in clips] == [5, 6, 7]
    assert clips[1].samples.tobytes() == make(tiny_engine, seed=6).samples.tobytes()
    with pytest.raises(RequestError, match="count"):
        make(tiny_engine, count=2)


def test_a_seed_is_drawn_and_told(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, seed=None)
    again = make(tiny_engine, seed=clip.seed)
    assert again.samples.tobytes() == clip.samples.tobytes()
    assert clip.receipt["seed"] == clip.seed


@pytest.mark.parametrize(
    ("wish", "tempo", "key"),
    [
        ({"prompt": "piano in D minor at 77 bpm"}, 77.0, "D minor"),
        ({"prompt": "piano in D minor at 77 bpm", "tempo_bpm": 90}, 90.0, "D minor"),
        ({"prompt": "piano in D minor at 77 bpm", "key": "Eb minor"}, 77.0, "Eb minor"),
        ({"prompt": "F# major waltz, 100 bpm"}, 100.0, "F# major"),
    ],
)
def test_tempo_and_key(tiny_engine: Engine, wish: dict[str, Any], tempo: float, key: str) -> None:
    clip = make(tiny_engine, **wish)
    assert sheet_of(clip).tempo_bpm == tempo
    assert str(sheet_of(clip).key) == key
    assert sheet_of(clip).beats_per_bar == (3 if "waltz" in wish["prompt"] else 4)
    assert len(clip.retrieved) == 5
    assert str(clip.retrieved[0].key).split()[1] == key.split()[1]


def test_tempo_word_bends_the_melody(tiny_engine: Engine) -> None:
    assert 56 <= sheet_of(make(tiny_engine, prompt="slow piano")).tempo_bpm <= 80
    assert 154 <= sheet_of(make(tiny_engine, prompt="very fast piano")).tempo_bpm <= 184


def test_given_melody_sounds(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, melody=scale_notes(), tempo_bpm=120, seconds=4)
    assert clip.retrieved == ()
    assert sounding(clip) == {60, 62, 64, 65, 67, 69, 71, 72}
    assert sheet_of(clip).key == Key(0)
    by_start = sorted(note for note in clip.notes if note.duration > 0.3)
    assert [note.pitch for note in by_start] == [60, 62, 64, 65, 67, 69, 71, 72]
    for i, note in enumerate(by_start):
        assert note.start == pytest.approx(i, abs=0.2)


def test_given_melody_without_words(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, prompt="", melody=scale_notes(), seconds=2)
    assert clip.warnings[0].startswith("the melody lasts")


def test_given_melody_is_transposed(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, melody=scale_notes(), key="D major", tempo_bpm=120, seconds=4)
    assert sounding(clip) == {62, 64, 66, 67, 69, 71, 73, 74}
    moved = make(tiny_engine, melody=scale_notes(), key="D minor", tempo_bpm=120, seconds=4)
    assert sounding(moved) == sounding(clip)
    assert any("major" in warning for warning in moved.warnings)


def test_short_melody_is_repeated_by_whole_bars(tiny_engine: Engine) -> None:
    notes = (Note(0, 1, 60), Note(1, 1, 72))
    clip = make(tiny_engine, melody=notes, tempo_bpm=120, seconds=6)
    starts = [round(note.start) for note in clip.notes if note.pitch == 60 and note.duration > 0.3]
    assert starts == [0, 4, 8]


def test_melody_strength(tiny_engine: Engine) -> None:
    wish: dict[str, Any] = {"melody": scale_notes(), "tempo_bpm": 120, "seconds": 4, "steps": 4}
    clips = [make(tiny_engine, melody_strength=s, **wish) for s in (0.0, 0.5, 1.0)]
    assert sounding(clips[0]) == set()
    assert len(sounding(clips[2])) == 8
    assert len({clip.samples.tobytes() for clip in clips}) == 3


def test_words_and_numbers_change_the_music(tiny_engine: Engine) -> None:
    wish: dict[str, Any] = {"melody": scale_notes(), "seconds": 1}
    clips = [
        make(tiny_engine, **wish),
        make(tiny_engine, **wish, prompt="loud drums"),
        make(tiny_engine, **wish, negative_prompt="sad"),
        make(tiny_engine, **wish, guidance_scale=5.0),
        make(tiny_engine, **wish, steps=7),
    ]
    assert len({clip.samples.tobytes() for clip in clips}) == len(clips)


def test_long_and_wordless_prompts(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, prompt="piano " * 20_000)
    assert any("long" in warning for warning in clip.warnings)
    assert len(clip.receipt["request"]["prompt"]) <= 4096
    emoji = make(tiny_engine, prompt="🎹🌧️")
    assert any("known" in warning for warning in emoji.warnings)
    assert make(tiny_engine, prompt="\0\x1b[31m").samples.size


def test_limits_of_the_pack(tiny_engine: Engine) -> None:
    with pytest.raises(RequestError, match="steps"):
        make(tiny_engine, steps=101)


def test_receipt_makes_the_clip_again(tiny_engine: Engine) -> None:
    clip = make(tiny_engine, melody=scale_notes(4), seconds=3, key="E major", negative_prompt="sad")
    asked = clip.receipt["request"]
    again = Request(
        prompt=asked["prompt"],
        negative_prompt=asked["negative_prompt"],
        melody=scale_notes(4),
        key=asked["key"],
        seconds=asked["seconds"],
        seed=clip.receipt["seed"],
        steps=asked["steps"],
        guidance_scale=asked["guidance_scale"],
        melody_strength=asked["melody_strength"],
    )
    assert tiny_engine.generate(again).samples.tobytes() == clip.samples.tobytes()
    assert clip.receipt["pack"]["sha256"] == tiny_engine.pack.sha256


def test_search_agrees_with_generate(tiny_engine: Engine) -> None:
    found = tiny_engine.search("sad waltz in D minor", 7)
    assert len(found) == 7
    assert found[0] == make(tiny_engine, prompt="sad waltz in D minor").retrieved[0]
    assert len(tiny_engine.search("x", 1000)) == 80
