"""Loops as files: where players find their points."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import soundfile

from descant.runtime import Clip, Engine, Request, read_receipt
from descant.runtime.loop_tags import write_loop
from descant.runtime.wav import wav_loop


@pytest.fixture(scope="module")
def clip(tiny_engine: Engine) -> Clip:
    """Return a loop of one bar."""
    return tiny_engine.generate(
        Request(prompt="calm piano", tempo_bpm=173.0, bars=1, loop=True, seed=4)
    )


def length(clip: Clip) -> int:
    return int(clip.samples.shape[1])


def test_wav_has_loop_points(clip: Clip, tmp_path: Path) -> None:
    for depth in (16, 24):
        content = clip.save(tmp_path / "a.wav", depth).read_bytes()
        assert wav_loop(content) == (0, length(clip))
        samples, _ = soundfile.read(tmp_path / "a.wav")
        assert len(samples) == length(clip)
    receipt = read_receipt(tmp_path / "a.wav")
    assert receipt == json.loads(json.dumps(clip.receipt))


@pytest.mark.parametrize("suffix", [".flac", ".ogg"])
def test_tags_have_loop_points(clip: Clip, tmp_path: Path, suffix: str) -> None:
    path = clip.save(tmp_path / f"a{suffix}")
    content = path.read_bytes()
    assert b"LOOPSTART=0" in content
    assert f"LOOPLENGTH={length(clip)}".encode() in content
    assert b"album=" not in content.lower()
    # As RPG Maker MV reads them: digits up to any other byte, early in the tags.
    assert re.findall(rb"LOOPSTART=([0-9]+)", content) == [b"0"]
    assert re.findall(rb"LOOPLENGTH=([0-9]+)", content) == [str(length(clip)).encode()]
    if suffix == ".ogg":
        assert content.index(b"LOOPLENGTH=") - content.index(b"\x03vorbis") < 220
    samples, _ = soundfile.read(path)
    assert len(samples) == length(clip)
    assert read_receipt(path) == json.loads(json.dumps(clip.receipt))
    assert clip.save(path).read_bytes() == content


def test_other_players_read_the_tags(clip: Clip, tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed; it is in the extra media")
    for suffix in (".flac", ".ogg"):
        with av.open(str(clip.save(tmp_path / f"a{suffix}"))) as container:
            stream = container.streams.audio[0]
            tags = {**container.metadata, **stream.metadata}
            assert (tags["LOOPSTART"], tags["LOOPLENGTH"]) == ("0", str(length(clip)))
            assert sum(frame.samples for frame in container.decode(stream)) == length(clip)


def test_other_clips_have_no_loop_points(tiny_engine: Engine, tmp_path: Path) -> None:
    made = tiny_engine.generate(Request(prompt="calm", seconds=1, seed=1))
    assert wav_loop(made.save(tmp_path / "a.wav").read_bytes()) is None
    assert b"LOOP" not in made.save(tmp_path / "a.flac").read_bytes()
    assert made.receipt["seam_score"] is None
    with pytest.raises(ValueError, match="no room"):
        write_loop(b"fLaC", 10)
    with pytest.raises(ValueError, match="not a WAV"):
        wav_loop(b"fLaC")
