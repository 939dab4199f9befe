"""Clips longer than a pack makes in one piece: windows that overlap and agree at every step.

After Bar-Tal et al. 2023 (MultiDiffusion): at each step of the solver every window takes the step
on its own part of the latents, and where windows overlap the results are averaged. Each window sees
its own part of one control track, so melody, key and metre run through; what is asked may differ
from window to window, as a film's scenes do. A window's weight falls to zero towards its border:
nothing can jump there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from descant.runtime.conditioning import Condition
from descant.runtime.pieces import Pieces
from descant.runtime.sampling import OnStep, Step
from descant.runtime.tiled_decode import tile_starts

FloatArray = NDArray[np.float32]

WINDOW = 432
"""Latent frames, 40 s."""
OVERLAP = 96
"""Latent frames that neighbours share at least, 9 s: what attention sees, to both sides."""
BORDER_FRAMES = 4
"""Mel frames to either side of a border that the seam score looks at."""


def sample_windows(
    step: Step,
    noise: FloatArray,
    conditions: Sequence[Sequence[Condition]],
    times: FloatArray,
    guidance_scale: float,
    on_step: OnStep,
) -> Pieces[FloatArray]:
    """Follow the flow from noise to latents of any length.

    Args:
        step: Denoiser, guidance and Euler update in one.
        noise: (1, C, F) float32. Not modified.
        conditions: For each window, one per step, for its own frames.
        times: (steps + 1,) float32, decreasing to 0.
        guidance_scale: Weight of the condition; 1 switches guidance off.
        on_step: Called before each window of a step, and at the end.

    Returns:
        (1, C, F) float32.
    """
    steps, latents = len(times) - 1, noise
    spans = window_spans(noise.shape[2])
    weights = window_weights(noise.shape[2])
    for i in range(steps):
        moved = np.zeros_like(latents)
        for (begin, end), weight, own in zip(spans, weights, conditions, strict=True):
            on_step(i, steps)
            made = yield from step(
                latents=np.ascontiguousarray(latents[:, :, begin:end]),
                **own[i].feeds(),
                time=times[i : i + 1],
                next_time=times[i + 1 : i + 2],
                guidance_scale=np.array([guidance_scale], np.float32),
            )
            moved[:, :, begin:end] += weight * made["next_latents"]
        latents = moved
    on_step(steps, steps)
    return latents


def window_spans(frames: int) -> list[tuple[int, int]]:
    """Begin and end of every window over F latent frames."""
    return [(start, min(start + WINDOW, frames)) for start in tile_starts(frames, WINDOW, OVERLAP)]


def window_weights(frames: int) -> list[FloatArray]:
    """(window,) weights, rising and falling linearly where windows overlap; their sum is 1."""
    spans = window_spans(frames)
    rows = np.zeros((len(spans), frames))
    for row, (begin, end) in zip(rows, spans, strict=True):
        row[begin:end] = 1.0
    for first, second, (_, end), (begin, _) in zip(rows, rows[1:], spans, spans[1:], strict=False):
        rise = (np.arange(end - begin) + 0.5) / (end - begin)
        first[begin:end] *= 1.0 - rise
        second[begin:end] *= rise
    return [
        row[begin:end].astype(np.float32) for row, (begin, end) in zip(rows, spans, strict=True)
    ]


def seam_score(mel: FloatArray, stride: int) -> float | None:
    """How much the spectrum moves where a window begins or ends, over how it moves elsewhere.

    Args:
        mel: (M, T) log-mel of the whole clip.
        stride: Mel frames per latent frame.

    Returns:
        About 1 where borders can't be told from the rest; None when there is one window only.
    """
    spans = window_spans(mel.shape[1] // stride)
    borders = [begin for begin, _ in spans[1:]] + [end for _, end in spans[:-1]]
    if not borders:
        return None
    moves = np.abs(np.diff(mel, axis=1)).mean(0)
    near = np.zeros(len(moves), bool)
    for border in borders:
        place = border * stride - 1  # the move into the border's first frame
        near[max(place - BORDER_FRAMES, 0) : place + BORDER_FRAMES + 1] = True
    return float(moves[near].mean() / max(float(moves[~near].mean()), 1e-9))
