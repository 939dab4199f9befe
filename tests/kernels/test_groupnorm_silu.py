"""Bias, group norm and SiLU: reference, PyTorch expression and Triton kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.kernels.groupnorm_silu import groupnorm_silu
from descant.models.nets.ldm.blocks import GroupNorm
from descant.models.nets.ldm.trunk import ResBlock

pytest.importorskip("triton", reason="triton is not installed; it has Linux wheels only")

from descant.kernels.fast import groupnorm_silu as twin
from descant.kernels.fast.groupnorm_silu_triton import constants, fused_norm

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("torch_threads")]

SHAPES = [
    ((2, 6, 1, 1), 3),
    ((1, 4, 1, 1), 1),
    ((2, 3, 5, 1), 3),
    ((2, 12, 7, 3), 4),
    ((1, 18, 67, 16), 2),
]
"""B, C, T, W and groups; the last takes more than one tile."""
TOLERANCE = {"float32": 5e-6, "float16": 4e-3, "bfloat16": 8e-2}
"""For values of up to 6. Measured 2e-6, 2e-3, 3e-2; the interpreter cuts bf16 off where a GPU
rounds."""
EPS = 1e-5


def arguments(shape: tuple[int, ...], dtype: torch.dtype, mean: float = 0.0) -> dict[str, Any]:
    """Return feature map, gain, offset and bias by name."""
    channels = shape[1]
    return {
        "x": (torch.randn(shape) + mean).to(dtype),
        "gain": torch.randn(channels).to(dtype),
        "offset": torch.randn(channels).to(dtype),
        "bias": torch.randn(shape[0], channels).to(dtype),
    }


def reference(inputs: dict[str, Any], groups: int) -> torch.Tensor:
    """Return the NumPy reference's result for tensors."""
    arrays = {name: tensor.double().numpy() for name, tensor in inputs.items()}
    return torch.from_numpy(groupnorm_silu(groups=groups, eps=EPS, **arrays))


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("shape", "groups"), SHAPES)
def test_twins_agree_with_the_reference(
    shape: tuple[int, ...], groups: int, dtype: str, biased: bool, channels_last: bool
) -> None:
    inputs = arguments(shape, getattr(torch, dtype))
    if not biased:
        del inputs["bias"]
    if channels_last:
        inputs["x"] = inputs["x"].contiguous(memory_format=torch.channels_last)
    wanted = reference(inputs, groups)
    for function in (twin.groupnorm_silu, fused_norm):
        made = function(groups=groups, eps=EPS, **inputs)
        assert made.dtype == inputs["x"].dtype
        assert made.stride() == inputs["x"].stride()
        torch.testing.assert_close(made.double(), wanted, rtol=0, atol=TOLERANCE[dtype])


def test_the_last_shape_takes_more_than_one_tile_each_way() -> None:
    (_, channels, time, width), groups = SHAPES[-1]
    sizes = constants(channels // groups, time * width, channels_last=False)
    assert sizes["ROWS"] < channels // groups
    assert sizes["COLUMNS"] < time * width


def test_a_large_mean_costs_no_digits() -> None:
    """A difference of squares would: 1e4 squared is 1e8, of which fp32 keeps the last 8."""
    inputs = arguments((2, 4, 8, 8), torch.float32, mean=1e4)
    del inputs["bias"]  # x + bias alone rounds at this size
    made = fused_norm(groups=2, eps=EPS, **inputs)
    torch.testing.assert_close(made.double(), reference(inputs, 2), rtol=0, atol=2e-6)  # 5e-7


def test_expression_is_the_reference_in_float64() -> None:
    inputs = {n: t.double() for n, t in arguments((2, 6, 5, 3), torch.float32).items()}
    made = twin.groupnorm_silu(groups=3, eps=EPS, **inputs)
    torch.testing.assert_close(made, reference(inputs, 3), rtol=0, atol=1e-13)


def test_it_is_what_the_unets_block_does() -> None:
    block = ResBlock(32, 32, 16).eval()
    hidden, bias = torch.randn(2, 32, 4, 4), torch.randn(2, 32)
    norm = block.out_layers[0]
    assert isinstance(norm, GroupNorm)
    torch.nn.init.normal_(norm.weight)
    with torch.no_grad():
        wanted = block.out_layers[1](norm(hidden + bias[:, :, None, None]))
        made = fused_norm(hidden, norm.weight, norm.bias, norm.num_groups, norm.eps, bias)
    torch.testing.assert_close(made, wanted, rtol=0, atol=2e-6)  # 5e-7


@settings(deadline=None, max_examples=30)
@given(
    sizes=st.tuples(*[st.integers(1, 4)] * 5),
    shift=st.floats(-50.0, 50.0),
    scale=st.floats(0.5, 20.0),
)
def test_level_and_offset_of_a_map_do_not_matter(
    sizes: tuple[int, ...], shift: float, scale: float
) -> None:
    batch, groups, each, time, width = sizes
    rng = np.random.default_rng(4)
    x = rng.standard_normal((batch, groups * each, time, width))
    gain, offset = rng.standard_normal((2, groups * each))
    made = groupnorm_silu(x * scale + shift, gain, offset, groups, 0.0 if time > 1 else EPS)
    wanted = groupnorm_silu(x, gain, offset, groups, 0.0 if time > 1 else EPS / scale**2)
    np.testing.assert_allclose(made, wanted, atol=1e-8)


def test_a_bias_is_a_shift_of_its_channel() -> None:
    rng = np.random.default_rng(5)
    x, bias = rng.standard_normal((2, 6, 3, 4)), rng.standard_normal((2, 6))
    gain, offset = rng.standard_normal((2, 6))
    np.testing.assert_array_equal(
        groupnorm_silu(x, gain, offset, 3, EPS, bias),
        groupnorm_silu(x + bias[:, :, None, None], gain, offset, 3, EPS),
    )


def test_no_rows_no_result() -> None:
    inputs = arguments((0, 4, 2, 2), torch.float32)
    assert fused_norm(groups=2, eps=EPS, **inputs).shape == (0, 4, 2, 2)


def test_shapes_that_do_not_go_together() -> None:
    inputs = arguments((2, 6, 3, 3), torch.float32)
    for changed, groups, message in [
        ({}, 4, "do not divide"),
        ({"x": torch.zeros(2, 6, 3)}, 3, "B, C, T, W"),
        ({"x": torch.zeros(2, 6, 0, 3)}, 3, "not empty"),
        ({"gain": torch.zeros(5)}, 3, "gain and offset"),
        ({"bias": torch.zeros(6)}, 3, "bias"),
    ]:
        with pytest.raises(ValueError, match=message):
            twin.groupnorm_silu(groups=groups, eps=EPS, **{**inputs, **changed})
