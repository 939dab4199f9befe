"""Clips as files: formats, receipts, equal bytes, and an old file that survives every failure."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.runtime import Clip, Engine, Request, read_receipt
from descant.runtime.encode import OGG_SERIAL, encode_audio, with_serial
from descant.runtime.errors import OutputError
from descant.runtime.files import numbered, write_atomically
from descant.runtime.true_peak import true_peak
from descant.runtime.wav import wav_bytes, wav_comment

OLD = b"the old file"


@pytest.fixture(scope="module")
def clip(tiny_engine: Engine) -> Clip:
    """Return a short clip."""
    return tiny_engine.generate(Request(prompt="calm piano", seconds=1.5, seed=4))


@pytest.mark.parametrize(
    ("suffix", "depth", "subtype"),
    [
        (".wav", 16, "PCM_16"),
        (".wav", 24, "PCM_24"),
        (".WAV", 16, "PCM_16"),
        (".flac", 16, "PCM_16"),
        (".flac", 24, "PCM_24"),
        (".ogg", 16, "VORBIS"),
    ],
)
def test_formats(clip: Clip, tmp_path: Path, suffix: str, depth: int, subtype: str) -> None:
    path = clip.save(tmp_path / f"a{suffix}", depth)
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (44100, 1, subtype)
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert samples.T.shape == clip.samples.shape
    if suffix != ".ogg":
        # Half a step of rounding, and full scale is 32767 of 32768.
        np.testing.assert_allclose(samples.T, clip.samples, atol=1.6 / 2 ** (depth - 1))
    assert true_peak(samples.T) <= 10 ** (-1 / 20) + 1e-4
    assert read_receipt(path) == json.loads(json.dumps(clip.receipt))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_equal_bytes(clip: Clip, tmp_path: Path, suffix: str) -> None:
    first = clip.save(tmp_path / f"a{suffix}").read_bytes()
    time.sleep(0.01)
    assert clip.save(tmp_path / f"b{suffix}").read_bytes() == first


def test_ogg_serial_is_ours_and_checksums_hold(clip: Clip) -> None:
    content = bytes(encode_audio(clip.samples, 44100, ".ogg", 16, "x"))
    assert content[14:18] == OGG_SERIAL.to_bytes(4, "little")
    samples, _ = soundfile.read(io.BytesIO(content))
    assert len(samples) == clip.samples.shape[1]
    # A wrong check sum makes the decoder lose pages.
    broken = bytearray(with_serial(content, 5))
    broken[22] ^= 0xFF
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.read(io.BytesIO(bytes(broken)))
    with pytest.raises(ValueError, match="page"):
        with_serial(b"nothing", 1)


@pytest.mark.parametrize("length", [0, 1, 7, 5000, 70000])
def test_long_comments_in_wav(length: int) -> None:
    frames = np.arange(-50, 51, dtype=np.int32)[:, None]
    text = "ü" * length
    content = bytes(wav_bytes(frames, 44100, 24, text))
    assert wav_comment(io.BytesIO(content)) == text
    samples, rate = soundfile.read(io.BytesIO(content), dtype="int32")
    assert rate == 44100
    np.testing.assert_array_equal(samples >> 8, frames[:, 0])


def test_loud_samples_do_not_wrap_around() -> None:
    wave = np.array([[1.5, -1.5, 1.0, -1.0]], np.float32)
    samples, _ = soundfile.read(io.BytesIO(encode_audio(wave, 44100, ".wav", 16, "")))
    np.testing.assert_allclose(samples, [1, -1, 1, -1], atol=1e-4)


def test_receipts_that_are_none(tmp_path: Path) -> None:
    plain = tmp_path / "plain.wav"
    plain.write_bytes(wav_bytes(np.zeros((9, 1), np.int32), 44100, 16, "just words"))
    assert read_receipt(plain) is None
    for content in (b"", b"RIFF", b"no audio"):
        plain.write_bytes(content)
        with pytest.raises(OutputError):
            read_receipt(plain)
    with pytest.raises(OutputError):
        read_receipt(tmp_path / "missing.flac")
    for device in ("/dev/zero", "."):
        with pytest.raises(OutputError):
            read_receipt(device)


def test_a_receipt_is_read_without_the_samples(clip: Clip, tmp_path: Path) -> None:
    content = clip.save(tmp_path / "a.wav").read_bytes()
    place = content.index(b"data")
    size = int.from_bytes(content[place + 4 : place + 8], "little")
    large = 2_000_000_000
    with (tmp_path / "large.wav").open("wb") as file:  # a hole: it takes no room on the disk
        file.write(content[: place + 4] + large.to_bytes(4, "little"))
        file.seek(place + 8 + large)
        file.write(content[place + 8 + size :])
    begin = time.perf_counter()
    assert read_receipt(tmp_path / "large.wav") == read_receipt(tmp_path / "a.wav") is not None
    assert time.perf_counter() - begin < 2.0


@pytest.mark.parametrize("name", ["a.mp3", "a", "no/a.wav", ".wav/", "a.wav/b.wav", "a\0b.wav"])
def test_paths_that_can_not_be(clip: Clip, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.wav").write_bytes(OLD)
    with pytest.raises(OutputError) as refused:
        clip.save(f"{tmp_path}/{name}")
    assert refused.value.hint
    assert (tmp_path / "a.wav").read_bytes() == OLD
    with pytest.raises(OutputError, match="bit_depth"):
        clip.save(tmp_path / "b.wav", 32)


def test_folder_in_the_way(clip: Clip, tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(OutputError, match="folder"):
        clip.save(tmp_path / "a.wav")


def test_read_only_folder(clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(OLD)
    real = os.access
    # Root may write anywhere, so the answer of the system is what is changed.
    monkeypatch.setattr(os, "access", lambda p, m: False if m == os.W_OK else real(p, m))
    with pytest.raises(OutputError, match="read-only"):
        clip.save(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == OLD


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_failing_disk(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(OLD)

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    if call == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=os.strerror(code)):
        clip.save(path)
    assert path.read_bytes() == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on file sizes")
def test_file_that_outgrows_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(OLD)
    code = (
        "import resource, signal, sys\n"
        "from descant.runtime.files import write_atomically\n"
        "from descant.runtime.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    write_atomically(sys.argv[1], bytes(100000))\n"
        "except OutputError as error:\n"
        "    sys.exit('too large' in str(error).lower())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == 1
    assert path.read_bytes() == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]


WRITER = (
    "import sys\n"
    "from descant.runtime.files import write_atomically\n"
    "content = sys.argv[2].encode() * 3_000_000\n"
    "print('ready', flush=True)\n"
    "while True:\n"
    "    write_atomically(sys.argv[1], content)\n"
)


def start_writer(path: Path, letter: str) -> subprocess.Popen[bytes]:
    """Start a process that writes ``path`` over and over."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), letter], stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stdout.readline().strip() == b"ready"
    return writer


def test_two_processes_and_a_kill_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"a" * 3_000_000)
    writers = [start_writer(path, letter) for letter in "ab"]
    try:
        for _ in range(20):
            content = path.read_bytes()
            assert content in (b"a" * 3_000_000, b"b" * 3_000_000)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
            assert writer.stdout is not None
            writer.stdout.close()
    assert path.read_bytes() in (b"a" * 3_000_000, b"b" * 3_000_000)


def test_numbered_names() -> None:
    assert numbered("x/a.wav", 1, 1) == Path("x/a.wav")
    assert numbered("x/a.b.wav", 3, 12) == Path("x/a.b-03.wav")
    assert numbered("a.mid", 7, 1000) == Path("a-0007.mid")


def test_long_names_still_have_room(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 240 + ".wav")
    write_atomically(path, OLD)
    assert path.read_bytes() == OLD
    with pytest.raises(OutputError):
        write_atomically(tmp_path / ("n" * 300), OLD)
