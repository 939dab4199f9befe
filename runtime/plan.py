"""Everything about a request that its clips share."""

from __future__ import annotations

from dataclasses import dataclass

from descant.models.theory.sheet import LeadSheet
from descant.runtime.conditioning import Text
from descant.runtime.inputs import Inputs
from descant.runtime.request import Request
from descant.runtime.retrieval import Neighbour
from descant.runtime.settled import Settled
from descant.runtime.sight import Pixels


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that has been understood; only the seed is open."""

    request: Request
    settled: Settled
    sheet: LeadSheet
    """Covers the clip."""
    prompt: Text | None
    """What is asked in words and sounds; None when nothing is."""
    negative: Text
    """Of an empty text when there is no negative prompt."""
    latent_frames: int
    retrieved: tuple[Neighbour, ...]
    warnings: tuple[str, ...]
    pictures: tuple[Pixels, ...]
    """(H, W, 3) each: what the denoiser is to see, by ``settled.image_strength``."""
    inputs: Inputs
    """Files that were read."""
