"""The way of a loop through the starter's networks: conditions, latents and samples on a ring."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from descant.runtime.conditioning import Condition, Synapse, Text, track_conditions
from descant.runtime.loop_ring import Ring, around
from descant.runtime.loop_sampling import ring_spans
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.plan import Plan
from descant.runtime.retrieval import LIBRARY_FRAMES
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]

CONDITIONER_REACH = 8
"""Latent frames to either side that can change a frame: 6 of the conditioner's convolutions."""


def ring_conditions(
    sessions: Sessions, plan: Plan, ring: Ring, synapse: Synapse | None
) -> Pieces[list[list[Condition]]]:
    """Return those of every step, for each window of a ring; ``scenes`` has them for other clips.

    Args:
        sessions: Of the pack.
        plan: Its ``scene`` is asked for each window.
        ring: Of the plan's sheet.
        synapse: What the denoiser sees of pictures.
    """
    spans, rate = ring_spans(ring.latent_frames), sessions.pack.spec.pipeline.latent_rate
    if plan.scene is None or plan.prompt is None:
        whole = yield from _steps(sessions, plan, ring, plan.prompt, synapse)
        return [_parts(whole, *span) for span in spans]
    made = []
    for begin, end in spans:
        scene = plan.scene(max(begin, 0) / rate, min(end, ring.latent_frames) / rate)
        prompt = replace(plan.prompt, embedding=scene)
        whole = yield from _steps(sessions, plan, ring, prompt, synapse)
        made.append(_parts(whole, begin, end))
    return made


def _steps(
    sessions: Sessions, plan: Plan, ring: Ring, prompt: Text | None, synapse: Synapse | None
) -> Pieces[list[Condition]]:
    """Return the condition of every step, for the latent frames of the ring."""
    pipeline, steps = sessions.pack.spec.pipeline, plan.settled.steps
    stride, frames = pipeline.latents.time_stride, ring.latent_frames
    # The melody's embedding is of ten seconds in training: short loops are shown several times.
    short = math.ceil((LIBRARY_FRAMES / stride - frames) / 2)
    margin = max(CONDITIONER_REACH, short)
    yield Piece("control track", frames * stride)
    track = ring.track(plan.sheet, pipeline)
    made = yield from track_conditions(
        sessions,
        around(track, -margin * stride, (frames + margin) * stride),
        (prompt, plan.negative),
        math.ceil(plan.settled.melody_strength * steps),
        steps,
        synapse,
    )
    return _parts(made, margin, margin + frames)


def _parts(conditions: list[Condition], begin: int, end: int) -> list[Condition]:
    """Return some frames of each condition, going round; those that are one object stay one."""
    parts: dict[int, Condition] = {}
    for condition in conditions:
        if id(condition) not in parts:
            control = around(condition.control_latents, begin, end)
            parts[id(condition)] = replace(condition, control_latents=control)
    return [parts[id(condition)] for condition in conditions]
