"""The flow on a ring of latents: windows that reach around it and agree at every step.

As in ``windows``, after Bar-Tal et al. 2023, but the last window overlaps with the first one; of a
ring that fits one window the ends overlap. So each step leaves latents that have no ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.runtime.conditioning import Condition
from descant.runtime.loop_ring import around
from descant.runtime.pieces import Pieces
from descant.runtime.sampling import OnStep, Step
from descant.runtime.windows import OVERLAP, WINDOW

FloatArray = NDArray[np.float32]

EDGE = 24
"""Latent frames at either end of a window that nothing is taken from: what they lack beyond the
window's border, they show most."""


def ring_spans(frames: int) -> list[tuple[int, int]]:
    """Begin and end of every window on a ring of F latent frames; they may lie outside it."""
    count = math.ceil(frames / (WINDOW - OVERLAP))
    edges = [frames * i // count for i in range(count + 1)]
    margin = OVERLAP // 2
    return [(a - margin, b + margin) for a, b in pairwise(edges)]


def ring_weights(frames: int) -> list[FloatArray]:
    """(window,) weights that rise and fall linearly where windows overlap; their sum is 1."""
    spans, total, ramps = ring_spans(frames), np.zeros(frames), []
    for begin, end in spans:
        place = np.arange(end - begin) + 0.5
        inside = np.minimum(place, place[::-1]) - EDGE
        ramps.append(np.clip(inside / (OVERLAP - 2 * EDGE), 0.0, 1.0))
        np.add.at(total, np.arange(begin, end) % frames, ramps[-1])
    return [
        (ramp / total[np.arange(begin, end) % frames]).astype(np.float32)
        for ramp, (begin, end) in zip(ramps, spans, strict=True)
    ]


def sample_ring(
    step: Step,
    noise: FloatArray,
    conditions: Sequence[Sequence[Condition]],
    times: FloatArray,
    guidance_scale: float,
    on_step: OnStep,
) -> Pieces[FloatArray]:
    """Follow the flow from noise to latents whose end leads into their beginning.

    Arguments and result as of ``windows.sample_windows``, but that ``conditions`` are for each of
    ``ring_spans``.
    """
    steps, frames, latents = len(times) - 1, noise.shape[2], noise
    spans, weights = ring_spans(frames), ring_weights(frames)
    for i in range(steps):
        moved = np.zeros_like(latents)
        for (begin, end), weight, own in zip(spans, weights, conditions, strict=True):
            on_step(i, steps)
            made = yield from step(
                latents=around(latents, begin, end),
                **own[i].feeds(),
                time=times[i : i + 1],
                next_time=times[i + 1 : i + 2],
                guidance_scale=np.array([guidance_scale], np.float32),
            )
            lay(moved, made["next_latents"] * weight, begin)
        latents = moved
    on_step(steps, steps)
    return latents


def lay(ring: FloatArray, values: FloatArray, begin: int) -> None:
    """Add (1, C, W) values to a (1, C, F) ring from frame ``begin`` on, all the way around."""
    frames = ring.shape[2]
    for first in range(begin - begin % frames, begin + values.shape[2], frames):
        low, high = max(first, begin), min(first + frames, begin + values.shape[2])
        ring[:, :, low - first : high - first] += values[:, :, low - begin : high - begin]
