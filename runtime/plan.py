"""Everything about a request that its clips share."""

from __future__ import annotations

from dataclasses import dataclass

from descant.models.theory.sheet import LeadSheet
from descant.runtime.checks import check_choice
from descant.runtime.conditioning import Text
from descant.runtime.errors import RequestError
from descant.runtime.inputs import Inputs
from descant.runtime.lead import Lead
from descant.runtime.loop_ring import Ring
from descant.runtime.query import Scene
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
    ring: Ring | None
    """Of a loop."""
    retrieved: tuple[Neighbour, ...]
    warnings: tuple[str, ...]
    pictures: tuple[Pixels, ...]
    """(H, W, 3) each: what the denoiser is to see, by ``settled.image_strength``."""
    scene: Scene | None
    """Stands for ``prompt``'s embedding while a part of a film goes on."""
    inputs: Inputs
    """Files that were read."""
    lead: Lead | None = None
    """What the sheet was cut or repeated from, for whoever goes on from the clip."""
    begin_seconds: float = 0.0
    """Music time of the first latent frame."""


def check_can_do(request: Request) -> None:
    """Refuse what only latent diffusion packs do.

    Raises:
        RequestError: It is asked for.
    """
    check_choice("sampler", request.sampler, ("euler",))
    others = "use a pack of AudioLDM or MG2 for it"
    if request.eta:
        raise RequestError(
            f"eta must be 0 here, got {request.eta:g}: euler adds no noise", hint=others
        )
    if (request.candidates or 0) > request.count:
        raise RequestError(
            f"candidates must be {request.count} here, got {request.candidates}",
            hint="ask for more clips with count and choose yourself, or " + others,
        )
