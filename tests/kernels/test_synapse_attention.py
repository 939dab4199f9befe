"""The visual synapse: reference, PyTorch expression and Triton kernels against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels import synapse_attention as numpy_twin

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

from descant.kernels.fast import synapse_attention as torch_twin
from descant.kernels.fast.launch import MAX_WIDTH, block_width
from descant.kernels.fast.synapse_attention_triton import SynapseAttention, attend

pytestmark = [
    pytest.mark.torch,
    pytest.mark.usefixtures("torch_threads", "interpreted_bf16_products"),
]

# Their arguments travel as lists here, of which a checker does not know the length.
synapse_attention: Any = numpy_twin.synapse_attention
blend: Any = numpy_twin.blend
twin: Any = torch_twin
fused: Any = SynapseAttention.apply

SHAPES = [
    (1, 1, 1, 1, 32),
    (1, 2, 5, 77, 40),
    (2, 1, 130, 70, 64),
    (1, 1, 33, 9, 80),
    (1, 1, 7, 33, 128),
]
"""B, H, S, L, D: single queries and keys, heads that fill no block, more than one block of each."""
TOLERANCE = {"float32": 2e-6, "float16": 3e-3, "bfloat16": 3e-2}
"""Of the result, absolute. Measured 6e-7, 8e-4, 1.5e-2; the interpreter cuts bf16 off where a GPU
rounds."""
GRADIENT_TOLERANCE = {"float32": 2e-5, "float16": 2e-2, "bfloat16": 2e-1}
"""As a share of the largest gradient. Measured 5e-6, 6e-3, 7e-2."""


def tensors(shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> list[Any]:
    """Return query, both sources' keys and values, and a = 0.3."""
    batch, heads, queries, keys, width = shape
    query = torch.randn(batch, heads, queries, width).to(dtype)
    sources = [torch.randn(batch, heads, keys, width).to(dtype) for _ in range(4)]
    return [query, *sources, torch.tensor([0.3])]


def reference(arguments: list[Any]) -> torch.Tensor:
    """Return the NumPy reference's result for tensors."""
    *arrays, weight = [argument.detach().double().numpy() for argument in arguments]
    return torch.from_numpy(synapse_attention(*arrays, float(weight[0])))


def wide(arguments: list[Any]) -> list[Any]:
    return [argument.detach().double().requires_grad_() for argument in arguments]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
