"""From a Stable Diffusion folder to music, by the commands that a user types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="torch is not installed; it makes the branch")
pytest.importorskip("diffusers", reason="diffusers is not installed; it saves the folder")

from descant.runtime import Engine, Progress, Request
from descant.runtime.cli import main
from descant.runtime.errors import RequestError
from tests.export.sd_models import edit_manifest

pytestmark = pytest.mark.torch


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a file with a picture."""
    path = tmp_path / "picture.png"
    noise = np.random.default_rng(2).integers(0, 256, (90, 120, 3)).astype(np.uint8)
    Image.fromarray(noise).save(path)
    return path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_branch_is_connected_and_heard(
    small_branch: Path,
    tiny_pack: Path,
    tiny_engine: Engine,
    picture: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    request = Request(images=(picture,), image_branch=small_branch, seconds=1, seed=3)
    with pytest.raises(RequestError, match="not connected to a pack yet"):
        tiny_engine.generate(request)
    connect = ["export", "connect", str(small_branch), "--pack", str(tiny_pack), "--pictures", "10"]
    assert main([*connect, "--json"]) == 0
    made = told(capsys)
    assert made["pictures"] == 10
    assert len(made["layers"]) == len(made["explained"]) == 1
    assert (made["heads"], made["head_dim"]) == (1, 3)

    reports: list[Progress] = []
    clip = tiny_engine.generate(request, reports.append)
    stages = [report.stage for report in reports]
    assert stages.count("picture") == 2  # steps of the inversion
    assert stages.index("picture") < stages.index("sample")
    fractions = [report.fraction for report in reports]
    assert fractions == sorted(fractions)
    assert clip.receipt["request"]["image_branch"]["name"] == small_branch.name
    own = tiny_engine.generate(Request(images=(picture,), seconds=1, seed=3))
    assert own.receipt["request"]["image_branch"] is None
    assert not np.array_equal(clip.samples, own.samples)

    out = tmp_path / "out.wav"
    words = ["generate", "-o", str(out), "--image", str(picture), "--image-branch"]
    words += [str(small_branch), "--pack", str(tiny_pack), "--seconds", "1", "--seed", "3"]
    assert main(words) == 0
    assert out.stat().st_size > 1000

    edit_manifest(small_branch, lambda spec: spec["adapter"].update(pack="tiny 0"))
    capsys.readouterr()
    assert main(words) == 2
    assert "is connected to 'tiny 0', not to" in capsys.readouterr().err


def test_a_branch_without_a_picture_is_refused(picture: Path) -> None:
    with pytest.raises(RequestError, match="image_branch is given without images"):
        Request(prompt="x", image_branch="branch")
    with pytest.raises(RequestError, match="image_branch must be the path"):
        Request(images=(picture,), image_branch="")
