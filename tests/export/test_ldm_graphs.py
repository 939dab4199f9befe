"""Every network of the latent diffusion models as a graph: parity, free lengths, fp16."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto

from descant.export import ldm_graphs
from descant.export.ldm_graphs import keep_softmax_fp32, unet_plans, vae_plans, vocoder_plan
from descant.export.onnx_graph import OPSET, GraphPlan, export_onnx, tensor
from descant.export.parity import measure_parity
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig, UNetConfig
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.blocks import GroupNorm
from descant.models.nets.ldm.hifigan import HifiGan
from descant.models.nets.ldm.unet import UNet

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

STATISTICS = {"GroupNormalization", "InstanceNormalization", "LayerNormalization", "Softmax"}
VAE = AutoencoderConfig(32, (1, 1), 1)


def small_unet(levels: int) -> UNet:
    """Return a network with every kind of layer; its one transformer is in the middle."""
    config = UNetConfig(
        32, 12, channel_mult=(1,) * levels, num_res_blocks=1, attention_resolutions=()
    )
    return UNet(config).eval()


def run(content: bytes, plan: GraphPlan, **feeds: torch.Tensor) -> list[NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    made = session.run(list(plan.outputs), {name: value.numpy() for name, value in feeds.items()})
    return [np.asarray(value) for value in made]


@torch.no_grad()
def test_unet_graphs_take_any_count_and_length() -> None:
    unet = small_unet(levels=2)
    condition_plan, step_plan = unet_plans(unet)
    condition, step = export_onnx(condition_plan), export_onnx(step_plan)
    assert [o.version for o in step.opset_import if o.domain == ""] == [OPSET]
    for plan, model in ((condition_plan, condition), (step_plan, step)):
        assert measure_parity(plan, model.SerializeToString(), 1e-5).relative_error < 1e-5
    x, t, y = torch.randn(3, 8, 10, 16), torch.tensor([1.0, 501.0, 999.0]), torch.randn(3, 12)
    (bias,) = run(condition.SerializeToString(), condition_plan, condition=y)
    (noise,) = run(
        step.SerializeToString(), step_plan,
        latents=x, timesteps=t, condition_bias=torch.from_numpy(bias),
    )  # fmt: skip
    np.testing.assert_allclose(noise, unet(x, t, y).numpy(), atol=2e-5)


def test_group_norm_graph_bears_a_large_mean() -> None:
    """As a GroupNormalization node it gives NaN here: the variance is a difference of squares."""
    shape = tensor("float32", "B", 64, "F", 4)
    x = 300.0 + 0.01 * torch.randn(2, 64, 8, 4)
    plan = GraphPlan("norm", GroupNorm(64, 1e-6), {"x": shape}, {"y": shape}, {"x": x})
    content = export_onnx(plan).SerializeToString()
    assert measure_parity(plan, content, 1e-2).relative_error < 1e-2


@torch.no_grad()
def test_vae_graphs_take_any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ldm_graphs, "LATENT_BINS", 3)  # there is one attention for each
    vae = AutoencoderKL(VAE).eval()
    for plan in vae_plans(vae):
        content = export_onnx(plan).SerializeToString()
        assert measure_parity(plan, content, 1e-5).relative_error < 1e-5
        (name, example) = next(iter(plan.example.items()))
        other = example[:1, :, :14] * 0.5
        made = run(content, plan, **{name: other})
        wanted = plan.module(other)
        for ours, theirs in zip(
            made, wanted if isinstance(wanted, tuple) else (wanted,), strict=True
        ):
            np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-5)


@torch.no_grad()
def test_vocoder_graph_takes_any_length() -> None:
    vocoder = HifiGan(HifiGanConfig(8, 16, (5, 2), (16, 4), (3,), ((1, 3),))).eval()
    plan = vocoder_plan(vocoder)
    content = export_onnx(plan).SerializeToString()
    assert measure_parity(plan, content, 1e-5).relative_error < 1e-5
    mel = torch.randn(1, 8, 7)
    (samples,) = run(content, plan, mel=mel)
    np.testing.assert_allclose(samples, vocoder(mel).numpy(), atol=1e-5)


class Middle(torch.nn.Module):
    """The lowest part of a UNet, which has every kind of norm and the attention."""

    def __init__(self, unet: UNet) -> None:
        super().__init__()
        self.block = unet.middle_block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, C, T, W) -> the same shape."""
        bias = x.mean((2, 3))
        out: torch.Tensor = self.block(x, iter((bias, bias)))
        return out


def test_half_precision_graph_keeps_norms_and_softmax_in_fp32() -> None:
    shape = tensor("float16", "B", 32, "F", 4)
    x = torch.randn(2, 32, 8, 4).half()
    plan = GraphPlan("middle", Middle(small_unet(1).half()), {"x": shape}, {"y": shape}, {"x": x})
    model = keep_softmax_fp32(export_onnx(plan))
    onnx.checker.check_model(model)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    types = {v.name: v.type.tensor_type.elem_type for v in [*inferred.value_info, *inferred.input]}
    types |= {weight.name: weight.data_type for weight in inferred.initializer}
    statistics = [node for node in inferred.node if node.op_type in STATISTICS]
    assert {"InstanceNormalization", "LayerNormalization"} == {node.op_type for node in statistics}
    for node in statistics:
        assert {types[name] for name in node.input} == {TensorProto.FLOAT}, node.name
    attentions = [node for node in inferred.node if node.op_type == "Attention"]
    assert attentions
    for node in attentions:
        assert types[node.input[0]] == TensorProto.FLOAT16
        precision = [a.i for a in node.attribute if a.name == "softmax_precision"]
        assert precision == [TensorProto.FLOAT]
    convolutions = [node for node in inferred.node if node.op_type == "Conv"]
    assert {types[node.input[0]] for node in convolutions} == {TensorProto.FLOAT16}
    parity = measure_parity(plan, model.SerializeToString(), 5e-3)
    assert parity.relative_error < 5e-3