def test_twins_agree_with_the_reference(shape: tuple[int, ...], dtype: str) -> None:
    arguments = tensors(shape, getattr(torch, dtype))
    wanted = reference(arguments)
    for made in (twin.synapse_attention(*arguments), fused(*arguments)):
        assert made.dtype == arguments[0].dtype
        torch.testing.assert_close(made.double(), wanted, rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("shape", SHAPES)
def test_expression_is_the_reference_in_float64(shape: tuple[int, ...]) -> None:
    arguments = wide(tensors(shape))
    made = twin.synapse_attention(*arguments)
    torch.testing.assert_close(made, reference(arguments), rtol=0, atol=1e-13)  # measured 2e-15


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_agree_with_the_expression_in_float64(shape: tuple[int, ...], dtype: str) -> None:
    arguments = [argument.requires_grad_() for argument in tensors(shape, getattr(torch, dtype))]
    upstream = torch.randn(arguments[0].shape).to(arguments[0].dtype)
    fused(*arguments).backward(upstream)
    truth = wide(arguments)
    twin.synapse_expression(*truth).backward(upstream.double())
    # with a single key the true gradients of query and keys are 0, and rounding is not
    largest = max(float(t.grad.abs().max()) for t in truth)
    for made, wanted in zip(arguments, truth, strict=True):
        assert made.grad.dtype == made.dtype
        error = float((made.grad.double() - wanted.grad).abs().max())
        assert error <= GRADIENT_TOLERANCE[dtype] * largest


def test_expressions_gradients_are_those_of_finite_differences() -> None:
    arguments = tuple(wide(tensors((1, 2, 3, 4, 5))))
    assert torch.autograd.gradcheck(twin.synapse_expression, arguments)


def test_a_frozen_picture_gets_no_gradient() -> None:
    arguments = tensors((1, 1, 3, 5, 32))
    for i in (0, 3, 4, 5):
        arguments[i].requires_grad_()
    fused(*arguments).sum().backward()
    assert arguments[1].grad is None
    assert all(arguments[i].grad is not None for i in (0, 3, 4, 5))


def test_strides_of_a_networks_views() -> None:
    """Queries as a projection gives them, a picture shared by both sides of the guidance."""
    tokens = torch.randn(2, 6, 3, 32).transpose(1, 2)
    image = [torch.randn(1, 3, 5, 32).expand(2, 3, 5, 32) for _ in range(2)]
    music = [torch.randn(2, 5, 3, 32).transpose(1, 2), torch.randn(2, 3, 5, 32)]
    mixed, _ = attend(tokens, *image, *music, torch.tensor([0.6]))
    assert mixed.stride() == tokens.stride()
    wanted = twin.synapse_expression(tokens, *image, *music, torch.tensor([0.6]))
    torch.testing.assert_close(mixed, wanted, rtol=0, atol=TOLERANCE["float32"])


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_weights_0_and_1_are_one_source_alone(dtype: str) -> None:
    """Bit by bit: whatever the other source holds, the kernel reads the same blend."""
    query, *sources, _ = tensors((1, 2, 9, 40, 64), getattr(torch, dtype))
    image, music = sources[:2], sources[2:]
    for weight, kept in ((0.0, music), (1.0, image)):
        mixed, _ = attend(query, *image, *music, torch.tensor([weight]))
        plain, _ = attend(query, *kept, *kept, torch.tensor([weight]))
        assert torch.equal(mixed, plain)


@settings(deadline=None, max_examples=30)
@given(
    shape=st.tuples(*[st.integers(1, 6)] * 5), seed=st.integers(0, 99), weight=st.floats(-0.5, 1.5)
)
def test_properties_of_the_reference(shape: tuple[int, ...], seed: int, weight: float) -> None:
    batch, heads, queries, keys, width = shape
    rng = np.random.default_rng(seed)
    query = rng.standard_normal((batch, heads, queries, width))
    sources = list(rng.standard_normal((4, batch, heads, keys, width)))
    mixed = synapse_attention(query, *sources, weight)
    order = rng.permutation(keys)
    turned = synapse_attention(query, *[source[:, :, order] for source in sources], weight)
    np.testing.assert_allclose(turned, mixed, atol=1e-12)
    swapped = synapse_attention(query, *sources[2:], *sources[:2], 1.0 - weight)
    np.testing.assert_allclose(swapped, mixed, atol=1e-12)
    # a mean of values lies among them, and equal values are their own mean
    value = blend(sources[1], sources[3], weight)
    assert (mixed <= value.max(2, keepdims=True) + 1e-12).all()
    assert (mixed >= value.min(2, keepdims=True) - 1e-12).all()


def test_weight_0_of_the_reference_is_plain_attention() -> None:
    rng = np.random.default_rng(1)
    query, *sources = rng.standard_normal((5, 1, 2, 4, 8))
    scores = query @ sources[2].swapaxes(-1, -2) / 8**0.5
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    plain = shares @ sources[3] / shares.sum(-1, keepdims=True)
    np.testing.assert_array_equal(synapse_attention(query, *sources, 0.0), plain)
    np.testing.assert_array_equal(blend(*sources[:2], 1.0), sources[0])


def test_large_scores_do_not_overflow() -> None:
    query, *sources, weight = tensors((1, 1, 4, 40, 32))
    mixed, _ = attend(query * 1e4, *sources, weight)
    assert torch.isfinite(mixed).all()
    wanted = reference([query * 1e4, *sources, weight])
    torch.testing.assert_close(mixed.double(), wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("shape", [(0, 1, 3, 4, 32), (1, 1, 0, 4, 32)])
def test_no_queries_no_result(shape: tuple[int, ...]) -> None:
    arguments = [argument.requires_grad_() for argument in tensors(shape)]
    mixed = fused(*arguments)
    assert mixed.shape == arguments[0].shape
    mixed.sum().backward()
    assert not arguments[3].grad.any()
    assert float(arguments[5].grad) == 0.0


def test_shapes_and_types_that_do_not_go_together() -> None:
    query, *sources, weight = tensors((1, 2, 3, 4, 8))
    with pytest.raises(ValueError, match="one shape"):
        twin.synapse_attention(query, *sources[:3], sources[3][:, :, 1:], weight)
    with pytest.raises(ValueError, match="shared"):
        twin.synapse_attention(query[..., :4], *sources, weight)
    with pytest.raises(ValueError, match="at least one key"):
        twin.synapse_attention(query, *[source[:, :, :0] for source in sources], weight)
    with pytest.raises(ValueError, match=r"torch\.float16"):
        twin.synapse_attention(query.half(), *sources, weight)
    with pytest.raises(ValueError, match="one number"):
        twin.synapse_attention(query, *sources, torch.ones(2))
    with pytest.raises(ValueError, match="128"):
        block_width(MAX_WIDTH + 1)


def test_what_the_kernel_is_not_made_for() -> None:
    query = torch.empty(1, 1, 1, MAX_WIDTH)
    assert twin.takes_triton(query, query)
    assert not twin.takes_triton(torch.empty(1, 1, 1, MAX_WIDTH + 1), query)
    assert not twin.takes_triton(query.double(), query.double())
    assert not twin.takes_triton(query, query.expand(1, 2**12, 2**12, MAX_WIDTH))
