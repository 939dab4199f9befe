"""Folders of CLIP: the library's tower and ours see the same; what is no CLIP is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

pytest.importorskip("transformers", reason="transformers is not installed; it is compared")

from safetensors.torch import load_file, save_file

from descant.export.checkpoints.clip_folder import open_clip_folder
from descant.export.checkpoints.errors import (
    CheckpointError,
    CheckpointKeysError,
    NonFiniteWeightsError,
    UnknownCheckpointError,
    UnreadableCheckpointError,
)
from descant.models.nets.clip_vision import ClipVision
from tests.export.clip_models import (
    FEATURE,
    MEAN,
    SIDE,
    STD,
    Theirs,
    write_vision,
    write_whole,
)

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]
MAKERS: dict[str, Callable[[Path], Theirs]] = {"vision": write_vision, "whole": write_whole}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a good folder; copy it before changing it."""
    return write_vision(tmp_path_factory.mktemp("clip") / "vision").folder


@pytest.mark.parametrize("kind", MAKERS)
@torch.no_grad()
def test_features_are_the_librarys(kind: str, tmp_path: Path) -> None:
    theirs = MAKERS[kind](tmp_path / kind)
    found = open_clip_folder(theirs.folder)
    ours = ClipVision(found.config).eval()
    ours.load_state_dict(found.state)
    picture = torch.rand(3, 3, SIDE, SIDE)
    pixels = (picture - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
    wanted = torch.nn.functional.normalize(theirs.features(pixels), dim=-1)
    assert wanted.shape == (3, FEATURE)
    assert float((wanted[0] - wanted[1]).norm()) > 0.01
    torch.testing.assert_close(ours(picture), wanted, rtol=1e-4, atol=1e-5)


def _settings(name: str, **changed: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_text(json.dumps(json.loads(path.read_text()) | changed), encoding="utf-8")

    return change


def _weights(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], None]:
    def rewrite(folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        change(tensors)
        save_file(tensors, folder / "model.safetensors")

    return rewrite


def _cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


PROJECTION = "visual_projection.weight"
BAD: dict[str, tuple[Callable[[Path], object], type[CheckpointError], str]] = {
    "no settings": (lambda f: (f / "config.json").unlink(), UnreadableCheckpointError, "config"),
    "no pixels": (
        lambda f: (f / "preprocessor_config.json").unlink(), UnreadableCheckpointError, "config",
    ),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), UnreadableCheckpointError, "bin"),
    "no JSON": (lambda f: (f / "config.json").write_text("{"), UnreadableCheckpointError, "JSON"),
    "cut off": (_cut, UnreadableCheckpointError, "damaged"),
    "another model": (_settings("config.json", model_type="bert"), UnknownCheckpointError, "bert"),
    "a word": (_settings("config.json", hidden_size="wide"), UnknownCheckpointError, "hidden_size"),
    "no heads": (_settings("config.json", num_attention_heads=0), UnknownCheckpointError, "heads"),
    "uneven": (_settings("config.json", num_attention_heads=5), UnknownCheckpointError, "split"),
    "endless": (
        _settings("config.json", num_hidden_layers=10**9), UnknownCheckpointError, "layers",
    ),
    "huge": (_settings("config.json", image_size=10**9), UnknownCheckpointError, "pixels"),
    "activation": (_settings("config.json", hidden_act="silu"), UnknownCheckpointError, "silu"),
    "deeper": (
        _settings("config.json", num_hidden_layers=3), CheckpointKeysError, "encoder.layers.2",
    ),
    "wider": (_settings("config.json", hidden_size=64), CheckpointKeysError, "expected"),
    "another size": (
        _settings("preprocessor_config.json", crop_size=24), UnknownCheckpointError, "24",
    ),
    "no colour": (
        _settings("preprocessor_config.json", image_mean=[0.5, 0.5]), UnknownCheckpointError,
        "image_mean",
    ),
    "no spread": (
        _settings("preprocessor_config.json", image_std=[0.3, 0.0, 0.3]), UnknownCheckpointError,
        "image_std",
    ),
    "lacking": (_weights(lambda t: t.pop(PROJECTION)), CheckpointKeysError, PROJECTION),
    "unknown": (
        _weights(lambda t: t.update(vision_extra=torch.zeros(1))), CheckpointKeysError, "extra",
    ),
    "infinite": (
        _weights(lambda t: t[PROJECTION].fill_(torch.inf)), NonFiniteWeightsError, PROJECTION,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_folders_are_refused(case: str, folder: Path, tmp_path: Path) -> None:
    spoil, kind, mention = BAD[case]
    copy = tmp_path / "clip"
    shutil.copytree(folder, copy)
    spoil(copy)
    with pytest.raises(kind, match=mention) as caught:
        open_clip_folder(copy)
    assert caught.value.hint


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCheckpointError, match="no folder"):
        open_clip_folder(tmp_path / "nowhere")
