"""The starter pack is made anew in parts: what was not trained again stays to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from descant.export.__main__ import main
from descant.models.nets.transcriber import Transcriber
from descant.models.training.adapters import Adapters
from descant.runtime import open_pack

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def export(training: Path, output: Path, *words: str) -> int:
    return main(
        ["starter", "--training", str(training), "-o", str(output), "--pack-version", "9.9.9",
         "--hardware", "an abacus", *words]
    )  # fmt: skip


def keep_checkpoint(folder: Path) -> None:
    content = {
        "model": Transcriber().state_dict(), "metrics": {"score": 0.5}, "minutes": 2.0, "step": 7,
    }  # fmt: skip
    torch.save(content, folder / "transcriber.best.pt")


def test_phases_without_a_checkpoint_are_taken_from_the_base(tmp_path: Path) -> None:
    keep_checkpoint(tmp_path)
    assert export(tmp_path, tmp_path / "pack", "--base", "starter") == 0
    with open_pack("starter") as base, open_pack(tmp_path / "pack") as made:
        changed = {role for role, item in made.items().items() if item != base.items()[role]}
        assert changed == {"graphs.transcriber"}
        assert list(made.items()) == list(base.items())
        before, now = base.spec.provenance, made.spec.provenance
    assert made.spec.version == "9.9.9"
    assert now.phases["transcriber"] == {"score": 0.5, "minutes": 2.0, "steps": 7.0}
    assert now.phases["vae"] == before.phases["vae"]
    assert now.hardware == f"{before.hardware}; transcriber on an abacus"
    again = ("--base", str(tmp_path / "pack"))
    assert export(tmp_path, tmp_path / "next", *again) == 0
    with open_pack(tmp_path / "next") as made:  # what was trained anew is told once
        assert made.spec.provenance.hardware == now.hardware


def test_a_missing_checkpoint_is_an_error_without_a_base(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_checkpoint(tmp_path)
    assert export(tmp_path, tmp_path / "pack") == 2
    assert "clmp.best.pt" in capsys.readouterr().out
    assert not (tmp_path / "pack").exists()


def test_a_base_needs_one_checkpoint_at_least(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(tmp_path, tmp_path / "pack", "--base", "starter") == 2
    assert "no phase has a checkpoint" in capsys.readouterr().out
    assert export(tmp_path, tmp_path / "pack", "--base", str(tmp_path / "none")) == 2


def test_only_the_graphs_that_are_named_are_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_checkpoint(tmp_path)
    content = {"model": Adapters().state_dict(), "metrics": {}, "minutes": 2.0, "step": 7}
    torch.save(content, tmp_path / "pictures.best.pt")
    words = ("--base", "starter", "--graphs")
    assert export(tmp_path, tmp_path / "pack", *words, "picture_words") == 0
    with open_pack("starter") as base, open_pack(tmp_path / "pack") as made:
        changed = {role for role, item in made.items().items() if item != base.items()[role]}
        assert changed == {"graphs.picture_words"}
        # a phase of which a part is kept was not trained as it now says
        assert made.spec.provenance.phases == base.spec.provenance.phases
    assert export(tmp_path, tmp_path / "other", *words, "vocoder") == 2
    assert "no checkpoint for vocoder" in capsys.readouterr().out
