"""What a pack makes of a story's windows and words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from descant.models.tokenizer import Tokenizer
from descant.runtime.pieces import Pieces, call
from descant.runtime.sessions import Sessions

FloatArray = NDArray[np.float32]
Pool = Callable[[FloatArray, tuple[str, ...]], Pieces[FloatArray]]
"""(N, D) unit vectors and the N windows to the (D,) embedding of the whole."""

ADAPTER = "story_adapter"


def story_pool(sessions: Sessions, tokenizer: Tokenizer) -> Pool | None:
    """Return how the pack brings a story together, or None if it has no way of its own."""
    if ADAPTER not in sessions.pack.spec.graphs:
        return None

    def pool(places: FloatArray, windows: tuple[str, ...]) -> Pieces[FloatArray]:
        rows = np.ascontiguousarray(places[None], np.float32)
        mask = np.ones(rows.shape[:2], np.float32)
        pieces = [piece for window in windows for piece in tokenizer.encode(window).ids]
        tokens = np.array([pieces], np.int64)
        out = yield from call(sessions, ADAPTER, windows=rows, mask=mask, tokens=tokens)
        whole: FloatArray = out["embedding"][0]
        return whole

    return pool
