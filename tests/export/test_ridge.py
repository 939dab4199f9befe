"""Regression from sums: what it finds and how much it says that it explains."""

from __future__ import annotations

import numpy as np
import pytest

from descant.export.ridge import Linear, Moments


def test_a_linear_map_is_found_whatever_the_order_of_the_pairs() -> None:
    rng = np.random.default_rng(0)
    weight, bias = rng.standard_normal((3, 5)), rng.standard_normal(3)
    x = rng.standard_normal((200, 5)) + 4.0
    y = x @ weight.T + bias
    moments = Moments(5, 3)
    for begin in range(0, 200, 50):
        moments.add(x[begin : begin + 50], y[begin : begin + 50])
    found = moments.solve(1e-10)
    np.testing.assert_allclose(found.weight, weight, atol=1e-6)
    np.testing.assert_allclose(found.bias, bias, atol=1e-5)
    assert moments.explained(found) == pytest.approx(1.0)
    # A heavy penalty leaves the mean.
    shrunk = moments.solve(1e9)
    np.testing.assert_allclose(shrunk.bias, y.mean(0), atol=1e-5)
    assert moments.explained(shrunk) == pytest.approx(0.0, abs=1e-6)


def test_the_share_that_is_explained_is_that_of_the_errors() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((80, 4)), rng.standard_normal((80, 6)) * 2.0 + 1.0
    moments = Moments(4, 6)
    moments.add(x, y)
    made = Linear(rng.standard_normal((6, 4)), rng.standard_normal(6))
    for columns in (slice(None), slice(2, 5)):
        errors = np.square(y - (x @ made.weight.T + made.bias))[:, columns].sum()
        spread = np.square(y - y.mean(0))[:, columns].sum()
        assert moments.explained(made, columns) == pytest.approx(1.0 - errors / spread)


def test_fewer_pairs_than_inputs_are_no_trouble() -> None:
    moments = Moments(50, 1)
    moments.add(np.eye(50)[:3], np.ones((3, 1)))
    assert np.isfinite(moments.solve(1e-3).weight).all()
