"""How far the outputs of two graphs, or of a graph and its network, are apart."""

from __future__ import annotations

import math
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
        error, size = _rms(difference), _rms(reference)
        rms = error / size if size else (math.inf if error else 0.0)
        if not rms <= tolerance:  # also catches NaN
            raise ParityError(name, rms, tolerance)
        relative = max(relative, rms)
    return ParitySpec(worst, relative, tolerance)


def _rms(values: NDArray[Any]) -> float:
    return float(np.sqrt(np.square(values).mean()))
