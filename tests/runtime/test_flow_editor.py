"""The starter from a recording: vary, replace a region, go on; what stays and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from descant.models.theory.notes import Key, Note
from descant.runtime import Clip, Engine, Request, read_receipt, replay
from descant.runtime.cli.main import main
from tests.runtime.sounds import tone

RATE = 44100


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stereo recording at another rate, which nobody has a receipt of."""
    notes = [tone(0.5, 48000, hertz) for hertz in (262.0, 330.0, 392.0, 523.0) * 4]
    left = np.concatenate(notes)
    path = tmp_path_factory.mktemp("theirs") / "theirs.wav"
    soundfile.write(path, np.stack([left, 0.5 * left], 1), 48000, subtype="PCM_16")
    return path


def make(engine: Engine, **wish: Any) -> Clip:
    return engine.generate(Request(seed=1, steps=4, **wish))


def test_a_clip_is_varied_with_its_own_words_melody_and_length(
    tiny_engine: Engine, ours: Path
) -> None:
    clip = make(tiny_engine, init=ours, strength=0.5)
    assert clip.samples.shape == (1, 4 * RATE)
    asked = clip.receipt["request"]
    assert asked["prompt"] == "calm piano"
    assert asked["init"]["name"] == "ours.wav"
    assert asked["strength"] == 0.5
    assert clip.receipt["music"] == {"tempo_bpm": 120.0, "key": "D minor", "beats_per_bar": 4}
    assert clip.receipt["lead"] == read_receipt(ours)["lead"] | {  # type: ignore[index]
        "melody": clip.receipt["lead"]["melody"], "chords": clip.receipt["lead"]["chords"],
        "bass": clip.receipt["lead"]["bass"], "intensity": clip.receipt["lead"]["intensity"],
    }  # fmt: skip


def test_strength_zero_is_the_recording_as_it_is_heard_whatever_the_seed(
    tiny_engine: Engine, ours: Path
) -> None:
    first = tiny_engine.generate(Request(init=ours, strength=0.0, seed=1))
    other = tiny_engine.generate(Request(init=ours, strength=0.0, seed=2, prompt="loud rock"))
    assert (first.samples == other.samples).all()


def test_the_words_of_a_variation_may_change_and_move_its_key(
    tiny_engine: Engine, ours: Path
) -> None:
    clip = make(tiny_engine, init=ours, prompt="happy guitar in E minor", strength=0.9)
    assert clip.receipt["music"]["key"] == "E minor"
    slower = make(tiny_engine, init=ours, tempo_bpm=90.0, key=Key(0))
    assert slower.receipt["music"]["tempo_bpm"] == 90.0


def test_outside_of_a_replaced_region_a_file_keeps_its_bits(
    tiny_engine: Engine, ours: Path, tmp_path: Path
) -> None:
    clip = make(tiny_engine, init=ours, inpaint=(1.5, 2.5))
    saved = clip.save(tmp_path / "new.wav")
    before, _ = soundfile.read(ours, dtype="int16")
    after, _ = soundfile.read(saved, dtype="int16")
    changed = np.flatnonzero(before != after)
    assert len(changed) > RATE / 4
    assert changed.min() >= 1.5 * RATE
    assert changed.max() < 2.5 * RATE
    assert clip.seam_score is not None


def test_a_region_of_a_stereo_recording_has_its_rate_and_channels(
    tiny_engine: Engine, theirs: Path, tmp_path: Path
) -> None:
    clip = make(tiny_engine, init=theirs, inpaint=(3.0, 4.0), prompt="calm piano")
    assert (clip.sample_rate, clip.samples.shape) == (48000, (2, 8 * 48000))
    before, _ = soundfile.read(theirs, dtype="int16", always_2d=True)
    after, _ = soundfile.read(clip.save(tmp_path / "n.flac"), dtype="int16", always_2d=True)
    outside = np.r_[0 : 3 * 48000, 4 * 48000 : 8 * 48000]
    assert (before[outside] == after[outside]).all()
    inside = after[int(3.2 * 48000) : int(3.8 * 48000)].astype(float)
    assert np.linalg.norm(inside[:, 1]) < np.linalg.norm(inside[:, 0])


