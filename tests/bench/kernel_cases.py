"""What the kernels' benchmark runs: every op at the sizes of the published models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from descant.kernels import groupnorm_silu, guided_step, synapse_attention
from descant.kernels.fast.groupnorm_silu import norm_expression
from descant.kernels.fast.guided_step import step_expression
from descant.kernels.fast.launch import Tiles
from descant.kernels.fast.synapse_attention import blend, synapse_expression

Results = Tensor | tuple[Tensor, ...]
Call = Callable[[], Results]

FUSED, NUMPY = "Triton", "NumPy reference"
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
BATCH = 2
SYNAPSE_LAYERS = ((20, 256), (10, 1024), (5, 4096))
"""Heads of 64 and queries in MeLFusion's decoder."""
CONTEXTS = (77, 256, 1024)
NORM_MAPS = ((192, 256, 16), (384, 128, 8), (576, 64, 4), (960, 32, 2))
"""C, T, W in MG2's UNet for 10 s."""
NORM_GROUPS, EPS = 32, 1e-5
STEP_LATENTS = (("starter, 10 s", (1, 96, 108)), ("MG2, 10 s", (1, 8, 256, 16)))
LARGE = ("large", (1, 1 << 25))
"""Beyond every cache, so that memory's bandwidth shows."""


@dataclass(frozen=True, slots=True)
class Case:
    """One op at one size."""

    op: str
    name: str
    dtype: str
    contenders: dict[str, Call | None]
    """By name; None is a kernel that cannot run on this device."""
    truth: Call
    """The same in float64."""
    flops: int
    """Of the matrix products; 0 where memory alone counts."""
    moved_bytes: int
    """The least that must be read and written."""


def synapse_cases(
    device: torch.device, dtype: str, quick: bool, tiles: tuple[Tiles, ...] = ()
) -> Iterator[Case]:
    """Yield the visual synapse at MeLFusion's decoder layers and several lengths of context."""
    for heads, queries in SYNAPSE_LAYERS[:1] if quick else SYNAPSE_LAYERS:
        for keys in CONTEXTS[:1] if quick else CONTEXTS:
            yield _synapse_case(device, dtype, (BATCH, heads, queries, keys, 64), tiles)


def _synapse_case(
    device: torch.device, dtype: str, sizes: tuple[int, ...], tiles: tuple[Tiles, ...]
) -> Case:
    batch, heads, queries, keys, width = sizes
    kind: Any = {"device": device, "dtype": DTYPES[dtype]}
    query = torch.randn(batch, heads, queries, width, **kind)
    sources = [torch.randn(batch, heads, keys, width, **kind) for _ in range(4)]
    weight = torch.tensor([0.3], device=device)
    a = weight.to(query.dtype)
    key, value = blend(sources[0], sources[2], weight), blend(sources[1], sources[3], weight)

    def lerp_first() -> Tensor:
        keys_, values_ = (torch.lerp(sources[i + 2], sources[i], a) for i in (0, 1))
        return functional.scaled_dot_product_attention(query, keys_, values_)

    contenders: dict[str, Call | None] = {
        FUSED: _fused_synapse((query, *sources, weight), None),
        "lerp, then SDPA": lerp_first,
        "SDPA alone, blended before": lambda: functional.scaled_dot_product_attention(
            query, key, value
        ),
    }
    for tile in tiles:
        name = f"{FUSED} {tile.queries}x{tile.keys}, {tile.warps} warps, {tile.stages} stages"
        contenders[name] = _fused_synapse((query, *sources, weight), tile)
    if device.type == "cpu":
        arrays: Any = [_numpy(argument) for argument in (query, *sources, float(weight))]
        contenders[NUMPY] = lambda: torch.from_numpy(synapse_attention.synapse_attention(*arrays))
    wide: Any = [tensor.double() for tensor in (query, *sources, weight)]
    return Case(
        "synapse_attention", f"{queries} x {heads * width} / {heads}, context {keys}", dtype,
        contenders, lambda: synapse_expression(*wide),
        flops=4 * batch * heads * queries * keys * width,
        moved_bytes=batch * heads * (2 * queries + 4 * keys) * width * query.element_size(),
    )  # fmt: skip


def _fused_synapse(arguments: Any, tiles: Tiles | None) -> Call | None:
    if not arguments[0].is_cuda:
        return None
    from descant.kernels.fast.synapse_attention_triton import attend

    return lambda: attend(*arguments, tiles=tiles)[0]


def training_cases(device: torch.device, dtype: str, quick: bool) -> Iterator[Case]:
    """Yield the synapse forward and backward, all six gradients, context 77."""
    for heads, queries in SYNAPSE_LAYERS[:1] if quick else SYNAPSE_LAYERS:
        sizes = (BATCH, heads, queries, CONTEXTS[0], 64)
        yield _training_case(device, dtype, sizes)


