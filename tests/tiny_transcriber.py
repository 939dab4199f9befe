"""A transcriber without training: peaks of the spectrum are notes, their rises are onsets."""

from __future__ import annotations

import numpy as np

from descant.kernels.pitch_spectrum import BINS
from tests.tiny_graphs import GraphBuilder, TinyGraph, floats

LOUD = 0.85
"""Of the spectrum: a plain tone reaches about 1.3."""


def tiny_transcriber() -> TinyGraph:
    """Return the graph; it hears plain tones and nothing else."""
    b = GraphBuilder(9)
    plane = b.add("Gather", "spectrum", b.const([0], np.int64), axis=1)
    summit = b.add("MaxPool", plane, kernel_shape=[9, 1], pads=[4, 0, 4, 0])
    above = b.add("Sub", b.add("Add", plane, b.const(0.01)), summit)
    loud = b.add("Sub", plane, b.const(LOUD))
    peak = b.add("Mul", _switch(b, loud), _switch(b, above))  # (B, 1, 312, T)
    bins = b.add("Squeeze", peak, b.const([1], np.int64))
    fine = b.add("Slice", bins, *(b.const([i], np.int64) for i in (0, 264, 1)), out="fine")
    groups = b.add("Reshape", fine, b.const([0, 88, 3, -1], np.int64))
    b.add("ReduceMax", groups, b.const([2], np.int64), out="note", keepdims=0)
    later = b.add("Slice", "note", *(b.const([i], np.int64) for i in (0, -3, 2)))
    before = b.add("Pad", later, b.const([0, 0, 3, 0, 0, 0], np.int64))
    b.add("Relu", b.add("Sub", "note", before), out="onset")
    return b.finish(
        {"spectrum": floats("B", 2, BINS, "T")},
        {
            "onset": floats("B", 88, "T"),
            "note": floats("B", 88, "T"),
            "fine": floats("B", 264, "T"),
        },
    )


def _switch(b: GraphBuilder, value: str) -> str:
    """1 where a value is above 0, else 0, with a steep slope between."""
    return b.add("Sigmoid", b.add("Mul", value, b.const(400.0)))
