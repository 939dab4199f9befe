"""The visual synapse in Triton, backward: one kernel for queries, one for both sources and a.

Both make the shares of a tile again from the saved normaliser (Dao 2023, FlashAttention-2,
algorithm 2); neither adds to memory that another program adds to, so results do not vary.
"""

from __future__ import annotations

import triton
import triton.language as tl

from descant.kernels.fast.synapse_forward import blended


@triton.jit
def query_kernel(
    query: tl.tensor,
    image_key: tl.tensor,
    image_value: tl.tensor,
    music_key: tl.tensor,
    music_value: tl.tensor,
    weight: tl.tensor,
    queries: int,
    keys: int,
    mixed_gradient: tl.tensor,
    normaliser: tl.tensor,
    delta: tl.tensor,
    query_gradient: tl.tensor,
    WIDTH: tl.constexpr,
    SCALE: tl.constexpr,
    BLOCK_QUERIES: tl.constexpr,
    BLOCK_KEYS: tl.constexpr,
    BLOCK_WIDTH: tl.constexpr,
) -> None:
    """Write the gradient of one block of queries of one head; all tensors are contiguous.

    ``delta`` (B * H, S) is the sum over D of the result times its gradient, fp32.
    """
    head = tl.program_id(1).to(tl.int64)
    rows = tl.program_id(0) * BLOCK_QUERIES + tl.arange(0, BLOCK_QUERIES)
    columns = tl.arange(0, BLOCK_WIDTH)
    inside = (rows < queries)[:, None] & (columns < WIDTH)[None, :]
    tile = (head * queries + rows)[:, None] * WIDTH + columns[None, :]
    q = tl.load(query + tile, mask=inside, other=0.0)
    gradient = tl.load(mixed_gradient + tile, mask=inside, other=0.0)
    norm = tl.load(normaliser + head * queries + rows, mask=rows < queries, other=0.0)
    shift = tl.load(delta + head * queries + rows, mask=rows < queries, other=0.0)
    a = tl.load(weight).to(tl.float32)

    sums = tl.zeros((BLOCK_QUERIES, BLOCK_WIDTH), tl.float32)
    for first in range(0, keys, BLOCK_KEYS):
        places = first + tl.arange(0, BLOCK_KEYS)
        present = places < keys
        source = (head * keys + places)[:, None] * WIDTH + columns[None, :]
        source_inside = present[:, None] & (columns < WIDTH)[None, :]
        k = blended(image_key + source, music_key + source, source_inside, a)
        v = blended(image_value + source, music_value + source, source_inside, a)
        scores = tl.dot(q, tl.trans(k), input_precision="tf32x3") * SCALE
        shares = tl.where(present[None, :], tl.exp2(scores - norm[:, None]), 0.0)
        pull = tl.dot(gradient, tl.trans(v), input_precision="tf32x3")
        push = shares * (pull - shift[:, None])
        sums = tl.dot(push.to(k.dtype), k, sums, input_precision="tf32x3")
    # SCALE holds log2(e), which the derivative of exp2 takes away again
    sums *= SCALE * 0.6931471805599453
    tl.store(query_gradient + tile, sums.to(query_gradient.dtype.element_ty), mask=inside)


@triton.jit
def source_kernel(
    query: tl.tensor,
    image_key: tl.tensor,
    image_value: tl.tensor,
    music_key: tl.tensor,
    music_value: tl.tensor,
    weight: tl.tensor,
    queries: int,
    keys: int,
    mixed_gradient: tl.tensor,
    normaliser: tl.tensor,
    delta: tl.tensor,
    image_key_gradient: tl.tensor,
    image_value_gradient: tl.tensor,
    music_key_gradient: tl.tensor,
    music_value_gradient: tl.tensor,
    weight_gradient: tl.tensor,
    WIDTH: tl.constexpr,
    SCALE: tl.constexpr,
    BLOCK_QUERIES: tl.constexpr,
    BLOCK_KEYS: tl.constexpr,
    BLOCK_WIDTH: tl.constexpr,
) -> None:
    """Write the gradients of one block of keys and values, and its share of a's.

    Gradients of the image's are left out when None: its network is frozen. ``weight_gradient``
    (B * H, blocks of keys) fp32 takes one number per program.
    """
    head = tl.program_id(1).to(tl.int64)
    places = tl.program_id(0) * BLOCK_KEYS + tl.arange(0, BLOCK_KEYS)
    columns = tl.arange(0, BLOCK_WIDTH)
    present = places < keys
    inside = present[:, None] & (columns < WIDTH)[None, :]
    source = (head * keys + places)[:, None] * WIDTH + columns[None, :]
    a = tl.load(weight).to(tl.float32)
    k = blended(image_key + source, music_key + source, inside, a)
    v = blended(image_value + source, music_value + source, inside, a)

    key_sums = tl.zeros((BLOCK_KEYS, BLOCK_WIDTH), tl.float32)
    value_sums = tl.zeros((BLOCK_KEYS, BLOCK_WIDTH), tl.float32)
    for first in range(0, queries, BLOCK_QUERIES):
        rows = first + tl.arange(0, BLOCK_QUERIES)
        there = rows < queries
        tile = (head * queries + rows)[:, None] * WIDTH + columns[None, :]
        tile_inside = there[:, None] & (columns < WIDTH)[None, :]
        q = tl.load(query + tile, mask=tile_inside, other=0.0)
        gradient = tl.load(mixed_gradient + tile, mask=tile_inside, other=0.0)
        norm = tl.load(normaliser + head * queries + rows, mask=there, other=0.0)
        shift = tl.load(delta + head * queries + rows, mask=there, other=0.0)
        scores = tl.dot(k, tl.trans(q), input_precision="tf32x3") * SCALE
        # a row that is not there has a gradient of 0 and so adds nothing
        shares = tl.where(present[:, None], tl.exp2(scores - norm[None, :]), 0.0)
        value_sums = tl.dot(shares.to(q.dtype), gradient, value_sums, input_precision="tf32x3")
        pull = tl.dot(v, tl.trans(gradient), input_precision="tf32x3")
        push = shares * (pull - shift[None, :])
        key_sums = tl.dot(push.to(q.dtype), q, key_sums, input_precision="tf32x3")
    key_sums *= SCALE * 0.6931471805599453

    kind = music_key_gradient.dtype.element_ty
    tl.store(music_key_gradient + source, ((1.0 - a) * key_sums).to(kind), mask=inside)
    tl.store(music_value_gradient + source, ((1.0 - a) * value_sums).to(kind), mask=inside)
    if image_key_gradient is not None:
        tl.store(image_key_gradient + source, (a * key_sums).to(kind), mask=inside)
        tl.store(image_value_gradient + source, (a * value_sums).to(kind), mask=inside)
    moved = key_sums * difference(image_key + source, music_key + source, inside)
    moved += value_sums * difference(image_value + source, music_value + source, inside)
    place = weight_gradient + head * tl.num_programs(0) + tl.program_id(0)
    tl.store(place, tl.sum(tl.sum(moved, 1), 0))


@triton.jit
def difference(image: tl.tensor, music: tl.tensor, inside: tl.tensor) -> tl.tensor:
    """Read a tile of both sources and return image - music in fp32: the blend's derivative."""
    first = tl.load(image, mask=inside, other=0.0)
    second = tl.load(music, mask=inside, other=0.0)
    return first.to(tl.float32) - second.to(tl.float32)
