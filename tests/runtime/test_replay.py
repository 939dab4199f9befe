"""A file's clip is made again from its receipt, whatever the clip was made from."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from descant.models.theory.notes import Note
from descant.runtime import Engine, Request, read_receipt, replay
from descant.runtime.cli import main
from descant.runtime.encode import encode_audio
from descant.runtime.errors import PackNotFoundError, RequestError
from descant.runtime.likeness import likeness
from descant.runtime.replaying import changes
from tests.runtime import wishes
from tests.runtime.midi_files import tune
from tests.runtime.sounds import encoded, tone

Capture = pytest.CaptureFixture[str]
WISH: dict[str, Any] = {"prompt": "calm piano", "seconds": 1.0, "seed": 4, "steps": 2}


def saved(engine: Engine, path: Path, bit_depth: int = 16, **wish: Any) -> Path:
    """Make a clip and keep it."""
    return engine.generate(Request(**{**WISH, **wish})).save(path, bit_depth)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"negative_prompt": "sad", "guidance_scale": 3.0, "steps": 3},
        {"story": "It was raining on the slow guitar.", "key": "Eb major", "tempo_bpm": 97.3},
        {"intensity": (0.123456789, 0.9), "melody_strength": 0.4},
        {"melody": (Note(0, 1 / 3, 60), Note(1 / 3, 0.7, 64), Note(1.2, 1, 67))},
        {"caption": "rain", "music_prompt": ""},
        {"music_prompt": "dark rock"},
        {"prompt": "", "story": "fast " * 300},
        {"seconds": None, "bars": 2, "tempo_bpm": 173.0},
        {"seconds": None, "bars": 2, "tempo_bpm": 117.0, "loop": True, "intensity": (0.2, 0.7)},
        {"loop": True, "melody": (Note(0, 1.5, 60), Note(1.5, 2, 64))},
        {"prompt": "slow " * 2000},
        {"deadline_ms": 0.0},
    ],
    ids=lambda wish: "+".join(wish) or "plain",
)
def test_all_that_shapes_the_sound_is_in_the_receipt(
    tiny_engine: Engine, tmp_path: Path, wish: dict[str, Any]
) -> None:
    again = replay(saved(tiny_engine, tmp_path / "a.wav", **wish), tiny_engine)
    assert (again.verdict, again.difference_db, again.reasons) == ("identical", None, ())


@pytest.mark.parametrize(("name", "depth"), [("a.wav", 24), ("a.flac", 16), ("a.flac", 24)])
def test_files_without_loss(tiny_engine: Engine, tmp_path: Path, name: str, depth: int) -> None:
    again = replay(saved(tiny_engine, tmp_path / name, depth), tiny_engine)
    assert (again.verdict, again.reasons) == ("identical", ())
    assert again.stored_as == f"{name[2:].upper()} of {depth} bits"


def test_a_lossy_file_is_compared_as_a_lossy_file(tiny_engine: Engine, tmp_path: Path) -> None:
    again = replay(saved(tiny_engine, tmp_path / "a.ogg"), tiny_engine)
    assert again.verdict in ("identical", "within tolerance")
    assert again.stored_as == "OGG, which is lossy"


def test_a_midi_file_and_a_metre_are_not_needed_again(tiny_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(tune(tempo_bpm=133.0, beats_per_bar=3))
    path = saved(tiny_engine, tmp_path / "a.wav", melody=tmp_path / "tune.mid", key="D minor")
    (tmp_path / "tune.mid").unlink()
    assert replay(path, tiny_engine).verdict == "identical"


def test_every_seed_of_many_clips(tiny_engine: Engine, tmp_path: Path) -> None:
    for i, clip in enumerate(tiny_engine.generate_many(Request(**WISH, count=3))):
        path = clip.save(tmp_path / f"{i}.wav")
        assert replay(path, tiny_engine).verdict == "identical"


@pytest.mark.parametrize("kind", ["images", "video", "audio", "hum"])
def test_files_are_found_by_what_is_in_them(
    tiny_engine: Engine, files: Path, tmp_path: Path, kind: str
) -> None:
    path = saved(tiny_engine, tmp_path / "a.wav", **wishes.given(files, "prompt", kind))
    if kind != "hum":  # its notes stand in the receipt
        with pytest.raises(RequestError, match=rf"{kind}: '[\w.]+' is missing") as refused:
            replay(path, tiny_engine)
        assert "--inputs" in refused.value.hint
    assert replay(path, tiny_engine, inputs=[files]).verdict == "identical"
    for file in files.iterdir():  # beside the clip, under other names
        shutil.copy(file, tmp_path / f"other-{file.name}")
    assert replay(path, tiny_engine).verdict == "identical"


@pytest.mark.parametrize("family", ["mg2", "audioldm"])
def test_latent_diffusion(request: pytest.FixtureRequest, tmp_path: Path, family: str) -> None:
    engine: Engine = request.getfixturevalue(family)
    melody = (Note(0, 1, 60), Note(1, 1, 64)) if family == "mg2" else None
    clips = engine.generate_many(Request(prompt="rain", seconds=1, seed=3, steps=2, melody=melody))
    path = clips[0].save(tmp_path / "a.wav")
    assert replay(path, engine).verdict == "identical"
    edit = engine.generate(Request(prompt="rain", init=path, strength=0.4, steps=4, seed=1))
    again = replay(edit.save(tmp_path / "b.flac"), engine)
    assert again.verdict == "identical"


def test_changed_samples_are_heard(tiny_engine: Engine, tmp_path: Path) -> None:
    clip = tiny_engine.generate(Request(**WISH))
    comment = json.dumps(clip.receipt)
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(clip.samples.shape).astype(np.float32)
    for level, verdict in ((1e-4, "within tolerance"), (0.1, "different")):
        content = encode_audio(clip.samples + level * noise, 44100, ".wav", 24, comment)
        (tmp_path / "a.wav").write_bytes(content)
        again = replay(tmp_path / "a.wav", tiny_engine)
        assert again.verdict == verdict
        assert again.difference_db is not None
        assert ("samples were changed" in again.reasons[0]) == (verdict == "different")
    shorter = encode_audio(clip.samples[:, :-9], 44100, ".wav", 24, comment)
    (tmp_path / "a.wav").write_bytes(shorter)
    again = replay(tmp_path / "a.wav", tiny_engine)
    assert (again.verdict, again.difference_db) == ("different", None)
    assert "samples at 44100 Hz" in again.reasons[0]


def test_what_is_not_as_it_was_is_said(tiny_engine: Engine, tmp_path: Path) -> None:
    clip = tiny_engine.generate(Request(**WISH))
    told = json.loads(json.dumps(clip.receipt))
    told |= {"descant": "0.0.1", "device": "cuda", "pack": {**told["pack"], "sha256": "0" * 64}}
    other = dataclasses.replace(clip, receipt=told)
    again = replay(other.save(tmp_path / "a.wav"), tiny_engine)
    assert [reason.split(":")[0] for reason in again.reasons] == [
        "descant", "device", "pack sha256"]  # fmt: skip
    assert again.verdict == "identical"
    told["request"]["steps"] = 3
    assert replay(other.save(tmp_path / "a.wav"), tiny_engine).verdict == "different"
    assert changes(told, clip.receipt)[-1] == "request steps: then 3, now 2"


def test_packs_that_are_not_there(tiny_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(PackNotFoundError, match="tiny") as refused:
        replay(saved(tiny_engine, tmp_path / "a.wav"))
    assert "--pack" in refused.value.hint
    soundfile.write(tmp_path / "b.wav", np.zeros(999), 44100)
    with pytest.raises(RequestError, match="no receipt"):
        replay(tmp_path / "b.wav", tiny_engine)


@pytest.mark.parametrize("receipt", ["[" * 100_000, '{"descant": 1', '{"descant": NaN}', "{}", "7"])
def test_damaged_receipts_in_files(
    tiny_engine: Engine, tmp_path: Path, receipt: str, capsys: Capture, tiny_pack: Path
) -> None:
    content = encode_audio(np.zeros((1, 9), np.float32), 44100, ".wav", 16, receipt)
    (tmp_path / "a.wav").write_bytes(content)
    assert read_receipt(tmp_path / "a.wav") in (
        None,
        {"descant": pytest.approx(np.nan, nan_ok=True)},
    )
    with pytest.raises(RequestError):
        replay(tmp_path / "a.wav", tiny_engine)
    assert main(["replay", str(tmp_path / "a.wav"), "--pack", str(tiny_pack)]) == 2
    assert "receipt" in capsys.readouterr().err


def test_command(capsys: Capture, tiny_engine: Engine, tiny_pack: Path, tmp_path: Path) -> None:
    path = saved(tiny_engine, tmp_path / "a.wav")
    words = ["replay", str(path), "--pack", str(tiny_pack), "--threads", "1"]
    assert main([*words, "-o", str(tmp_path / "b.wav")]) == 0
    assert capsys.readouterr().out == "identical (WAV of 16 bits)\n"
    assert (tmp_path / "b.wav").read_bytes() == path.read_bytes()
    assert main([*words, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["reasons"], report["seed"]) == ("identical", [], 4)
    samples, rate = soundfile.read(path, always_2d=True)
    clip = tiny_engine.generate(Request(**WISH))
    changed = encode_audio(
        -samples.T.astype(np.float32), rate, ".wav", 16, json.dumps(clip.receipt)
    )
    path.write_bytes(changed)
    assert main(words) == 1
    assert capsys.readouterr().out.startswith("different, the difference is at 6.0 dB")


def test_a_clip_of_twenty_minutes_is_compared_to_its_end(
    tiny_engine: Engine, tmp_path: Path
) -> None:
    clip = tiny_engine.generate(Request(**WISH))
    rng = np.random.default_rng(0)
    samples = rng.uniform(-0.5, 0.5, (1, 1200 * 8000)).astype(np.float32)
    long = dataclasses.replace(clip, samples=samples, sample_rate=8000)
    path = long.save(tmp_path / "long.wav")
    assert likeness(path, long).verdict == "identical"
    samples[0, -1] += 0.3
    assert likeness(path, long).verdict == "within tolerance"
    shorter = dataclasses.replace(long, samples=samples[:, :-1])
    (reason,) = likeness(path, shorter).reasons
    assert "1 x 9600000 samples at 8000 Hz, the new clip 1 x 9599999" in reason


def test_what_the_music_was_made_from_is_kept(
    tiny_engine: Engine, tiny_pack: Path, tmp_path: Path, capsys: Capture
) -> None:
    sound = tmp_path / "sound.wav"
    sound.write_bytes(encoded(tone(1.0)))
    path = saved(tiny_engine, tmp_path / "a.wav", audio=sound)
    words = ["replay", str(path), "--pack", str(tiny_pack), "-o"]
    before = sound.read_bytes()
    assert main([*words, str(sound)]) == 2
    assert "was made from it" in capsys.readouterr().err
    assert sound.read_bytes() == before
    assert main([*words, str(tmp_path / "b.wav")]) == 0
    assert main([*words, str(tmp_path / "b.wav")]) == 0
