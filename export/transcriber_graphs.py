"""The transcriber's graph, planned for export."""

from __future__ import annotations

import torch

from descant.export.onnx_graph import GraphPlan, tensor
from descant.kernels.pitch_spectrum import BINS, BINS_PER_SEMITONE
from descant.models.nets.transcriber import PITCHES, Transcriber

FRAMES = 256


def transcriber_plan(module: Transcriber) -> GraphPlan:
    """Return ``transcriber``: log-frequency spectrum to probabilities.

    Stored as fp16: its 0.2 M weights are small, and int8 would cost notes.
    """
    onset = tensor("float32", "B", PITCHES, "T")
    return GraphPlan(
        "transcriber",
        module,
        {"spectrum": tensor("float32", "B", 2, BINS, "T")},
        {
            "onset": onset,
            "note": onset,
            "fine": tensor("float32", "B", PITCHES * BINS_PER_SEMITONE, "T"),
        },
        {"spectrum": torch.rand(2, 2, BINS, FRAMES)},
        int8=False,
    )
