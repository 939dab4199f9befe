"""Clips that start from a recording: variations, inpainting, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from descant.kernels.ldm_mel import log_mel
from descant.models.ldm_spec import LdmMelConfig
from descant.runtime import Clip, Engine, Request, RequestError
from descant.runtime.ldm_edit import keep_mask, read_edit
from tests.runtime.ldm_clips import RATE, apart, make, mel_of


def recording(path: Path, seconds: float = 2.0, rate: int = RATE) -> Path:
    """Write a rising tone with overtones."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (300 * time + 150 * time**2)
    wave = np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.25 * np.sin(4 * phase)
    soundfile.write(path, 0.4 * wave, rate)
    return path


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Return a file of two seconds."""
    return recording(tmp_path / "tone.wav")


def edited(engine: Engine, init: Path, **wish: Any) -> Clip:
    """Edit a file, as long as it is."""
    return make(engine, init=init, **{"seconds": None, "steps": 20, **wish})


@pytest.mark.parametrize("sampler", ["ddim", "dpm++"])
def test_strength_moves_from_the_recording_to_new_music(
    audioldm: Engine, tone: Path, sampler: str
) -> None:
    clips = [
        edited(audioldm, tone, strength=strength, sampler=sampler, eta=0.0, guidance_scale=1.0)
        for strength in (0.0, 0.3, 0.6, 1.0)
    ]
    new = make(audioldm, seconds=2.0, sampler=sampler, eta=0.0, steps=20, guidance_scale=1.0)
    away = [apart(clip, clips[0]) for clip in clips]
    assert away == sorted(away)
    left = [apart(clip, new) for clip in clips]
    assert left == sorted(left, reverse=True)
    assert left[-1] < 0.2 * left[0]
    assert clips[0].samples.shape == (1, 2 * RATE)


def test_strength_zero_is_what_the_file_holds(audioldm: Engine, tone: Path) -> None:
    clip = edited(audioldm, tone, strength=0)
    samples, _ = soundfile.read(tone, dtype="float32")
    mel = log_mel(samples, LdmMelConfig())[:-30]  # without the fade at the end
    held = np.maximum(mel, mel.max() - 9.2)
    forwards, backwards = mel_of(clip)[:-30], mel_of(clip)[:-30][::-1]
    alike = np.corrcoef(forwards.ravel(), held.ravel())[0, 1]
    assert alike > 0.7
    assert alike > np.corrcoef(backwards.ravel(), held.ravel())[0, 1] + 0.2
    assert edited(audioldm, tone, strength=0, seed=9).samples.tobytes() == clip.samples.tobytes()


def test_default_strength_is_half(audioldm: Engine, tone: Path) -> None:
    clip = edited(audioldm, tone)
    half = edited(audioldm, tone, strength=0.5)
    assert clip.samples.tobytes() == half.samples.tobytes()
    assert clip.receipt["request"]["strength"] == 0.5
    init = clip.receipt["request"]["init"]
    assert init["name"] == "tone.wav"
    assert len(init["sha256"]) == 64


@pytest.mark.parametrize("sampler", ["ddim", "dpm++"])
def test_inpainting_leaves_the_rest_alone(audioldm: Engine, tone: Path, sampler: str) -> None:
    wish: dict[str, Any] = {"sampler": sampler, "eta": 0.0, "steps": 50}
    whole = mel_of(edited(audioldm, tone, strength=0, **wish))
    clip = edited(audioldm, tone, inpaint=(0.8, 1.2), **wish)
    made = mel_of(clip)
    kept = np.r_[2:72, 128:170]  # without the fades at the ends
    # Loudness is set on the whole clip: levels are compared after the kept part's own.
    change = np.abs(made - whole - np.median(made[kept] - whole[kept])).mean(1)
    assert change[kept].mean() < 0.25 * change[85:115].mean()
    assert clip.receipt["request"]["inpaint"] == [0.8, 1.2]
    assert clip.receipt["request"]["strength"] == 1.0
    other = edited(audioldm, tone, inpaint=(0.8, 1.2), seed=1, **wish)
    assert other.samples.tobytes() != clip.samples.tobytes()


def test_a_recording_is_continued_past_its_end(audioldm: Engine, tone: Path) -> None:
    clip = edited(audioldm, tone, seconds=4.0, inpaint=(2.0, 4.0), steps=50)
    assert clip.samples.shape == (1, 4 * RATE)
    level = np.sqrt(np.square(clip.samples[0]).reshape(8, -1).mean(1))
    assert level[4:7].min() > 0.1 * level[:4].mean()


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000])
def test_any_rate_and_any_number_of_channels(audioldm: Engine, tmp_path: Path, rate: int) -> None:
    path = recording(tmp_path / "a.flac", rate=rate)
    samples, _ = soundfile.read(path)
    soundfile.write(path, np.stack([samples, 0 * samples], 1), rate)
    clip = edited(audioldm, path, strength=0)
    plain = edited(audioldm, recording(tmp_path / "b.wav"), strength=0)
    assert apart(clip, plain) < 0.35


def test_long_recording_is_cut_and_a_short_one_filled_up(audioldm: Engine, tmp_path: Path) -> None:
    long = edited(audioldm, recording(tmp_path / "long.wav", 70.0), strength=0)
    assert long.samples.shape == (1, 60 * RATE)
    assert any("70.0 s" in warning for warning in long.warnings)
    short = edited(audioldm, recording(tmp_path / "short.wav", 0.01), strength=0)
    assert short.samples.shape == (1, RATE)


def test_long_recording_is_encoded_in_pieces(
    audioldm: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from descant.runtime import ldm_edit
    from descant.runtime.audio_file import read_recording

    pipeline, encoder = audioldm.pack.spec.pipeline, _encoder(audioldm)
    found = read_recording(recording(tmp_path / "a.wav", 20.0), 60.0)
    for frames in (144, 152, 304, 400, 504):
        whole = read_edit(encoder, pipeline, found, frames, None).latents
        with monkeypatch.context() as patch:
            patch.setattr(ldm_edit, "TILE", 150)
            pieces = read_edit(encoder, pipeline, found, frames, None).latents
        np.testing.assert_allclose(pieces, whole)


def _encoder(engine: Engine) -> Any:
    from descant.runtime.providers import choose_provider
    from descant.runtime.sessions import Sessions

    return Sessions(engine.pack, choose_provider("cpu"), 1)["vae_encoder"]


def test_every_frame_that_a_span_touches_is_made_anew() -> None:
    mask = keep_mask((0.99, 2.01), 75, 25.0)
    assert np.flatnonzero(mask == 0).tolist() == list(range(24, 51))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.wav", b""),
        ("text.wav", b"not audio at all" * 100),
        ("cut.wav", b"RIFF\x24\0\0\0WAVEfmt "),
        ("folder", None),
        ("missing.wav", None),
    ],
)
def test_unusable_file(audioldm: Engine, tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "folder":
        path.mkdir()
    with pytest.raises(RequestError, match=name) as refused:
        edited(audioldm, path)
    assert refused.value.hint


def test_unusual_recordings(audioldm: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full(3000, np.nan), RATE, subtype="FLOAT")
    with pytest.raises(RequestError, match="no numbers"):
        edited(audioldm, path)
    soundfile.write(path, np.zeros(0), RATE)
    with pytest.raises(RequestError, match="0 samples"):
        edited(audioldm, path)
    soundfile.write(path, np.zeros(3000), 1000)
    with pytest.raises(RequestError, match="1000 samples per second"):
        edited(audioldm, path)
    soundfile.write(path, np.zeros(RATE), RATE)
    assert any("silent" in w for w in edited(audioldm, path, strength=0).warnings)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"inpaint": (1.0, 2.5)}, "inpaint end"),
        ({"sampler": "euler"}, "sampler"),
        ({"melody": "a.mid"}, "melody"),
        ({"candidates": 17}, "candidates"),
        ({"steps": 501}, "steps"),
        ({"seed": 2**63 - 2, "candidates": 3}, "seed"),
    ],
)
def test_what_the_pack_cannot_do(
    audioldm: Engine, tone: Path, wish: dict[str, Any], field: str
) -> None:
    with pytest.raises(RequestError, match=field) as refused:
        edited(audioldm, tone, **wish)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"sampler": "ddim"}, "sampler"),
        ({"eta": 0.5}, "eta"),
        ({"candidates": 2}, "candidates"),
        ({"init": "a.wav"}, "init"),
        ({"init": "a.wav", "inpaint": (0.0, 1.0)}, "init"),
    ],
)
def test_what_the_starter_cannot_do(tiny_engine: Engine, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError, match=field) as refused:
        tiny_engine.generate(Request(prompt="calm piano", **wish))
    assert refused.value.hint
    fine = Request(prompt="calm piano", seconds=1, sampler="euler", eta=0.0, candidates=1)
    assert tiny_engine.generate(fine).samples.size