def _training_case(device: torch.device, dtype: str, sizes: tuple[int, ...]) -> Case:
    batch, heads, queries, keys, width = sizes
    kind: Any = {"device": device, "dtype": DTYPES[dtype], "requires_grad": True}
    shapes = [(batch, heads, queries, width), *[(batch, heads, keys, width)] * 4]
    inputs = [torch.randn(shape, **kind) for shape in shapes]
    inputs.append(torch.tensor([0.3], device=device, requires_grad=True))
    upstream = torch.randn(shapes[0], device=device).to(DTYPES[dtype])
    fused: Callable[..., Tensor] | None = None
    if device.type == "cuda":
        from descant.kernels.fast.synapse_attention_triton import SynapseAttention

        fused = SynapseAttention.apply

    def gradients(function: Callable[..., Tensor], arguments: list[Tensor]) -> Results:
        return torch.autograd.grad(function(*arguments), arguments, upstream.to(arguments[0]))

    wide = [tensor.detach().double().requires_grad_() for tensor in inputs]
    size = inputs[0].element_size()
    return Case(
        "synapse_training", f"{queries} x {heads * width} / {heads}, context {keys}", dtype,
        {
            FUSED: None if fused is None else lambda: gradients(fused, inputs),
            "PyTorch expression": lambda: gradients(synapse_expression, inputs),
        },
        lambda: gradients(synapse_expression, wide),
        flops=14 * batch * heads * queries * keys * width,
        moved_bytes=batch * heads * (4 * queries + 8 * keys) * width * size,
    )  # fmt: skip


def step_cases(device: torch.device, dtype: str, quick: bool) -> Iterator[Case]:
    """Yield the guided step with a history, as DPM-Solver++ takes it, at latents' sizes."""
    for name, shape in STEP_LATENTS if quick else (*STEP_LATENTS, LARGE):
        kind: Any = {"device": device, "dtype": DTYPES[dtype]}
        predicted = torch.randn(2 * shape[0], *shape[1:], **kind)
        latents, history = torch.randn(shape, **kind), torch.randn(shape, **kind)
        row = torch.tensor([1.2, -0.6, 0.9, -0.3, 0.2, 0.0], device=device)
        scale = torch.tensor([3.5], device=device)
        given = (predicted, latents, row, scale, history)
        yield _step_case(name, dtype, given)


def _step_case(name: str, dtype: str, given: tuple[Tensor, ...]) -> Case:
    predicted, latents, row, scale, history = given
    contenders: dict[str, Call | None] = {
        FUSED: None,
        "PyTorch expression": lambda: step_expression(*given),
    }
    if latents.is_cuda:
        from descant.kernels.fast.guided_step_triton import fused_step

        contenders[FUSED] = lambda: fused_step(*given)
    else:
        arrays: Any = [_numpy(a) for a in (predicted, latents, row, float(scale), history)]
        contenders[NUMPY] = lambda: tuple(map(torch.from_numpy, guided_step.guided_step(*arrays)))
    wide = [tensor.double() for tensor in given]
    return Case(
        "guided_step", name, dtype, contenders, lambda: step_expression(*wide),
        flops=0, moved_bytes=6 * latents.numel() * latents.element_size(),
    )  # fmt: skip


def norm_cases(device: torch.device, dtype: str, quick: bool) -> Iterator[Case]:
    """Yield bias, norm and SiLU at the feature maps of MG2's UNet."""
    for channels, time, width in NORM_MAPS[-1:] if quick else NORM_MAPS:
        kind: Any = {"device": device, "dtype": DTYPES[dtype]}
        x = torch.randn(BATCH, channels, time, width, **kind)
        gain, offset = torch.randn(channels, **kind), torch.randn(channels, **kind)
        bias = torch.randn(BATCH, channels, **kind)
        yield _norm_case(f"{channels} x {time} x {width}", dtype, (x, gain, offset, bias))


def _norm_case(name: str, dtype: str, given: tuple[Tensor, ...]) -> Case:
    x, gain, offset, bias = given
    arguments: Any = (x, gain, offset, NORM_GROUPS, EPS, bias)

    def native() -> Tensor:
        hidden = x + bias[:, :, None, None]
        return functional.silu(functional.group_norm(hidden, NORM_GROUPS, gain, offset, EPS))

    contenders: dict[str, Call | None] = {
        FUSED: None,
        "PyTorch in the input's type": native,
        "PyTorch expression": lambda: norm_expression(*arguments),
    }
    if x.is_cuda:
        from descant.kernels.fast.groupnorm_silu_triton import fused_norm

        contenders[FUSED] = lambda: fused_norm(*arguments)
    else:
        arrays: Any = [_numpy(argument) for argument in arguments]
        contenders[NUMPY] = lambda: torch.from_numpy(groupnorm_silu.groupnorm_silu(*arrays))
    wide: Any = [a.double() if isinstance(a, Tensor) else a for a in arguments]
    return Case(
        "groupnorm_silu", name, dtype, contenders,
        lambda: norm_expression(*wide),
        flops=0, moved_bytes=2 * x.numel() * x.element_size(),
    )  # fmt: skip


def _numpy(argument: Any) -> Any:
    return argument.double().numpy() if isinstance(argument, Tensor) else argument
