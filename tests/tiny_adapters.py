"""The tiny pack's picture tower, adapters and image branch, written operator by operator."""

from __future__ import annotations

import numpy as np

from descant.models.spec import TensorSpec
from descant.models.theory.scene_words import SCENE_PHRASES
from descant.models.theory.words import GENRES, LEADS, MOODS
from tests.tiny_graphs import CLMP, IMAGE_TOKENS, IMAGE_WIDTH, GraphBuilder, TinyGraph, floats

FEATURE, PICTURE_SIDE = 24, 128


def tiny_adapters() -> dict[str, TinyGraph]:
    """The picture tower sees mean colours of eight by eight fields; adapters are linear."""
    return {
        "picture_encoder": _picture_encoder(),
        "picture_adapter": _linear_adapter(11, "feature", FEATURE, "embedding"),
        "story_adapter": _story_adapter(),
        "caption_adapter": _linear_adapter(13, "embedding", CLMP, "adapted"),
        "image_branch_step": _image_branch_step(),
        "picture_words": _picture_words(),
        "attributes": _attributes(),
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
    told = b.add("ReduceMean", b.add("Cast", "tokens", to=1), b.const([1], np.int64))  # (B, 1)
    moved = b.add("Add", b.add("MatMul", pooled, b.weight(CLMP, CLMP)), b.add("Sin", told))
    b.unit(moved, "embedding")
    return b.finish(
        {
            "windows": floats("B", "N", CLMP),
            "mask": floats("B", "N"),
            "tokens": TensorSpec("int64", ("B", "M")),
        },
        {"embedding": floats("B", CLMP)},
    )


def _image_branch_step() -> TinyGraph:
    """Fade to grey; keys are the brightest colours of the patches, values their brightness."""
    b = GraphBuilder(14)
    left = b.add("Sub", b.const(1.0), b.add("Sub", "next_time", "time"))
    b.add("Mul", "picture", left, out="next_picture")
    colours = b.add("MaxPool", "picture", kernel_shape=[8, 8], strides=[8, 8])
    rows = b.add("Reshape", colours, b.const([0, 1, 1, 3, IMAGE_TOKENS], np.int64))
    b.add("Transpose", rows, out="keys", perm=[0, 1, 2, 4, 3])
    told = b.add("ReduceMean", "text", b.const([1], np.int64))  # (B, 1)
    told = b.add("Reshape", told, b.const([0, 1, 1, 1, 1], np.int64))
    bright = b.add("Add", b.add("ReduceMean", "keys", b.const([4], np.int64)), told)
    b.add("Mul", bright, b.const([1.0, 0.5, 0.25]), out="values")
    taken = floats("B", 1, 1, IMAGE_TOKENS, IMAGE_WIDTH)
    picture = floats("B", 3, 64, 64)
    return b.finish(
        {"picture": picture, "text": floats("B", CLMP), "time": floats(1), "next_time": floats(1)},
        {"next_picture": picture, "keys": taken, "values": taken},
    )


def _picture_words() -> TinyGraph:
    """Always sure of itself."""
    b = GraphBuilder(14)
    sizes = {kind: len(words) for kind, words in SCENE_PHRASES.items()}
    for kind, size in sizes.items():
        scores = b.add("MatMul", "feature", b.weight(FEATURE, size))
        b.add("Softmax", b.add("Mul", scores, b.const(200.0)), out=kind, axis=1)
    outputs = {kind: floats("B", size) for kind, size in sizes.items()}
    return b.finish({"feature": floats("B", FEATURE)}, outputs)


def _attributes() -> TinyGraph:
    """Always sure of itself."""
    b = GraphBuilder(15)
    sizes = {"genres": len(GENRES), "moods": len(MOODS), "leads": len(LEADS)}
    for kind, size in sizes.items():
        scores = b.add("MatMul", "embedding", b.weight(CLMP, size))
        b.add("Softmax", b.add("Mul", scores, b.const(200.0)), out=kind, axis=1)
    outputs = {kind: floats("B", size) for kind, size in sizes.items()}
    return b.finish({"embedding": floats("B", CLMP)}, outputs)
