"""How far the outputs of two graphs, or of a graph and its network, are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from descant.export.errors import ParityError
from descant.models.spec import ParitySpec

Arrays = Sequence[NDArray[Any]]


def compare(name: str, made: Arrays, wanted: Arrays, tolerance: float) -> ParitySpec:
    """Return how far a graph's outputs are from the network's.

    Raises:
        ParityError: The worst output's relative RMS error exceeds ``tolerance``.
    """
    worst, relative = 0.0, 0.0
    for ours, reference in zip(made, wanted, strict=True):
        difference = np.asarray(ours) - reference
        worst = max(worst, float(np.abs(difference).max()))
        rms = float(np.sqrt(np.square(difference).mean() / np.square(reference).mean()))
        if not rms <= tolerance:  # also catches NaN
            raise ParityError(name, rms, tolerance)
        relative = max(relative, rms)
    return ParitySpec(worst, relative, tolerance)
