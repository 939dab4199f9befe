"""Everything about a request that its clips share."""

from __future__ import annotations

from dataclasses import dataclass

from descant.models.theory.sheet import LeadSheet
from descant.runtime.conditioning import Text
from descant.runtime.request import Request, Settled
from descant.runtime.retrieval import Neighbour


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that has been understood; only the seed is open."""

    request: Request
    settled: Settled
    sheet: LeadSheet
    """Covers the clip."""
    prompt: Text | None
    """None when the request has no words."""
    negative: Text
    """Of an empty text when there is no negative prompt."""
    latent_frames: int
    retrieved: tuple[Neighbour, ...]
    warnings: tuple[str, ...]