def test_a_clip_goes_on_in_its_own_time_and_from_its_own_melody(
    tiny_engine: Engine, ours: Path
) -> None:
    clip = make(tiny_engine, continues=ours, seconds=3.0)
    assert clip.samples.shape == (1, 3 * RATE)
    lead = clip.receipt["lead"]
    assert lead["begin_seconds"] == pytest.approx(4.0)
    assert lead["tempo_bpm"] == 120.0
    assert clip.receipt["request"]["continues"]["name"] == "ours.wav"
    again = make(tiny_engine, continues=ours, seconds=3.0)
    assert (again.samples == clip.samples).all()


def test_a_joined_clip_begins_with_the_file_and_has_no_dip_where_that_faded(
    tiny_engine: Engine, ours: Path, tmp_path: Path
) -> None:
    clip = make(tiny_engine, continues=ours, seconds=3.0, joined=True)
    assert clip.samples.shape == (1, 7 * RATE)
    before, _ = soundfile.read(ours, dtype="int16")
    after, _ = soundfile.read(clip.save(tmp_path / "j.wav"), dtype="int16")
    same = round(3.15 * RATE)
    assert (before[:same] == after[:same]).all()
    assert clip.receipt["lead"]["begin_seconds"] == 0.0
    last = slice(round(3.97 * RATE), 4 * RATE)
    assert np.linalg.norm(after[last].astype(float)) > 3 * np.linalg.norm(
        before[last].astype(float)
    )


def test_a_continuation_can_be_continued(tiny_engine: Engine, ours: Path, tmp_path: Path) -> None:
    first = make(tiny_engine, continues=ours, seconds=3.3)
    second = make(tiny_engine, continues=first.save(tmp_path / "b.wav"), seconds=2.0)
    assert second.receipt["lead"]["begin_seconds"] == pytest.approx(7.3)
    assert second.receipt["request"]["prompt"] == "calm piano"


def test_a_strange_recording_is_its_own_wish(tiny_engine: Engine, theirs: Path) -> None:
    clip = make(tiny_engine, continues=theirs, seconds=2.0)
    assert (clip.sample_rate, clip.samples.shape) == (48000, (2, 2 * 48000))
    assert clip.receipt["request"]["audio"]["name"] == "theirs.wav"
    assert not clip.retrieved
    assert clip.sheet is not None
    beats = clip.sheet.tempo_bpm / 60.0
    assert any(n.start > 8.0 * beats for n in clip.sheet.notes)  # what was heard comes again


def test_a_given_tune_follows_the_file(tiny_engine: Engine, ours: Path) -> None:
    tune = tuple(Note(i, 1.0, 72) for i in range(8))
    clip = make(tiny_engine, continues=ours, seconds=4.0, melody=tune)
    assert clip.sheet is not None
    assert clip.sheet.tempo_bpm == 120.0
    assert len({n.pitch for n in clip.sheet.notes if 8.0 <= n.start < 16.0}) == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"init": "OURS", "strength": 0.4},
        {"init": "OURS", "inpaint": (1.0, 2.0), "prompt": "sad flute"},
        {"continues": "OURS", "seconds": 2.0, "joined": True},
        {"continues": "OURS", "seconds": 2.0, "melody": (Note(0, 1, 62), Note(1, 1, 65))},
    ],
)
def test_what_was_made_of_a_recording_is_made_again(
    tiny_engine: Engine, ours: Path, tmp_path: Path, wish: dict[str, Any]
) -> None:
    wish = {name: ours if value == "OURS" else value for name, value in wish.items()}
    saved = make(tiny_engine, **wish).save(tmp_path / "made.wav")
    again = replay(saved, tiny_engine, inputs=[ours.parent])
    assert (again.verdict, again.reasons) == ("identical", ())


def test_the_command_line_goes_on_and_varies(
    tiny_pack: Path, ours: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--pack", str(tiny_pack), "--json", "--steps", "2", "--seed", "1"]
    more = ["--continue", str(ours), "--joined", "--seconds", "2", "-o", str(tmp_path / "m.wav")]
    assert main(["generate", "", *more, *common]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["seconds"] == 6.0
    assert report["inputs"]["continues"]["name"] == "ours.wav"
    assert report["seam_score"] > 0
    wish = ["--vary", str(ours), "--strength", "0.3", "-o", str(tmp_path / "v.wav")]
    assert main(["generate", "", *wish, *common]) == 0
    assert main(["generate", "", "--joined", "-o", str(tmp_path / "n.wav"), *common]) == 2
