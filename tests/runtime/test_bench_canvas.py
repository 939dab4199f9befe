"""The picture's shapes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.runtime.bench.canvas import Canvas


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.0, 60.0), min_size=1, max_size=8))
def test_a_bar_takes_parts_of_any_width(widths: list[float]) -> None:
    """Parts narrower than the gap between two are left out: no rectangle ends before it begins."""
    widths[0] += 20.0
    canvas = Canvas(600, 60, "#000000")
    canvas.stacked(10, 10, 20, [(width, "#ffffff") for width in widths])
    shown = canvas.image()
    bar = np.asarray(shown)[20, :, 0]
    assert bar[20] > 250
    assert bar[round(10 + sum(widths)) + 2 :].max() < 5  # smoothed when it is made smaller
