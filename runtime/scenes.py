"""What each window of a clip is told: the same, or with a film what goes on there."""

from __future__ import annotations

import math
from dataclasses import replace

from descant.runtime.conditioning import Condition, Synapse, Text, make_conditions
from descant.runtime.pieces import Pieces
from descant.runtime.plan import Plan
from descant.runtime.sessions import Sessions
from descant.runtime.windows import window_spans


def scene_conditions(
    sessions: Sessions, plan: Plan, synapse: Synapse | None, in_windows: bool
) -> Pieces[list[list[Condition]]]:
    """Return those of every step, for each window; a clip in one piece is one.

    Args:
        sessions: Of the pack.
        plan: Its ``scene`` is asked for each window.
        synapse: What the denoiser sees of pictures.
        in_windows: Whether the clip is made in windows.
    """

    def steps(prompt: Text | None, begin: int, end: int) -> Pieces[list[Condition]]:
        return _steps(sessions, plan, prompt, synapse, begin, end)

    frames = plan.latent_frames
    if not in_windows:
        return [(yield from steps(plan.prompt, 0, frames))]
    spans = window_spans(frames)
    if plan.scene is None or plan.prompt is None:
        whole = yield from steps(plan.prompt, 0, frames)
        return [[condition.part(*span) for condition in whole] for span in spans]
    rate, made = sessions.pack.spec.pipeline.latent_rate, []
    for begin, end in spans:
        scene = plan.scene(begin / rate, end / rate)
        made.append((yield from steps(replace(plan.prompt, embedding=scene), begin, end)))
    return made


def _steps(
    sessions: Sessions,
    plan: Plan,
    prompt: Text | None,
    synapse: Synapse | None,
    begin: int,
    end: int,
) -> Pieces[list[Condition]]:
    """Return the condition of every step, for some latent frames."""
    pipeline, steps = sessions.pack.spec.pipeline, plan.settled.steps
    return make_conditions(
        sessions,
        pipeline,
        plan.sheet,
        (end - begin) * pipeline.latents.time_stride,
        (prompt, plan.negative),
        math.ceil(plan.settled.melody_strength * steps),
        steps,
        synapse,
        plan.begin_seconds + begin / pipeline.latent_rate,
    )
