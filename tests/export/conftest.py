"""What takes a minute to make and is made once: packs of small published models, engines."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from descant.export.engines import BuiltEngine
    from descant.export.ldm_pack import ExportedPack
    from tests.export.sd_models import Theirs

Report = tuple[str, float]


@dataclass(frozen=True)
class Exported:
    """A model and what an export has made of it. Copy the pack before changing a file of it."""

    model: Path
    pack: Path
    made: ExportedPack
    reports: list[Report]


@pytest.fixture(scope="session")
def small_mg2(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Export MG2 in fp32 by a run that goes on where another was interrupted."""
    pytest.importorskip("torch", reason="torch is not installed; it reads checkpoints")
    from descant.export.ldm_pack import export_checkpoint
    from descant.export.network_run import PackOptions
    from tests.export.small_models import write_model

    model = write_model(tmp_path_factory.mktemp("models") / "mg2", "mg2")
    pack = model.parent / "pack"
    options = PackOptions("fp32", max_embedded=2**20)
    reports: list[Report] = []

    def stop(name: str, fraction: float) -> None:
        if name == "vae_encoder":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_checkpoint([model], pack, options, stop)
    assert not pack.exists()
    made = export_checkpoint([model], pack, options, lambda *report: reports.append(report))
    return Exported(model, pack, made, reports)


@pytest.fixture(scope="session")
def small_audioldm(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Export AudioLDM in fp16 as one file."""
    pytest.importorskip("torch", reason="torch is not installed; it reads checkpoints")
    from descant.export.ldm_pack import export_checkpoint
    from descant.export.network_run import PackOptions
    from tests.export.small_models import write_model

    model = write_model(tmp_path_factory.mktemp("models") / "audioldm", "audioldm-s")
    pack = model.parent / "audioldm.descant"
    reports: list[Report] = []
    made = export_checkpoint(
        sorted(model.iterdir()), pack, PackOptions(), lambda *report: reports.append(report)
    )
    return Exported(model, pack, made, reports)


@pytest.fixture(scope="session")
def small_sd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Theirs, Path]:
    """Export Stable Diffusion 2 of two levels; copy the branch before changing a file of it."""
    pytest.importorskip("diffusers", reason="diffusers is not installed; it saves the folder")
    pytest.importorskip("transformers", reason="transformers is not installed")
    from descant.export.network_run import PackOptions
    from descant.export.sd_branch import export_sd
    from tests.export.sd_models import write_folder

    folder = tmp_path_factory.mktemp("sd")
    theirs = write_folder(folder / "model", 2, levels=2)
    export_sd(theirs.folder, folder / "branch", PackOptions("fp32"), lambda name, share: None)
    return theirs, folder / "branch"


@pytest.fixture
def small_branch(small_sd: tuple[Theirs, Path], tmp_path: Path) -> Path:
    """Return a copy of the branch that takes two steps of its inversion."""
    from tests.export.sd_models import edit_manifest

    folder = tmp_path / "branch"
    shutil.copytree(small_sd[1], folder)
    edit_manifest(folder, lambda spec: spec["inversion"].update(evaluations=2))
    return folder


@pytest.fixture(scope="session")
def starter_engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, BuiltEngine]:
    """Return an engine in float16 of every graph of the starter; copy it before changing it."""
    from tests.export.engine_tools import build

    made = build("starter", tmp_path_factory.mktemp("engines"))
    return {engine.sidecar.key.graph: engine for engine in made}


@pytest.fixture(scope="session")
def judge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return graph and card of an untrained judge, its checkpoint beside the folder."""
    torch = pytest.importorskip("torch", reason="torch is not installed; the judge is its network")
    from descant.export.__main__ import main
    from descant.models.nets.judge import Judge

    torch.manual_seed(3)
    work = tmp_path_factory.mktemp("judge")
    content = {"model": Judge().state_dict(), "metrics": {"mood": 0.1}, "minutes": 1.0, "step": 7}
    torch.save(content, work / "judge.best.pt")
    assert main(["judge", "--training", str(work), "-o", str(work / "out")]) == 0
    return work / "out"
