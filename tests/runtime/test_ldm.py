"""Latent diffusion packs, the whole way on the tiny ones: what is asked is what comes out."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from descant.kernels.fit_length import fit_length
from descant.kernels.resample import resample
from descant.models.bpe import BpeTokenizer
from descant.models.theory.notes import Note
from descant.runtime import Engine, GenerationCancelled, Progress, Request
from descant.runtime.ldm import guarded
from descant.runtime.loudness import integrated_loudness
from descant.runtime.true_peak import true_peak
from tests.make_tiny_ldm_pack import melody_vectors
from tests.runtime.ldm_clips import RATE, apart, make, mel_of
from tests.runtime.midi_files import scale_notes, tune


def embedded(engine: Engine, text: str) -> NDArray[np.float32]:
    """(D,) embedding of a text, by the pack's files alone."""
    files = (engine.pack.read("files.vocabulary"), engine.pack.read("files.merges"))
    ids = np.array([BpeTokenizer.from_files(*files).encode(text).ids])
    session = onnxruntime.InferenceSession(engine.pack.read("graphs.text_encoder"))
    inputs = {"tokens": ids, "mask": np.ones(ids.shape, np.float32)}
    embedding: NDArray[np.float32] = session.run(None, inputs)[0][0]
    return embedding


@pytest.mark.parametrize("seconds", [1.0, 1.23456, 2.56, 7.77])
def test_length_is_exact(audioldm: Engine, seconds: float) -> None:
    clip = make(audioldm, seconds=seconds)
    assert clip.samples.shape == (1, round(seconds * RATE))
    assert clip.samples.dtype == np.float32
    assert clip.sample_rate == RATE


@pytest.mark.parametrize("name", ["mg2", "audioldm"])
def test_sound_is_healthy(name: str, request: pytest.FixtureRequest) -> None:
    clip = make(request.getfixturevalue(name), seconds=4)
    assert integrated_loudness(clip.samples, RATE) == pytest.approx(-14, abs=1)
    assert true_peak(clip.samples) <= 10 ** (-1 / 20)
    assert clip.warnings == ()
    assert (clip.sheet, clip.notes, clip.receipt["music"]) == (None, (), None)
    assert {"prepare", "sample", "decode", "vocode", "finish"} <= set(clip.timings_ms)


