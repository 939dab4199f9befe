"""The graphs of the published CLMP towers, planned for export; fp32 networks only.

A tower runs once per text, sound or melody, so that nothing is gained by computing it in float16,
and the log-mel of a sound would lose its faint bands.
"""

from __future__ import annotations

import torch

from descant.export.onnx_graph import GraphPlan, tensor
from descant.models.clmp_spec import ClmpSpec, HtsatSpec, MelodyBagSpec, RobertaSpec
from descant.models.nets.clmp_official.clmp import (
    AudioTower,
    MelodyTower,
    OfficialClmp,
    TextTower,
)

EXAMPLE_ROWS = 2
EXAMPLE_TOKENS = 16
"""Tokens of the longer of the texts that trace the text tower; the other has half."""


def text_plan(clmp: OfficialClmp, spec: ClmpSpec) -> GraphPlan:
    """Return ``text_encoder``: token ids with their mask to a unit vector."""
    text = spec.text or RobertaSpec()
    length = min(EXAMPLE_TOKENS, text.max_tokens)
    tokens = torch.randint(text.pad_id + 1, text.vocabulary, (EXAMPLE_ROWS, length))
    tokens[1:, length // 2 :] = text.pad_id
    return GraphPlan(
        "text_encoder", TextTower(clmp),
        {"tokens": tensor("int64", "B", "S"), "mask": tensor("float32", "B", "S")},
        {"embedding": tensor("float32", "B", spec.dim)},
        {"tokens": tokens, "mask": (tokens != text.pad_id).float()},
    )  # fmt: skip


def audio_plan(clmp: OfficialClmp, spec: ClmpSpec) -> GraphPlan:
    """Return ``audio_encoder``: samples at the tower's own rate to a unit vector."""
    samples = (spec.audio or HtsatSpec()).samples
    return GraphPlan(
        "audio_encoder", AudioTower(clmp),
        {"samples": tensor("float32", "B", samples)},
        {"embedding": tensor("float32", "B", spec.dim)},
        {"samples": 0.1 * torch.randn(EXAMPLE_ROWS, samples)},
    )  # fmt: skip


def melody_plan(clmp: OfficialClmp, spec: ClmpSpec) -> GraphPlan:
    """Return ``melody_encoder``: how often each token occurs to a unit vector."""
    vocabulary = (spec.melody or MelodyBagSpec()).vocabulary
    return GraphPlan(
        "melody_encoder", MelodyTower(clmp),
        {"counts": tensor("float32", "B", vocabulary)},
        {"embedding": tensor("float32", "B", spec.dim)},
        {"counts": torch.randint(0, 5, (EXAMPLE_ROWS, vocabulary)).float()},
    )  # fmt: skip
