"""What is made of a recording and what of it stays, on the grid of the latents."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from descant.models.spec import DefaultsSpec, LimitsSpec, PipelineSpec
from descant.runtime.conditioning import latent_frames
from descant.runtime.errors import RequestError
from descant.runtime.original import Original
from descant.runtime.request import Request
from descant.runtime.settled import Settled

Kind = Literal["vary", "replace", "continue"]

CONTEXT_SECONDS = 10.0
"""Heard to either side of what is made anew: as much as attention sees, twice."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a recording, and of what comes after it, in latent frames."""

    first: int
    """From the recording's beginning."""
    frames: int
    """F."""
    new: tuple[float, float]
    """Begin and end of what is made, from ``first`` on; all of it when nothing stays."""


def kind_of(request: Request) -> Kind:
    """Say what is done with a recording."""
    if request.continues is not None:
        return "continue"
    return "vary" if request.inpaint is None else "replace"


def settle_edit(
    request: Request, original: Original, defaults: DefaultsSpec, limits: LimitsSpec
) -> Settled:
    """Fill the gaps; a clip that is no continuation is as long as its recording.

    Raises:
        RequestError: A number is out of range, or can't be asked of a recording.
    """
    kind = kind_of(request)
    if kind != "continue":
        seconds = min(max(original.seconds, limits.min_seconds), limits.max_seconds)
        defaults = replace(defaults, seconds=seconds)
    more = (original.seconds if request.seconds is None else request.seconds) - original.seconds
    if (more > 0.01 and kind != "continue") or (more < -0.01 and kind == "replace"):
        most = " at most" if kind == "vary" else ""
        raise RequestError(
            f"seconds must be {original.seconds:.2f}{most}, as long as init lasts",
            hint="leave it out, or ask for more with continues",
        )
    settled = request.settle(defaults, limits)
    for name in ("bars", "loop"):
        if getattr(request, name):
            raise RequestError(
                f"{name} can't be asked for with a recording to start from",
                hint="say how long in seconds, or leave it out",
            )
    if request.video is not None:
        raise RequestError(
            "video is given with a recording to start from", hint="score the film by itself"
        )
    kept = ("tempo_bpm", "key", "intensity")
    for name, value in ((name, getattr(request, name)) for name in kept):
        if kind != "vary" and value not in (None, ()):
            raise RequestError(
                f"{name} can't be chosen here: what is made keeps that of the recording",
                hint="leave it out, or vary the whole recording",
            )
    return settled


def span_of(request: Request, original: Original, seconds: float, pipeline: PipelineSpec) -> Span:
    """Lay what is heard and made on the latents' grid, which begins with the recording.

    Args:
        request: Says what is done.
        original: The recording.
        seconds: Of the clip; of a continuation, after the recording's end.
        pipeline: Of the pack.
    """
    rate, kind = pipeline.latent_rate, kind_of(request)
    context = math.ceil(CONTEXT_SECONDS * rate)
    if kind == "vary":
        frames = latent_frames(seconds, pipeline)
        return Span(0, frames, (0.0, float(frames)))
    earliest = math.ceil(original.first / original.sample_rate * rate)
    if kind == "replace":
        assert request.inpaint is not None
        begin, end = (place * rate for place in request.inpaint)
        first = max(math.floor(begin) - context, earliest)
        last = min(math.ceil(end) + context, latent_frames(original.seconds, pipeline))
        return Span(first, last - first, (begin - first, end - first))
    begin = original.sound_end / original.sample_rate * rate
    first = max(math.floor(begin) - context, earliest)
    frames = latent_frames(original.seconds + seconds, pipeline) - first
    return Span(first, frames, (begin - first, float(frames)))
