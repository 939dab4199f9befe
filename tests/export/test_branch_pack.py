"""Image branches on disk are not believed before they are checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed; it makes the branch")
pytest.importorskip("diffusers", reason="diffusers is not installed; it saves the folder")

from descant.runtime.branch_pack import open_branch
from descant.runtime.errors import PackError, PackFormatError, PackNotFoundError
from descant.runtime.pack import open_pack
from tests.export.sd_models import edit_manifest

pytestmark = pytest.mark.torch

Change = Callable[[dict[str, Any]], object]


def says(change: Change) -> Callable[[Path], None]:
    """Return what changes a folder's manifest."""
    return lambda folder: edit_manifest(folder, change)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda f: (f / "pack.json").unlink(), "no image branch"),
    "no graph": (lambda f: (f / "unet_step.onnx").unlink(), "missing"),
    "damaged graph": (lambda f: (f / "unet_step.onnx").write_bytes(b"x" * 99), "99 bytes instead"),
    "a format of tomorrow": (says(lambda s: s.update(format=2)), "spec.format"),
    "unknown key": (says(lambda s: s.update(more=1)), "more"),
    "other family": (says(lambda s: s.update(family="mg2")), "not an image branch"),
    "steps beyond the training": (
        says(lambda s: s["inversion"].update(steps=1000)), "spec.inversion",
    ),
    "endless schedule": (
        says(lambda s: s["inversion"].update(training_steps=10**12)), "spec.inversion",
    ),
    "no betas": (
        says(lambda s: s["inversion"].update(beta_end=2.0)), "spec.inversion",
    ),
    "huge picture": (
        says(lambda s: s["picture"].update(side=10**6)), "spec.picture.side",
    ),
    "fewer layers": (
        says(lambda s: s["picture"].update(layers=2)), "unet_step.outputs",
    ),
    "other latents": (
        says(lambda s: s["picture"].update(latent_channels=9)), "latents.shape",
    ),
    "adapter without graph": (
        says(
            lambda s: s.update(
                adapter={
                    "pack": "p", "layers": [0], "heads": 4, "head_dim": 64, "pictures": 9,
                    "explained": [0.5],
                }
            ),
        ),
        "branch_adapter: missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_damaged_branches_are_refused(small_branch: Path, case: str) -> None:
    damage, message = REFUSED[case]
    damage(small_branch)
    with pytest.raises(PackError, match=message.replace(".", r"\.")) as caught:
        open_branch(small_branch)
    assert caught.value.hint


def test_branches_and_packs_are_told_apart(small_branch: Path) -> None:
    with pytest.raises(PackFormatError, match="an image branch, which makes no music"):
        open_pack(small_branch)
    with pytest.raises(PackNotFoundError, match="no image branch"):
        open_branch("no\0where")
