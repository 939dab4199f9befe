"""Linear regression with a penalty on the weights, from sums alone: no example is kept.

Hoerl & Kennard 1970: W = (X'X + n p I)^-1 X'Y of centred X and Y, where p is the penalty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """y = weight x + bias."""

    weight: DoubleArray
    """(out, in)."""
    bias: DoubleArray
    """(out,)."""

    def only(self, rows: slice) -> Linear:
        """Return the map to some of the outputs."""
        return Linear(self.weight[rows], self.bias[rows])


class Moments:
    """First and second moments of pairs (x, y)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Begin with no pairs."""
        self.count = 0
        self._x, self._y = np.zeros(inputs), np.zeros(outputs)
        self._xx = np.zeros((inputs, inputs))
        self._xy = np.zeros((inputs, outputs))
        self._yy = np.zeros(outputs)

    def add(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Take (N, in) and (N, out)."""
        wide_x, wide_y = x.astype(np.float64), y.astype(np.float64)
        self.count += len(x)
        self._x += wide_x.sum(0)
        self._y += wide_y.sum(0)
        self._xx += wide_x.T @ wide_x
        self._xy += wide_x.T @ wide_y
        self._yy += np.square(wide_y).sum(0)

    def solve(self, penalty: float) -> Linear:
        """Return the best map; the penalty is a share of the inputs' mean variance."""
        mean_x, mean_y = self._x / self.count, self._y / self.count
        covariance = self._xx / self.count - np.outer(mean_x, mean_x)
        cross = self._xy / self.count - np.outer(mean_x, mean_y)
        ridge = penalty * max(float(np.trace(covariance)) / len(mean_x), 1e-12)
        solved = np.linalg.solve(covariance + ridge * np.eye(len(mean_x)), cross)
        weight: DoubleArray = solved.T.astype(np.float64)
        return Linear(weight, mean_y - weight @ mean_x)

    def explained(self, made: Linear, columns: slice = slice(None)) -> float:
        """Return which share of these outputs' variance a map explains: 1 all, 0 as their mean."""
        weight, bias, sum_y = made.weight[columns], made.bias[columns], self._y[columns]
        quadratic = np.einsum("oi,ij,oj->o", weight, self._xx, weight, optimize=True)
        linear = weight @ self._x
        crossed = np.einsum("oi,io->o", weight, self._xy[:, columns], optimize=True)
        errors = (
            quadratic + 2.0 * bias * linear + self.count * bias**2
            - 2.0 * (crossed + bias * sum_y) + self._yy[columns]
        )  # fmt: skip
        variance = self._yy[columns] - sum_y**2 / self.count
        return 1.0 - float(errors.sum() / max(variance.sum(), 1e-12))
