"""The command that writes pictures and stories, with no soundfont at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from descant.models.synthset.__main__ import main
from descant.models.synthset.compose import compose
from descant.models.synthset.gallery import picture, scene_of, story


def test_pictures_stories_and_truth_are_written(tmp_path: Path) -> None:
    folder, sheet = tmp_path / "scenes", tmp_path / "sheet.png"
    options = ["--pictures", str(folder), "--no-audio", "--count", "3", "--seed", "7"]
    assert main([*options, "--split", "test", "--sheet", str(sheet)]) == 0
    lines = [json.loads(line) for line in (folder / "scenes.jsonl").read_text().splitlines()]
    assert [line["seed"] for line in lines] == [7, 8, 9]
    assert (
        sorted(path.suffix for path in folder.iterdir()) == [".jsonl"] + [".png"] * 3 + [".txt"] * 3
    )
    for line in lines:
        piece = compose(line["seed"], "test")
        stem = folder / f"test-{piece.seed:06d}"
        with Image.open(stem.with_suffix(".png")) as image:
            assert image.tobytes() == picture(piece).tobytes()
            assert list(image.size) == line["size"]
        assert stem.with_suffix(".txt").read_text() == story(piece) + "\n" == line["story"] + "\n"
        assert line["scene"]["place"] == scene_of(piece).place
        assert line["music"]["key"] == str(piece.truth.key)
    with Image.open(sheet) as page:
        assert page.size == (3 * 164 + 4, 164 + 4)


@pytest.mark.parametrize(
    "options",
    [[], ["--no-audio"], ["--out", "x", "--sheet", "y.png"], ["--pictures", "x", "--count", "0"]],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 2
    assert "--" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--pictures", str(tmp_path / "file"), "--no-audio"]) == 2
    assert "error" in capsys.readouterr().err
