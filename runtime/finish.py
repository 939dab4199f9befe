"""The last stage of every clip: is it music, and as loud as asked?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from descant.runtime.health import Finding, check_finite, final_findings, raw_findings
from descant.runtime.loudness import normalising
from descant.runtime.pieces import Piece, Pieces

FloatArray = NDArray[np.float32]


Level = Callable[[FloatArray, int], Pieces[FloatArray]]
"""Sets the loudness of (A, N) samples at a rate."""


def finish(
    raw: FloatArray, sample_rate: int, level: Level = normalising
) -> Pieces[tuple[FloatArray, list[Finding]]]:
    """Set the loudness of (N,) samples; return them as (1, N), and what is wrong with them.

    Raises:
        NumericalError: Some are no numbers.
    """
    yield Piece("look for NaN", raw.size)
    check_finite(raw, "vocoder")
    heard = yield from raw_findings(raw)
    samples = yield from level(raw[None], sample_rate)
    yield Piece("look for clipping", raw.size)
    return samples, [*heard, *final_findings(samples)]
