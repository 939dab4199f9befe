"""Networks of published models as engines: what the starter's graphs have not.

Convolutions over two axes, InstanceNormalization in float32 inside a float16 graph, attention of
many heads over one key, weights in a file of their own. The small ones are the same code with
fewer layers; the slow tests take the UNet too, and the whole of a reduced MG2.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import onnx
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; it has the networks")

from torch import nn  # noqa: E402

from descant.export.engines import BuiltEngine, EngineOptions, build_engines  # noqa: E402
from descant.export.errors import ExportInputError, ParityError  # noqa: E402
from descant.export.graph_file import write_graph  # noqa: E402
from descant.export.ldm_graphs import unet_plans, vae_plans, vocoder_plan  # noqa: E402
from descant.export.ldm_networks import Network, Planner  # noqa: E402
from descant.export.ldm_pack import export_checkpoint  # noqa: E402
from descant.export.network_run import PackOptions  # noqa: E402
from descant.export.onnx_graph import GraphPlan, export_model  # noqa: E402
from descant.export.pack_part import PackPart  # noqa: E402
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, UNetConfig  # noqa: E402
from descant.models.nets.ldm.autoencoder import AutoencoderKL  # noqa: E402
from descant.models.nets.ldm.hifigan import HifiGan  # noqa: E402
from descant.models.nets.ldm.unet import UNet  # noqa: E402
from descant.models.spec import GraphSpec, LatentSpec  # noqa: E402
from descant.runtime.pack import Pack, read_manifest  # noqa: E402
from descant.runtime.pack_source import FolderSource  # noqa: E402
from tests.export.conftest import Exported  # noqa: E402
from tests.export.engine_tools import build, needs_builder  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads"), needs_builder]

UNET = UNetConfig(32, 12, channel_mult=(1, 1), num_res_blocks=1, attention_resolutions=())
VAE = AutoencoderConfig(32, (1, 1), 1)
VOCODER = HifiGanConfig(32, 32, (5, 4), (16, 8), (3,), ((1, 3),))


def make_pack(folder: Path, like: Path, networks: dict[str, tuple[nn.Module, Planner]]) -> Pack:
    """Write networks as a pack for GPUs does, and open them as a pack of latent diffusion."""
    graphs: dict[str, GraphSpec] = {}
    part = PackPart(folder / "pack")
    part.folder.mkdir()
    for name, (module, planner) in networks.items():
        network = Network("unet", (name,), UNet, planner, True)  # its builder is not used
        wide = network.planned(module.eval().requires_grad_(False))
        for plan, half in zip(wide, network.planned_half(module, wide), strict=True):
            file, weights = write_graph(export_model(half), plan.name, "half", part, 2**17)
            graphs[plan.name] = GraphSpec(
                file.file, file.sha256, file.size_bytes, plan.inputs, plan.outputs, None, weights
            )
    with read_manifest(like) as pack:
        spec = pack.spec
    assert spec.pipeline.diffusion is not None
    diffusion = dataclasses.replace(spec.pipeline.diffusion, frame_multiple=UNET.stride)
    pipeline = dataclasses.replace(
        spec.pipeline, latents=LatentSpec(8, VAE.stride), diffusion=diffusion
    )
    spec = dataclasses.replace(spec, graphs=graphs, pipeline=pipeline)
    return Pack(FolderSource(part.folder), spec, "0" * 64)


def engines(pack: Pack, folder: Path, **options: Any) -> dict[str, BuiltEngine]:
    made = build_engines(
        pack, EngineOptions(profile="seconds=1:2:4", **options), folder, lambda name, done: None
    )
    return {engine.sidecar.key.graph: engine for engine in made}


def vocoder_plans(vocoder: HifiGan) -> list[GraphPlan]:
    return [vocoder_plan(vocoder)]


def assert_near(made: dict[str, BuiltEngine]) -> None:
    for engine in made.values():
        assert 1e-6 < (engine.sidecar.relative_error or 0.0) < 2e-2


def test_networks_in_float16_become_engines(tmp_path: Path, tiny_mg2: Path) -> None:
    torch.manual_seed(3)
    vae, vocoder = AutoencoderKL(VAE), HifiGan(VOCODER)
    pack = make_pack(
        tmp_path, tiny_mg2,
        {"vae_decoder": (vae, lambda vae: vae_plans(vae)[1:]), "vocoder": (vocoder, vocoder_plans)},
    )  # fmt: skip
    assert pack.spec.graphs["vae_decoder"].weights is not None
    stored = onnx.load_from_string(pack.read("graphs.vae_decoder"))
    operators = [node.op_type for node in stored.graph.node]
    assert operators.count("Attention") == 16  # one per frequency bin
    assert "InstanceNormalization" in operators
    made = engines(pack, tmp_path / "engines")
    assert list(made) == ["vae_decoder", "vocoder"]
    assert_near(made)
    with pytest.raises(ExportInputError, match="computes in float16 as it is stored") as refused:
        engines(pack, tmp_path / "engines", precision="fp32", graphs=("vocoder",))
    assert "--target cpu" in refused.value.hint


@pytest.mark.slow
def test_a_unet_in_float16_becomes_an_engine(tmp_path: Path, tiny_mg2: Path) -> None:
    pack = make_pack(tmp_path, tiny_mg2, {"unet": (UNet(UNET), unet_plans)})
    made = engines(pack, tmp_path / "engines")
    assert list(made) == ["unet_condition", "unet"]
    assert_near(made)
    shapes = made["unet"].sidecar.key.profile["latents"]
    assert [shape[0] for shape in (shapes.min, shapes.opt, shapes.max)] == [1, 2, 2]
    assert [shape[2] % UNET.stride for shape in (shapes.min, shapes.opt, shapes.max)] == [0, 0, 0]


def test_a_network_that_float16_can_not_hold_is_refused(tmp_path: Path, tiny_mg2: Path) -> None:
    """ONNX Runtime's CPU would find it good: it rounds nothing between operators."""
    vocoder = HifiGan(VOCODER)
    with torch.no_grad():
        vocoder.conv_pre.weight.mul_(1e5)
    pack = make_pack(tmp_path, tiny_mg2, {"vocoder": (vocoder, vocoder_plans)})
    with pytest.raises(ParityError, match="vocoder") as refused:
        engines(pack, tmp_path / "engines")
    assert "--precision fp32" in refused.value.hint
    assert list((tmp_path / "engines").glob("vocoder*")) == []


def test_every_graph_of_a_reduced_mg2(tmp_path: Path, small_mg2: Exported) -> None:
    """Its float32 graphs are narrowed; the UNet keeps its weights in a file of their own."""
    spec = small_mg2.made.spec
    made = {engine.sidecar.key.graph: engine for engine in build(small_mg2.pack, tmp_path)}
    assert list(made) == list(spec.graphs)
    assert spec.graphs["unet"].weights is not None
    for engine in made.values():
        assert 1e-6 < (engine.sidecar.relative_error or 0.0) < 5e-3


@pytest.mark.slow
def test_every_graph_of_a_reduced_mg2_for_gpus(tmp_path: Path, small_mg2: Exported) -> None:
    pack = tmp_path / "pack"
    options = PackOptions("fp16", "gpu", max_embedded=2**20)
    spec = export_checkpoint([small_mg2.model], pack, options, lambda name, done: None).spec
    made = {engine.sidecar.key.graph: engine for engine in build(pack, tmp_path / "engines")}
    assert list(made) == list(spec.graphs)
    for engine in made.values():
        assert 1e-6 < (engine.sidecar.relative_error or 0.0) < 5e-3
