"""Export: parity, stored precision, dynamic axes, the melody index and the pack writer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from descant.export.errors import ParityError
from descant.export.melody_index import build_index, recall_at_10
from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.export.pack_writer import write_pack
from descant.export.parity import measure_parity
from descant.export.precision import store_compactly
from descant.models.nets.denoiser import DenoiserConfig, DenoiserStep
from descant.models.nets.vae import LATENT_CHANNELS
from descant.models.spec import (
    AudioSpec,
    DefaultsSpec,
    LatentSpec,
    LimitsSpec,
    PackSpec,
    PipelineSpec,
    ProvenanceSpec,
)
from tests.models.test_nets import conditions, pictures, random_denoiser

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]


def matrix_plan() -> GraphPlan:
    return GraphPlan(
        "matrix",
        nn.Sequential(nn.Linear(160, 160), nn.Tanh()),
        {"x": tensor("float32", "B", 160)},
        {"y": tensor("float32", "B", 160)},
        {"x": torch.randn(3, 160)},
    )


def step_plan() -> GraphPlan:
    condition, context, mask, control = conditions(12, rows=4)
    dim = DenoiserConfig(dim=32).dim
    taken = tensor("float32", "2*B", 1, 2, "S", 16)
    keys, values, strength = pictures(rows=4)
    return GraphPlan(
        "denoiser_step",
        DenoiserStep(random_denoiser()),
        {
            "latents": tensor("float32", "B", LATENT_CHANNELS, "F"),
            "condition": tensor("float32", "2*B", dim),
            "context": tensor("float32", "2*B", "S", dim),
            "mask": tensor("float32", "2*B", "S"),
            "control_latents": tensor("float32", "2*B", dim, "F"),
            "time": tensor("float32", 1),
            "next_time": tensor("float32", 1),
            "guidance_scale": tensor("float32", 1),
            "image_keys": taken,
            "image_values": taken,
            "image_strength": tensor("float32", "2*B"),
        },
        {"next_latents": tensor("float32", "B", LATENT_CHANNELS, "F")},
        {
            "latents": torch.randn(2, LATENT_CHANNELS, 12),
            "condition": condition, "context": context, "mask": mask, "control_latents": control,
            "time": torch.tensor([0.9]),
            "next_time": torch.tensor([0.4]), "guidance_scale": torch.tensor([2.0]),
            "image_keys": keys, "image_values": values, "image_strength": strength,
        },
    )  # fmt: skip


@pytest.mark.parametrize(("int8", "limit"), [(True, 2e-2), (False, 1e-3)])
def test_stored_weights_shrink_and_stay_close(int8: bool, limit: float) -> None:
    plan = matrix_plan()
    model = export_onnx(plan)
    whole = model.ByteSize()
    small = store_compactly(model, int8).SerializeToString()
    assert len(small) < whole * (0.4 if int8 else 0.6)
    assert measure_parity(plan, small, limit).relative_error <= limit


def test_parity_gate_refuses_a_wrong_graph() -> None:
    plan, other = matrix_plan(), matrix_plan()
    content = export_onnx(other).SerializeToString()
    with pytest.raises(ParityError, match="matrix") as caught:
        measure_parity(plan, content, 1e-2)
    assert caught.value.hint


def test_step_graph_takes_any_length_text_and_count() -> None:
    plan = step_plan()
    model = export_onnx(plan)
    assert [o.version for o in model.opset_import if o.domain == ""] == [23]
    assert "Attention" in {node.op_type for node in model.graph.node}
    content = model.SerializeToString()
    assert measure_parity(plan, content, 1e-4).relative_error < 1e-4
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    condition, context, mask, control = (c.numpy() for c in conditions(31, rows=2))
    one, (keys, values, strength) = np.ones(1, np.float32), pictures(2, 3)
    (after,) = session.run(
        None,
        {
            "latents": np.zeros((1, LATENT_CHANNELS, 31), np.float32), "condition": condition,
            "context": context[:, :3], "mask": mask[:, :3], "control_latents": control,
            "time": one, "next_time": one * 0.5, "guidance_scale": one,
            "image_keys": keys.numpy(), "image_values": values.numpy(),
            "image_strength": strength.numpy(),
        },
    )  # fmt: skip
    assert np.asarray(after).shape == (1, LATENT_CHANNELS, 31)


def test_index_is_the_same_every_time_and_finds_neighbours() -> None:
    vectors = np.random.default_rng(0).standard_normal((800, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    content = build_index(vectors)
    assert content == build_index(vectors)
    assert recall_at_10(content, vectors) > 0.8


def pack_spec(name: str) -> PackSpec:
    return PackSpec(
        1, "x", name, "1", "MIT", "starter", PipelineSpec(AudioSpec(), LatentSpec()),
        DefaultsSpec(), LimitsSpec(), {}, {}, ProvenanceSpec("none", "cpu"),
    )  # fmt: skip


def test_pack_writer_replaces_the_whole_folder(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, pack_spec("first"), {"a.bin": b"1", "b.bin": b"2"})
    write_pack(folder, pack_spec("second"), {"a.bin": b"3"})
    assert sorted(p.name for p in folder.iterdir()) == ["a.bin", "pack.json"]
    assert json.loads((folder / "pack.json").read_text())["name"] == "second"
    assert [p.name for p in tmp_path.iterdir()] == ["pack"]


def test_failed_write_leaves_the_old_pack(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, pack_spec("first"), {"a.bin": b"1"})
    with pytest.raises(OSError, match="missing"):
        write_pack(folder, pack_spec("second"), {"missing/b.bin": b"2"})
    assert (folder / "a.bin").read_bytes() == b"1"
    assert [p.name for p in tmp_path.iterdir()] == ["pack"]
