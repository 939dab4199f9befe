"""Sounds to be guided by: every kind of file, damaged ones, and what they do to the music."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime import Engine, Request, RequestError
from descant.runtime.cli import main
from descant.runtime.sound import MAX_EXCERPTS, read_sound
from tests.runtime.cli_helpers import Capture, refused
from tests.runtime.sounds import HOSTILE, encoded, mp3, streamed, tone, with_size

RATE = 44100


def loudest_hertz(samples: Any, rate: int = RATE) -> float:
    """Frequency of the largest peak."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * rate / len(samples)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format(tmp_path: Path, kind: str, channels: int) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    path.write_bytes(encoded(np.stack([tone(2.0)] * channels, 1), kind=kind))
    sound = read_sound(path, RATE)
    assert not sound.warnings
    assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    (excerpt,) = sound.excerpts
    assert len(excerpt) == pytest.approx(2 * RATE, abs=3000)
    assert loudest_hertz(excerpt) == pytest.approx(440, abs=1)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44101, 48000, 96000, 192000])
@pytest.mark.parametrize("channels", [1, 8])
def test_every_rate(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(np.stack([tone(1.5, rate)] * channels, 1), rate, subtype="FLOAT"))
    (excerpt,) = read_sound(path, RATE).excerpts
    assert len(excerpt) == pytest.approx(1.5 * RATE, abs=2)
    assert loudest_hertz(excerpt) == pytest.approx(440, abs=1)
    assert np.abs(excerpt).max() == pytest.approx(0.3, abs=0.02)


def test_a_long_sound_is_heard_in_places(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    parts = [tone(20.0, 8000, 300.0 + 100 * i) for i in range(10)]
    path.write_bytes(encoded(np.concatenate(parts), 8000, "FLAC"))
    excerpts = read_sound(path, RATE).excerpts
    assert len(excerpts) == MAX_EXCERPTS
    heard = [loudest_hertz(excerpt) for excerpt in excerpts]
    assert heard[0] == pytest.approx(300, abs=1)
    assert heard[-1] == pytest.approx(1200, abs=1)
    assert heard == sorted(heard)


def test_a_moment_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(tone(0.01)))
    assert len(read_sound(path, RATE).excerpts[0]) >= RATE


def test_more_than_full_scale_is_tamed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(tone(1.0) * np.float32(1e38), subtype="FLOAT"))
    (excerpt,) = read_sound(path, 48000).excerpts
    assert np.isfinite(excerpt).all()
    assert np.abs(excerpt).max() < 1.1


@pytest.mark.parametrize("share", [0.7, 0.3, 0.1])
def test_an_mp3_that_was_cut_is_heard_as_far_as_it_goes(tmp_path: Path, share: float) -> None:
    sound = read_sound(mp3(tmp_path / "a.mp3", 30.0, share), RATE)
    assert "damaged" in sound.warnings[0]
    assert sum(map(len, sound.excerpts)) <= 30 * share * RATE
    assert all(loudest_hertz(e) == pytest.approx(440, abs=1) for e in sound.excerpts)


