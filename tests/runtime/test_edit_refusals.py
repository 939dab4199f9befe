"""What can't be made of a recording is refused, with a hint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from descant.runtime import Engine, Request, RequestError
from descant.runtime.original import read_original
from tests.runtime.sounds import encoded, streamed, tone

RATE = 44100


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"init": "OURS", "inpaint": (1.0, 9.0)}, "inpaint end"),
        ({"init": "OURS", "seconds": 30.0}, "as long as init lasts"),
        ({"init": "OURS", "inpaint": (1.0, 2.0), "seconds": 3.0}, "leave it out"),
        ({"continues": "OURS", "tempo_bpm": 90.0}, "keeps that of the recording"),
        ({"continues": "OURS", "intensity": (0.1, 0.9)}, "keeps that of the recording"),
        ({"continues": "OURS", "key": "C major"}, "keeps that of the recording"),
        ({"continues": "OURS", "bars": 4}, "bars can't be asked for"),
        ({"continues": "OURS", "loop": True}, "loop is given with a recording"),
        ({"init": "/nowhere.wav"}, "init"),
    ],
)
def test_what_can_not_be_done_is_refused(
    tiny_engine: Engine, ours: Path, wish: dict[str, Any], words: str
) -> None:
    wish = {name: ours if value == "OURS" else value for name, value in wish.items()}
    with pytest.raises(RequestError) as refused:
        tiny_engine.generate(Request(**wish))
    assert words in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    "wish", [{"init": "a.wav", "continues": "b.wav"}, {"joined": True, "prompt": "x"},
             {"continues": 5}, {"init": ""}],
)  # fmt: skip
def test_wishes_that_contradict_themselves_are_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        Request(**wish)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(encoded(np.zeros(RATE * 2, np.float32)), id="silent"),
        pytest.param(encoded(tone(0.3)), id="short"),
        pytest.param(b"RIFF", id="damaged"),
    ],
)
@pytest.mark.parametrize("name", ["init", "continues"])
def test_recordings_that_can_not_be_used_are_refused(
    tiny_engine: Engine, tmp_path: Path, content: bytes, name: str
) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    wish: dict[str, Any] = {name: path}
    with pytest.raises(RequestError):
        tiny_engine.generate(Request(**wish))


def test_a_pack_without_a_transcriber_says_so(blind_pack: Path, ours: Path) -> None:
    with Engine.open(blind_pack, threads=1) as engine, pytest.raises(RequestError) as refused:
        engine.generate(Request(init=ours))
    assert "no transcriber" in str(refused.value)


def test_a_pack_of_another_family_can_not_go_on(audioldm: Engine, ours: Path) -> None:
    with pytest.raises(RequestError, match="continues"):
        audioldm.generate(Request(prompt="calm", continues=ours))


@pytest.mark.parametrize("wish", ["init", "continues", "joined"])
@pytest.mark.parametrize("kind", ["mp3", "flac", "wav", "ogg"])
def test_a_recording_that_was_cut_off_is_taken_as_far_as_it_goes(
    tmp_path: Path, wish: str, kind: str
) -> None:
    path = tmp_path / f"a.{kind}"
    notes = [tone(5.0, hertz=hertz) for hertz in (300.0, 500.0, 700.0, 900.0, 1100.0)]
    content = encoded(np.concatenate(notes), kind=kind.upper())
    path.write_bytes(content[: len(content) // 2])
    request = Request(init=path) if wish == "init" else Request(continues=path)
    original = read_original(replace(request, joined=wish == "joined"))
    assert original.warnings == (f"'a.{kind}' is damaged: only a part of it was heard",)
    assert 9.0 < original.seconds < 16.0
    assert original.first == 0 or original.total - original.first == 12 * RATE
    begin = int(6.0 * RATE) - original.first
    spectrum = np.abs(np.fft.rfft(original.samples[0, begin : begin + RATE]))
    assert spectrum.argmax() == pytest.approx(500, abs=1)


def test_a_streamed_recording_is_taken_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(streamed(tone(3.3)))
    original = read_original(Request(init=path))
    assert (original.total, original.warnings) == (round(3.3 * RATE), ())
