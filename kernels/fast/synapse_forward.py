"""The visual synapse in Triton, forward: flash attention that blends each tile as it is read.

Scores are kept in base 2: exp2 is one instruction. Blends are made in fp32 and rounded to the
inputs' type, as a tensor core wants them; sums and the softmax are fp32.
"""

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def blended(image: tl.tensor, music: tl.tensor, inside: tl.tensor, weight: tl.tensor) -> tl.tensor:
    """Read a tile of both sources and return a * image + (1 - a) * music in their type."""
    first = tl.load(image, mask=inside, other=0.0)
    second = tl.load(music, mask=inside, other=0.0)
    mixed = weight * first.to(tl.float32) + (1.0 - weight) * second.to(tl.float32)
    return mixed.to(first.dtype)


@triton.jit
def forward_kernel(
    query: tl.tensor,
    image_key: tl.tensor,
    image_value: tl.tensor,
    music_key: tl.tensor,
    music_value: tl.tensor,
    weight: tl.tensor,
    queries: int,
    keys: int,
    query_batch: int,
    query_head: int,
    query_row: int,
    image_batch: int,
    image_head: int,
    image_row: int,
    music_batch: int,
    music_head: int,
    music_row: int,
    mixed_batch: int,
    mixed_head: int,
    mixed_row: int,
    mixed: tl.tensor,
    normaliser: tl.tensor,
    WIDTH: tl.constexpr,
    SCALE: tl.constexpr,
    BLOCK_QUERIES: tl.constexpr,
    BLOCK_KEYS: tl.constexpr,
    BLOCK_WIDTH: tl.constexpr,
) -> None:
    """Mix one block of queries of one head.

    Pointers are of tensors (B, H, S or L, D) whose strides of B, H and S or L are given and whose
    last stride is 1; keys and values of one source share theirs. ``weight`` is one fp32.
    ``normaliser`` (B, H, S), fp32 and contiguous, takes the base-2 logarithm of the sum of
    exponentials, which the backward pass needs; it may be None. SCALE is log2(e) / sqrt(D).
    """
    batch, head = tl.program_id(2).to(tl.int64), tl.program_id(1).to(tl.int64)
    rows = tl.program_id(0) * BLOCK_QUERIES + tl.arange(0, BLOCK_QUERIES)
    columns = tl.arange(0, BLOCK_WIDTH)
    inside = (rows < queries)[:, None] & (columns < WIDTH)[None, :]
    start = query + batch * query_batch + head * query_head
    q = tl.load(start + rows[:, None] * query_row + columns[None, :], mask=inside, other=0.0)
    a = tl.load(weight).to(tl.float32)
    image = batch * image_batch + head * image_head + columns[None, :]
    music = batch * music_batch + head * music_head + columns[None, :]

    top = tl.full((BLOCK_QUERIES,), float("-inf"), tl.float32)
    total = tl.zeros((BLOCK_QUERIES,), tl.float32)
    sums = tl.zeros((BLOCK_QUERIES, BLOCK_WIDTH), tl.float32)
    for first in range(0, keys, BLOCK_KEYS):
        places = first + tl.arange(0, BLOCK_KEYS)
        present = places < keys
        tile = present[:, None] & (columns < WIDTH)[None, :]
        i, m = image + places[:, None] * image_row, music + places[:, None] * music_row
        k = blended(image_key + i, music_key + m, tile, a)
        scores = tl.dot(q, tl.trans(k), input_precision="tf32x3") * SCALE
        scores = tl.where(present[None, :], scores, float("-inf"))
        new_top = tl.maximum(top, tl.max(scores, 1))
        shares = tl.exp2(scores - new_top[:, None])
        shrink = tl.exp2(top - new_top)
        total = total * shrink + tl.sum(shares, 1)
        v = blended(image_value + i, music_value + m, tile, a)
        sums = tl.dot(shares.to(v.dtype), v, sums * shrink[:, None], input_precision="tf32x3")
        top = new_top

    out = mixed + batch * mixed_batch + head * mixed_head
    out += rows[:, None] * mixed_row + columns[None, :]
    tl.store(out, (sums / total[:, None]).to(mixed.dtype.element_ty), mask=inside)
    if normaliser is not None:
        start = normaliser + (batch * tl.num_programs(1) + head) * queries
        tl.store(start + rows, top + tl.log2(total), mask=rows < queries)