def test_same_request_same_samples_in_another_process(mg2: Engine, tiny_mg2: Path) -> None:
    first = make(mg2, sampler="ddim", eta=1.0)
    assert make(mg2, sampler="ddim", eta=1.0).samples.tobytes() == first.samples.tobytes()
    code = (
        "import hashlib, sys\n"
        "from descant.runtime import Engine, Request\n"
        "with Engine.open(sys.argv[1], threads=1) as engine:\n"
        "    clip = engine.generate(Request(prompt='calm piano', seed=0, seconds=1.5,\n"
        "                                   sampler='ddim', eta=1.0))\n"
        "print(hashlib.sha256(clip.samples.tobytes()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny_mg2)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(first.samples.tobytes()).hexdigest()


def test_every_word_and_number_changes_the_music(mg2: Engine) -> None:
    clips = [
        make(mg2),
        make(mg2, seed=1),
        make(mg2, prompt="loud drums"),
        make(mg2, negative_prompt="sad"),
        make(mg2, guidance_scale=1.0),
        make(mg2, guidance_scale=4.0),
        make(mg2, steps=9),
        make(mg2, sampler="ddim", eta=0.0),
        make(mg2, sampler="ddim", eta=0.5),
        make(mg2, sampler="ddim", eta=1.0),
        make(mg2, melody=scale_notes()),
    ]
    assert len({clip.samples.tobytes() for clip in clips}) == len(clips)


def test_the_prompt_decides_the_spectrum_and_the_seed_its_details(audioldm: Engine) -> None:
    piano, other_seed = make(audioldm), make(audioldm, seed=1)
    assert apart(piano, make(audioldm, prompt="loud drums")) > 1.2 * apart(piano, other_seed)


@pytest.mark.parametrize("steps", [1, 2, 3, 9, 27, 101, 251, 333, 500])
@pytest.mark.parametrize("sampler", ["ddim", "dpm++"])
def test_any_number_of_steps(audioldm: Engine, sampler: str, steps: int) -> None:
    """Published samplers fail at 599 of a thousand numbers, 3 and 251 among them."""
    clip = make(audioldm, sampler=sampler, steps=steps, seconds=1, guidance_scale=1.0)
    assert clip.warnings == ()


def test_both_samplers_end_at_the_same_music(audioldm: Engine) -> None:
    exact = make(audioldm, sampler="ddim", eta=0.0, steps=500)
    assert apart(exact, make(audioldm, sampler="dpm++", steps=25)) < 0.1


def test_the_nearest_melody_leads(mg2: Engine) -> None:
    clip = make(mg2)
    assert len(clip.retrieved) == 5
    found = mg2.search("calm piano", 40)
    assert found[0] == clip.retrieved[0]
    assert found[0].title == f"melody {found[0].index}"
    assert (found[0].key, found[0].tempo_bpm) == (None, None)
    order = np.argsort(-(melody_vectors() @ embedded(mg2, "calm piano")))
    assert [one.index for one in found] == order.tolist()


def test_given_melody_replaces_the_retrieved_one(mg2: Engine, tmp_path: Path) -> None:
    path = tmp_path / "scale.mid"
    path.write_bytes(tune(4, tempo_bpm=100))
    clip = make(mg2, melody=path)
    assert clip.retrieved == ()
    assert clip.receipt["request"]["melody"].startswith("<C4>,<")
    assert apart(clip, make(mg2)) > 0.1
    again = make(mg2, melody=path, prompt="")
    assert again.samples.tobytes() != clip.samples.tobytes()


def test_notes_in_beats_take_the_tempo(mg2: Engine) -> None:
    slow, fast = (make(mg2, melody=scale_notes(), tempo_bpm=bpm) for bpm in (60, 180))
    assert slow.warnings == fast.warnings == ()
    assert slow.samples.tobytes() != fast.samples.tobytes()


def test_long_melody(mg2: Engine) -> None:
    notes = tuple(Note(i * 0.05, 0.05, 60 + i % 12) for i in range(350))
    clip = make(mg2, melody=notes, tempo_bpm=120)
    assert any("first 166 notes" in warning for warning in clip.warnings)


def test_what_has_no_effect_is_said(mg2: Engine, audioldm: Engine) -> None:
    clip = make(audioldm, tempo_bpm=90, key="D minor", melody_strength=0.5, eta=0.5)
    assert len(clip.warnings) == 4
    assert clip.samples.tobytes() == make(audioldm).samples.tobytes()
    assert make(mg2, melody_strength=1.0).warnings == ()


def test_long_prompt(mg2: Engine) -> None:
    clip = make(mg2, prompt="piano " * 20_000, negative_prompt="drums " * 20_000)
    assert [w.split(":")[0] for w in clip.warnings] == [
        "the prompt is long", "the negative prompt is long"
    ]  # fmt: skip
    assert len(clip.receipt["request"]["prompt"]) <= 4096
    assert make(mg2, prompt="🎹\0\x1b[31m").samples.size


def test_long_clip_goes_through_tiles(audioldm: Engine) -> None:
    seen: list[Progress] = []
    request = Request(prompt="calm piano", seed=0, seconds=59.5, steps=2)
    clip = audioldm.generate(request, seen.append)
    assert clip.samples.shape == (1, round(59.5 * RATE))
    assert len([p for p in seen if p.stage == "decode"]) == 3  # before, and after two tiles
    mel = mel_of(clip)[:-40]
    assert np.abs(np.diff(mel, axis=0)).mean(1).max() < 3.0  # no step where tiles meet


def test_best_candidates_are_kept(mg2: Engine) -> None:
    request = Request(prompt="calm piano", seed=7, seconds=1.5, count=2, candidates=6)
    kept = mg2.generate_many(request)
    session = onnxruntime.InferenceSession(mg2.pack.read("graphs.audio_encoder"))
    query = embedded(mg2, "calm piano")
    singles = [make(mg2, seed=seed) for seed in range(7, 13)]
    waves = np.stack([fit_length(resample(c.samples[0], RATE, 48000), 48000) for c in singles])
    heard = session.run(None, {"samples": waves})[0]
    order = np.argsort(-(heard @ query))
    assert [clip.seed for clip in kept] == [7 + int(i) for i in order[:2]]
    np.testing.assert_allclose(
        [clip.similarity or 0.0 for clip in kept], np.sort(heard @ query)[::-1][:2], atol=1e-4
    )
    best = singles[order[0]]
    assert best.samples.tobytes() == kept[0].samples.tobytes()
    assert best.similarity is None


def test_progress_and_cancel_within_a_step(mg2: Engine) -> None:
    seen: list[Progress] = []
    request = Request(prompt="calm piano", seed=0, seconds=1, steps=8, candidates=2)
    mg2.generate(request, seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    steps: list[Progress] = []

    def stop(progress: Progress) -> None:
        steps.append(progress)
        if len(steps) == 5:
            raise GenerationCancelled("enough")

    with pytest.raises(GenerationCancelled):
        mg2.generate(request, stop)
    assert len(steps) == 5
    job = mg2.start(Request(prompt="calm piano", seconds=50, steps=500))
    job.cancel()
    with pytest.raises(GenerationCancelled):
        job.result(60)


def test_latents_that_run_away_are_clipped() -> None:
    latents = np.array([-101.0, 3.0, 50.0], np.float32)
    assert guarded(latents).tolist() == [-10.0, 3.0, 10.0]
    assert guarded(latents[1:]).tolist() == [3.0, 50.0]


def test_receipt_holds_what_was_settled(audioldm: Engine) -> None:
    clip = make(audioldm, sampler="ddim", eta=0.25, steps=4)
    asked = clip.receipt["request"]
    assert (asked["sampler"], asked["eta"], asked["candidates"]) == ("ddim", 0.25, 1)
    assert (asked["init"], asked["strength"], asked["inpaint"]) == (None, None, None)
    again = make(audioldm, sampler=asked["sampler"], eta=asked["eta"], steps=asked["steps"])
    assert again.samples.tobytes() == clip.samples.tobytes()
