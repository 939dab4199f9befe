"""The tiny pack's picture tower and adapters, written operator by operator."""

from __future__ import annotations

import numpy as np

from tests.tiny_graphs import CLMP, GraphBuilder, TinyGraph, floats

FEATURE, PICTURE_SIDE = 24, 128


def tiny_adapters() -> dict[str, TinyGraph]:
    """The picture tower sees mean colours of eight by eight fields; adapters are linear."""
    return {
        "picture_encoder": _picture_encoder(),
        "picture_adapter": _linear_adapter(11, "feature", FEATURE, "embedding"),
        "story_adapter": _story_adapter(),
        "caption_adapter": _linear_adapter(13, "embedding", CLMP, "adapted"),
    }


def _picture_encoder() -> TinyGraph:
    b = GraphBuilder(10)
    fields = b.add("AveragePool", "picture", kernel_shape=[16, 16], strides=[16, 16])
    flat = b.add("Flatten", fields)
    shifted = b.add("Add", b.add("MatMul", flat, b.weight(3 * 64, FEATURE)), b.const(0.01))
    b.unit(shifted, "feature")
    picture = floats("B", 3, PICTURE_SIDE, PICTURE_SIDE)
    return b.finish({"picture": picture}, {"feature": floats("B", FEATURE)})


def _linear_adapter(seed: int, name: str, width: int, out: str) -> TinyGraph:
    b = GraphBuilder(seed)
    b.unit(b.add("MatMul", name, b.weight(width, CLMP)), out)
    return b.finish({name: floats("B", width)}, {out: floats("B", CLMP)})


def _story_adapter() -> TinyGraph:
    b = GraphBuilder(12)
    kept = b.add("Mul", "windows", b.add("Unsqueeze", "mask", b.const([2], np.int64)))
    pooled = b.add("ReduceSum", kept, b.const([1], np.int64), keepdims=0)
    b.unit(b.add("MatMul", pooled, b.weight(CLMP, CLMP)), "embedding")
    return b.finish(
        {"windows": floats("B", "N", CLMP), "mask": floats("B", "N")},
        {"embedding": floats("B", CLMP)},
    )
