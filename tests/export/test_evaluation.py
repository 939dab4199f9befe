"""``descant eval`` on a tiny pack: all kinds that it can be asked for, the same every time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("librosa", reason="librosa is not installed")
pytest.importorskip("mir_eval", reason="mir_eval is not installed")
pytest.importorskip("tinysoundfont", reason="tinysoundfont is not installed")

from descant.export.errors import ExportInputError
from descant.export.evaluation import keys, real, run, studio, tempo, transcribe
from descant.export.evaluation.cases import FIRST_SEED, Case, make_case
from descant.export.evaluation.report import EVALUATION_FORMAT, Evaluation, LeftOut
from descant.export.evaluation.run import Options, evaluate
from descant.export.evaluation.table import HEADINGS, markdown, plain, rows
from descant.export.judge import Judge
from descant.models.strict_json import from_json
from descant.runtime.cli import main
from tests.runtime.cli_helpers import Capture, refused

pytestmark = pytest.mark.torch

CLIPS, CATALOGUE = 2, 4
ASKED = ["prompt", "story", "picture", "prompt_picture", "sound", "melody", "intensity"]


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory, judge_folder: Path) -> Options:
    """Two clips of each kind, the real music in a new folder."""
    return Options(tmp_path_factory.mktemp("cache"), CLIPS, CATALOGUE, judge=judge_folder)


@pytest.fixture(scope="module", autouse=True)
def deaf() -> Iterator[None]:
    """Leave out the tools whose measures have tests of their own and take seconds to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempo, "measure_tempo", lambda samples, rate: 100.0)
        patch.setattr(keys, "name_key", lambda samples, rate: "C major")
        patch.setattr(transcribe, "model_path", lambda: None)
        yield


@pytest.fixture(scope="module")
def done() -> list[float]:
    """Return what is reported while it works."""
    return []


@pytest.fixture(scope="module")
def found(tiny_pack: Path, options: Options, done: list[float], deaf: None) -> Evaluation:
    """Return the figures of the tiny pack."""
    return evaluate(str(tiny_pack), options, lambda what, share: done.append(share))


def test_every_kind_that_the_pack_takes_is_measured(found: Evaluation, done: list[float]) -> None:
    assert list(found.kinds) == ["real", *ASKED]
    assert done == sorted(done)
    assert len(done) == CATALOGUE + CLIPS * len(ASKED)
    assert done[-1] == 1.0
    assert [gap.what for gap in found.left_out] == ["melody F1 by ear"]
    assert found.picture_points
    assert found.retrieval["audio_to_caption"].r10 == 1.0
    assert "picture_to_audio" in found.retrieval


def test_pictures_are_left_out_where_the_pack_cannot_see(
    blind_pack: Path, options: Options
) -> None:
    asked = dataclasses.replace(options, kinds=("picture",))
    found = evaluate(str(blind_pack), asked, lambda *_: None)
    left_out = {gap.what: gap.why for gap in found.left_out}
    assert left_out["picture"] == "the pack has no picture_encoder and no picture_adapter"
    assert found.picture_points == {}
    assert "picture_to_audio" not in found.retrieval


def test_figures_mean_what_they_say(found: Evaluation) -> None:
    for kind in found.kinds.values():
        assert kind.clips == CLIPS
        assert 0.0 <= kind.quadrant <= 1.0
        assert kind.frechet_judge > 0.0
        assert kind.imsm is not None
    asked = found.kinds["melody"]
    assert asked.own_melody_f1 is not None
    assert asked.own_melody_f1 > 0.5  # the tiny pack plays the melody that it is given
    assert found.kinds["real"].query_score is None
    assert found.kinds["intensity"].intensity in (0.0, 0.5, 1.0)
    asked_bpm = [make_case(FIRST_SEED + i).piece.truth.tempo_bpm for i in range(CLIPS)]
    heard = [tempo.same_tempo(100.0, bpm) for bpm in asked_bpm]
    assert found.kinds["prompt"].tempo == sum(heard) / CLIPS


def test_the_command_gives_the_same_from_what_was_kept(
    tiny_pack: Path, options: Options, found: Evaluation, capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert options.judge is not None
    shipped = Judge(options.judge)
    monkeypatch.setattr(run, "Judge", lambda *_: shipped)
    monkeypatch.setattr(studio, "Judge", lambda *_: shipped)
    kept = sorted(options.cache.rglob("*-mel.npy"))
    assert len(kept) == CATALOGUE
    kept[0].write_bytes(b"damaged")
    monkeypatch.setattr(real, "clip_samples", _only(kept[0]))
    words = ["eval", str(tiny_pack), "--clips=2", "--catalogue=4", "--workers=1"]
    words += ["--kinds", "prompt, story"]
    assert main([*words, "--cache", str(options.cache), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["format"] == EVALUATION_FORMAT
    again, first = timeless(from_json(Evaluation, said)), timeless(found)
    assert list(again.kinds) == ["real", "prompt", "story"]
    assert LeftOut("sound", "it was not asked for") in again.left_out
    for name, kind in again.kinds.items():
        assert kind == first.kinds[name]
    assert (again.retrieval, again.judge) == (first.retrieval, first.judge)


def _only(path: Path) -> Callable[[Case], NDArray[np.float32]]:
    """Render the piece whose kept clip is damaged, and no other."""
    render = real.clip_samples

    def wrapped(case: Case) -> NDArray[np.float32]:
        assert path.name == f"{case.seed}-mel.npy"
        return render(case)

    return wrapped


def timeless(found: Evaluation) -> Evaluation:
    """Leave out the one figure that depends on the machine."""
    kinds = {
        name: dataclasses.replace(kind, seconds_per_clip=None) for name, kind in found.kinds.items()
    }
    return dataclasses.replace(found, kinds=kinds)


def test_tables_hold_every_figure(found: Evaluation) -> None:
    listed = rows(found)
    lines = markdown(listed).splitlines()
    assert lines[0] == f"| {' | '.join(HEADINGS)} |"
    assert {line.count("|") for line in lines} == {len(HEADINGS) + 1}
    assert len(plain(listed).splitlines()) == len(lines) == len(listed) + 2
    text = markdown(listed)
    for words in ("mood quadrant as asked: story", "R@1 / 5 / 10 among 4", "FAD / KL / IS"):
        assert words in text


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"clips": 1}, "clips"), ({"clips": 4, "catalogue": 7}, "catalogue"), ({"seed": -1}, "seed"),
     ({"workers": 0}, "workers")],
)  # fmt: skip
def test_numbers_that_make_no_sense(tmp_path: Path, fields: dict[str, int], named: str) -> None:
    with pytest.raises(ExportInputError, match=named):
        Options(tmp_path, **fields)  # type: ignore[arg-type]


def test_an_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(ExportInputError, match="'films'"):
        Options(tmp_path, kinds=("prompt", "films"))


def test_what_is_missing_is_said(
    capsys: Capture, tiny_mg2: Path, tiny_pack: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    refused(capsys, ["eval", "nowhere"], "nowhere")
    refused(capsys, ["eval", str(tiny_mg2)], "family mg2")
    with pytest.raises(ExportInputError, match="no card of the judge"):
        evaluate(str(tiny_pack), Options(tmp_path, 2, 4, judge=tmp_path), lambda *_: None)
