"""What a request feels like: pleasant or not, stirred or quiet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descant.models.theory.feelings import QUADRANTS, quadrant_of
from descant.models.theory.words import MOODS
from descant.runtime.errors import PackFormatError
from descant.runtime.families import ATTRIBUTES
from descant.runtime.pieces import Pieces, call
from descant.runtime.sessions import Sessions


def feeling(sessions: Sessions, embedding: NDArray[np.float32]) -> Pieces[str | None]:
    """Return the quarter of the circumplex that the moods of a place lie in together.

    What lies near a sentence in CLMP space shares its genre and instrument before its mood, so that
    a third of the nearest melodies feel otherwise than was asked. The classifier that was trained
    with the space knows better.

    Args:
        sessions: Of the pack.
        embedding: (1, 512) unit vector.

    Returns:
        A word of ``QUADRANTS``; None where the pack can't tell.

    Raises:
        PackFormatError: The pack knows other moods.
    """
    if ATTRIBUTES not in sessions.pack.spec.graphs:
        return None
    out = yield from call(sessions, ATTRIBUTES, embedding=embedding)
    if out["moods"].shape[1] != len(MOODS):
        raise PackFormatError(
            f"graph {ATTRIBUTES!r} tells {out['moods'].shape[1]} moods apart, not {len(MOODS)}"
        )
    shares = dict.fromkeys(QUADRANTS, 0.0)
    for mood, share in zip(MOODS, out["moods"][0].tolist(), strict=True):
        shares[quadrant_of(mood)] += share
    return max(shares, key=lambda name: shares[name])
