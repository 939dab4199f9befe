"""The last stage of every clip: is it music, and as loud as asked?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from descant.runtime.health import check_finite, final_warnings, raw_warnings
from descant.runtime.loudness import normalise
from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]


Level = Callable[[FloatArray, int], FloatArray]
"""Sets the loudness of (A, N) samples at a rate."""


def finish(
    raw: FloatArray, sample_rate: int, level: Level = normalise
) -> Pieces[tuple[FloatArray, tuple[str, ...]]]:
    """Set the loudness of (N,) samples; return them as (1, N), and what is wrong with them.

    Raises:
        NumericalError: Some are no numbers.
    """
    yield Piece("judge", raw.size)
    check_finite(raw, "vocoder")
    heard = raw_warnings(raw)
    yield Piece("loudness", raw.size)
    samples = level(raw[None], sample_rate)
    return samples, (*heard, *final_warnings(samples))
