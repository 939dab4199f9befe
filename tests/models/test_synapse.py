"""The visual synapse in the denoiser: the reference's numbers, padding, rows without a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.kernels.synapse_attention import synapse_attention
from descant.models.nets.blocks import additive_mask
from descant.models.nets.synapse import FIRST_SHARE, SynapseAttention
from descant.models.training.loop import load_matching
from tests.models.test_nets import conditions, pictures, random_denoiser

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

ROWS, FRAMES, TOKENS, DIM, HEADS = 3, 6, 5, 32, 2


def random_synapse(share: float = 0.3) -> SynapseAttention:
    torch.manual_seed(0)
    synapse = SynapseAttention(DIM, HEADS).eval()
    nn.init.normal_(synapse.out.weight, std=0.2)
    nn.init.constant_(synapse.logit, float(np.log(share / (1 - share))))
    return synapse


def inputs() -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
    shape = (ROWS, HEADS, TOKENS, DIM // HEADS)
    image = torch.randn(shape), torch.randn(shape)
    return torch.randn(ROWS, FRAMES, DIM), torch.randn(ROWS, TOKENS, DIM), image


def heads(x: Tensor) -> Tensor:
    return x.reshape(*x.shape[:2], HEADS, DIM // HEADS).transpose(1, 2)


def open_mask(tokens: int = TOKENS) -> Tensor:
    return additive_mask(torch.ones(ROWS, tokens), FRAMES)


@torch.no_grad()
def test_it_is_the_reference_with_a_share_for_each_row() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    strength = torch.tensor([1.0, 0.5, 9.0])  # no share is above 1
    mixed = synapse.blended(x, context, open_mask(), image, strength)
    key, value = (heads(part) for part in synapse.key_value(context).chunk(2, -1))
    query = heads(synapse.query(x))
    for row, share in enumerate((0.3, 0.15, 1.0)):
        one = slice(row, row + 1)
        wanted = synapse_attention(
            query[one].numpy(), image[0][one].numpy(), image[1][one].numpy(),
            key[one].numpy(), value[one].numpy(), share,
        )  # fmt: skip
        made = torch.from_numpy(wanted).float().transpose(1, 2).reshape(1, FRAMES, DIM)
        torch.testing.assert_close(mixed[one], synapse.out(made), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_padding_weighs_what_the_picture_does() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    mask = torch.ones(ROWS, TOKENS)
    mask[:, 3:] = 0.0
    mixed = synapse.blended(x, context, additive_mask(mask, FRAMES), image, torch.ones(ROWS))
    key, value = (heads(part).double() for part in synapse.key_value(context).chunk(2, -1))
    key, value = 0.3 * image[0] + 0.7 * key, 0.3 * image[1] + 0.7 * value
    scores = heads(synapse.query(x)).double() @ key.transpose(-1, -2) / (DIM // HEADS) ** 0.5
    weights = scores.exp() * torch.tensor([1.0, 1.0, 1.0, 0.3, 0.3])
    made = (weights / weights.sum(-1, keepdim=True)) @ value
    wanted = synapse.out(made.float().transpose(1, 2).reshape(ROWS, FRAMES, DIM))
    torch.testing.assert_close(mixed, wanted, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_without_strength_it_is_the_text_alone_to_the_last_bit() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    mask = additive_mask((torch.arange(TOKENS) < 3).float().expand(ROWS, -1), FRAMES)
    alone = synapse(x, context, mask)
    beside = synapse.blended(x, context, mask, image, torch.tensor([0.0, 1.0, 0.0]))
    assert torch.equal(beside[[0, 2]], alone[[0, 2]])
    assert not torch.allclose(beside[1], alone[1])


class _Alone(nn.Module):
    def __init__(self, synapse: SynapseAttention) -> None:
        super().__init__()
        self.synapse = synapse

    def forward(self, x: Tensor, context: Tensor, mask: Tensor) -> Tensor:
        mixed: Tensor = self.synapse(x, context, additive_mask(mask, x.shape[1]))
        return mixed


class _Beside(_Alone):
    def forward(  # type: ignore[override]
        self, x: Tensor, context: Tensor, mask: Tensor, keys: Tensor, values: Tensor, s: Tensor
    ) -> Tensor:
        bias = additive_mask(mask, x.shape[1])
        mixed: Tensor = self.synapse.blended(x, context, bias, (keys, values), s)
        return mixed


def test_in_onnx_runtime_too() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    feeds = {"x": x, "context": context, "mask": (torch.arange(TOKENS) < 3).float()}
    feeds["mask"] = feeds["mask"].expand(ROWS, -1).contiguous()
    specs = {
        "x": tensor("float32", "B", "F", DIM), "context": tensor("float32", "B", "S", DIM),
        "mask": tensor("float32", "B", "S"),
    }  # fmt: skip
    seen = tensor("float32", "B", HEADS, "S", DIM // HEADS)
    more = {"keys": seen, "values": seen, "s": tensor("float32", "B")}
    image_feeds = {"keys": image[0], "values": image[1], "s": torch.tensor([0.0, 1.0, 0.0])}
    made = {"mixed": tensor("float32", "B", "F", DIM)}
    alone = run(GraphPlan("alone", _Alone(synapse), specs, made, feeds))
    both = {**feeds, **image_feeds}
    beside = run(GraphPlan("beside", _Beside(synapse), {**specs, **more}, made, both))
    np.testing.assert_array_equal(beside[[0, 2]], alone[[0, 2]])
    with torch.no_grad():
        wanted = _Beside(synapse)(*both.values())
    np.testing.assert_allclose(beside, wanted.numpy(), rtol=1e-4, atol=1e-5)


def run(plan: GraphPlan) -> np.ndarray:
    content = export_onnx(plan).SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    feeds = {name: value.numpy() for name, value in plan.example.items()}
    return np.asarray(session.run(None, feeds)[0])


def test_gradients_are_finite_beside_rows_without_a_picture() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    mask = additive_mask((torch.arange(TOKENS) < 3).float().expand(ROWS, -1), FRAMES)
    strength = torch.tensor([0.0, 1.0, 0.0])
    synapse.blended(x, context, mask, image, strength).square().sum().backward()  # type: ignore[no-untyped-call]
    gradients = [p.grad for p in synapse.parameters()]
    assert all(g is not None and bool(torch.isfinite(g).all()) for g in gradients)
    assert synapse.logit.grad is not None
    assert float(synapse.logit.grad.abs()) > 0.0


def test_half_the_digits_change_little() -> None:
    synapse, (x, context, image) = random_synapse(), inputs()
    mask = additive_mask((torch.arange(TOKENS) < 3).float().expand(ROWS, -1), FRAMES)
    exact = synapse.blended(x, context, mask, image, torch.ones(ROWS))
    with torch.autocast("cpu", torch.bfloat16):
        short = synapse.blended(x, context, mask, image, torch.ones(ROWS))
    assert short.dtype == torch.bfloat16
    error = (short.float() - exact).square().mean().sqrt() / exact.square().mean().sqrt()
    assert float(error.detach()) < 0.02


@torch.no_grad()
def test_a_picture_changes_the_velocity_of_its_row_alone() -> None:
    denoiser = random_denoiser()
    for layer in denoiser.second:
        nn.init.normal_(layer.text.out.weight, std=0.2)  # type: ignore[union-attr, arg-type]
    assert denoiser.synapse_weights().tolist() == pytest.approx([FIRST_SHARE])
    latents, time = torch.randn(2, 96, FRAMES), torch.tensor([0.5, 0.5])
    told, (keys, values, strength) = conditions(FRAMES), pictures()
    one = denoiser(latents, time, *told, keys, values, strength)
    other = denoiser(latents, time, *told, keys.flip(3), -values, strength)
    assert not torch.allclose(one[0], other[0])
    assert torch.equal(one[1], other[1])


def test_checkpoints_from_before_the_synapse_load(tmp_path: Path) -> None:
    old, new = random_denoiser(), random_denoiser()
    kept = {name: value for name, value in old.state_dict().items() if "logit" not in name}
    torch.save({"model": kept}, tmp_path / "old.pt")
    assert load_matching(tmp_path / "old.pt", new) == len(new.state_dict()) - 1
    told, seen = conditions(FRAMES), pictures()
    latents, time = torch.randn(2, 96, FRAMES), torch.tensor([0.5, 0.5])
    torch.testing.assert_close(
        new(latents, time, *told, *seen), old(latents, time, *told, *seen), rtol=0.0, atol=0.0
    )
