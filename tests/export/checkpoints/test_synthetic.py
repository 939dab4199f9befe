"""The script that writes checkpoints of published size, here at a reduced one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tools import make_synthetic_checkpoint as script

from descant.export.checkpoints.imported import import_checkpoint
from tests.export.checkpoints import reduced
from tests.golden.golden_format import golden_tensor

pytestmark = pytest.mark.torch


@pytest.fixture(autouse=True)
def reduced_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the script believe that the reduced model is the published one."""
    monkeypatch.setattr(script, "published", reduced.latent_diffusion)


def test_the_file_holds_the_formula_under_official_names(tmp_path: Path) -> None:
    path = tmp_path / "mg2.ckpt"
    script.write(path, "mg2", optimizer=False)
    imported = import_checkpoint(path)
    assert imported.scale_factor == pytest.approx(0.9)
    for part in imported.parts:
        drawn = [(n, t) for n, t in imported.load(part).items() if t.is_floating_point()]
        for name, tensor in drawn[::5]:
            expected = golden_tensor(name, tuple(tensor.shape))
            np.testing.assert_array_equal(tensor.numpy(), expected, err_msg=name)
    average, raw = imported.unet, import_checkpoint(path, weights="raw").unet
    assert average.keys() == raw.keys()
    assert not any(torch.equal(average[name], raw[name]) for name in average)


def test_the_file_is_laid_out_as_pytorch_does(tmp_path: Path) -> None:
    path = tmp_path / "s.ckpt"
    script.write(path, "audioldm-s", optimizer=True)
    content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    (optimizer,) = content["optimizer_states"]
    assert len(optimizer["state"]) == 690
    assert all(tensor.data_ptr() % 64 == 0 for tensor in content["state_dict"].values())
    assert import_checkpoint(path).kind == "audioldm"
