"""A request's numbers once a pack's defaults have filled the gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from descant.models.spec import DefaultsSpec, LimitsSpec
from descant.runtime.checks import check_integer, check_number

if TYPE_CHECKING:
    from descant.runtime.request import Request

EDIT_STRENGTH = 0.5
"""Of an edit that says nothing else; the published default."""
IMAGE_STRENGTH = 1.0

Sampler = Literal["euler", "ddim", "dpm++"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a request asks for, in numbers."""

    seconds: float
    steps: int
    guidance_scale: float
    melody_strength: float
    sampler: Sampler
    eta: float
    candidates: int
    """Clips to make; at least ``count``."""
    strength: float
    """Of the edit; 1 when music is made anew."""
    image_strength: float
    bars: int | None = None
    """Whole bars that ``seconds`` are, where bars or a loop are asked for."""


def settle(request: Request, defaults: DefaultsSpec, limits: LimitsSpec) -> Settled:
    """Fill the gaps from the pack and hold the result against the pack's limits.

    Raises:
        RequestError: The pack can't do what is asked.
    """
    seconds = defaults.seconds if request.seconds is None else float(request.seconds)
    steps = defaults.steps if request.steps is None else request.steps
    guidance = _or(request.guidance_scale, defaults.guidance_scale)
    check_number("seconds", seconds, limits.min_seconds, limits.max_seconds)
    check_integer("steps", steps, 1, limits.max_steps)
    check_number("guidance_scale", guidance, 0.0, limits.max_guidance_scale)
    check_integer("count", request.count, 1, limits.max_count)
    check_integer("candidates", request.candidates, 1, limits.max_candidates)
    if request.inpaint is not None:
        check_number("inpaint end", request.inpaint[1], 0.0, seconds)
    candidates = defaults.candidates if request.candidates is None else request.candidates
    candidates = max(int(candidates), int(request.count))
    request.check_room(candidates)
    return Settled(
        seconds,
        int(steps),
        guidance,
        _or(request.melody_strength, defaults.melody_strength),
        request.sampler or defaults.sampler,
        _or(request.eta, defaults.eta),
        candidates,
        _or(request.strength, _edit_strength(request)),
        _or(request.image_strength, IMAGE_STRENGTH),
    )


def _or(value: float | None, default: float) -> float:
    return float(default if value is None else value)


def _edit_strength(request: Request) -> float:
    return 1.0 if request.init is None or request.inpaint is not None else EDIT_STRENGTH