@pytest.mark.parametrize("kind", ["WAV", "OGG", "FLAC", "MP3"])
def test_a_file_whose_end_is_missing_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.wav"
    content = encoded(tone(20.0), kind=kind)
    path.write_bytes(content)
    assert not read_sound(path, RATE).warnings
    path.write_bytes(content[: len(content) // 2])
    assert "damaged" in read_sound(path, RATE).warnings[0]


@pytest.mark.parametrize("seconds", [0.3, 5.0, 61.7])
def test_a_flac_file_without_a_length_is_heard_whole(tmp_path: Path, seconds: float) -> None:
    path, whole = tmp_path / "a.flac", tmp_path / "b.flac"
    path.write_bytes(streamed(np.stack([tone(seconds)] * 2, 1)))
    whole.write_bytes(encoded(np.stack([tone(seconds)] * 2, 1), kind="FLAC"))
    sound = read_sound(path, RATE)
    assert not sound.warnings
    for ours, theirs in zip(sound.excerpts, read_sound(whole, RATE).excerpts, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_flac_file_that_was_cut_is_heard_to_its_last_block(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    content = encoded(tone(8.0), kind="FLAC")
    path.write_bytes(content[: len(content) // 2])
    sound = read_sound(path, RATE)
    assert "damaged" in sound.warnings[0]
    assert sum(map(len, sound.excerpts)) > 3.5 * RATE


@pytest.mark.parametrize("size", [0xFFFFFFF0, 0x7FFFFFFF])
def test_a_header_that_promises_too_much(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(with_size(size))
    assert sum(map(len, read_sound(path, RATE).excerpts)) == RATE  # half a second, twice


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(capsys: Capture, words: list[str], tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(HOSTILE[name])
    refused(capsys, [*words, "--audio", str(path)], "bad.wav")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "path", ["/no/such.wav", ".", "https://a.example/b.wav", "a\0b", "/dev/zero"]
)
def test_no_file(capsys: Capture, words: list[str], path: str) -> None:
    refused(capsys, [*words, f"--audio={path}"], "audio")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(RequestError, match="pipe"):
        read_sound(tmp_path / "pipe.wav", RATE)


FLAC = encoded(tone(0.2, 8000), 8000, "FLAC")


def heard_or_refused(content: bytes) -> bool:
    """Read a file of these bytes; whatever they are, no other error comes than a refusal."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        path.write_bytes(content)
        try:
            sound = read_sound(path, RATE)
        except RequestError as error:
            return bool(error.hint)
        return all(len(e) and bool(np.isfinite(e).all()) for e in sound.excerpts)


@settings(max_examples=150, deadline=None)
@given(
    head=st.sampled_from([b"", b"RIFF", b"fLaC", b"OggS", b"\xff\xfb\x90", b"ID3\x04", b"FORM"]),
    noise=st.binary(max_size=600),
)
def test_random_bytes_are_refused(head: bytes, noise: bytes) -> None:
    assert heard_or_refused(head + noise)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 10**6), value=st.integers(0, 255), share=st.floats(0, 1))
def test_a_damaged_flac_is_heard_or_refused(place: int, value: int, share: float) -> None:
    content = bytearray(FLAC[: max(int(len(FLAC) * share), 1)])
    content[place % len(content)] = value
    assert heard_or_refused(bytes(content))


def test_a_sound_alone_leads_the_music(tiny_engine: Engine, tmp_path: Path) -> None:
    low, high = tmp_path / "low.wav", tmp_path / "high.wav"
    low.write_bytes(encoded(tone(2.0, hertz=110.0)))
    high.write_bytes(encoded(tone(2.0, hertz=3000.0)))
    clips = [
        tiny_engine.generate(Request(audio=path, seconds=1, seed=0)) for path in (low, high, low)
    ]
    assert clips[0].samples.tobytes() == clips[2].samples.tobytes()
    assert clips[0].samples.tobytes() != clips[1].samples.tobytes()
    audio = clips[0].receipt["request"]["audio"]
    assert audio == {"name": "low.wav", "sha256": hashlib.sha256(low.read_bytes()).hexdigest()}


def test_a_sound_beside_words_counts(tiny_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(tone(2.0)))
    with_it, without = (
        tiny_engine.generate(Request(prompt="calm piano", audio=audio, seconds=1, seed=0))
        for audio in (path, None)
    )
    assert with_it.samples.tobytes() != without.samples.tobytes()
    assert without.receipt["request"]["audio"] is None


@pytest.mark.parametrize("family", ["mg2", "audioldm"])
def test_latent_diffusion_hears_too(
    request: pytest.FixtureRequest, tmp_path: Path, family: str
) -> None:
    engine: Engine = request.getfixturevalue(family)
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(tone(1.0)))
    clips = [
        engine.generate(Request(prompt=prompt, audio=audio, seconds=1, seed=0, steps=2))
        for prompt, audio in (("piano", path), ("piano", None), ("", path))
    ]
    assert len({clip.samples.tobytes() for clip in clips}) == 3
    assert clips[0].receipt["request"]["audio"]["name"] == "a.wav"


def test_command(capsys: Capture, tiny_pack: Path, tmp_path: Path) -> None:
    path = mp3(tmp_path / "a.mp3", 20.0, 0.5)
    arguments = ["generate", "--audio", str(path), "-o", str(tmp_path / "b.wav"), "--seconds", "1"]
    assert main([*arguments, "--pack", str(tiny_pack)]) == 0
    assert "damaged" in capsys.readouterr().err
