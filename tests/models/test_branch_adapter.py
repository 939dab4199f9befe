"""The map from a foreign image branch to the denoiser's places."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; it runs the networks")

from descant.models.nets.branch_adapter import BranchAdapter, pooled  # noqa: E402
from descant.models.nets.ldm.shapes import ShapeError  # noqa: E402

pytestmark = pytest.mark.torch


def test_tokens_are_averaged_to_places_or_repeated() -> None:
    tap = torch.arange(2 * 3 * 256 * 4).reshape(2, 3, 256, 4).float()
    places = pooled(tap)
    assert places.shape == (2, 64, 12)
    # Place (row 1, column 2) covers rows 2 and 3, columns 4 and 5 of 16; head 1, width 3.
    covered = [tap[0, 1, row * 16 + column, 3] for row in (2, 3) for column in (4, 5)]
    torch.testing.assert_close(places[0, 10, 7], torch.stack(covered).mean())
    few = torch.randn(1, 2, 16, 5)
    repeated = pooled(few).reshape(8, 8, 10)
    torch.testing.assert_close(repeated[5, 2], few[0, :, 2 * 4 + 1].flatten())
    same = torch.randn(1, 1, 64, 3)
    torch.testing.assert_close(pooled(same)[0], same[0, 0])


@pytest.mark.parametrize("tokens", [60, 25, 144])
def test_other_grids_are_refused(tokens: int) -> None:
    with pytest.raises(ShapeError):
        pooled(torch.zeros(1, 2, tokens, 4))


def test_each_layer_hears_the_one_that_it_was_given() -> None:
    torch.manual_seed(0)
    adapter = BranchAdapter([2, 0, 2], [8, 99, 12], 4, 5).eval()
    assert adapter.heard == [0, 2]
    low = torch.randn(2, 2, 2, 64, 4).unbind(0)
    high = torch.randn(2, 2, 3, 256, 4).unbind(0)
    keys, values = adapter(*low, *high)
    assert keys.shape == values.shape == (2, 3, 4, 64, 5)
    torch.testing.assert_close(keys.square().mean(-1), torch.ones(2, 3, 4, 64), atol=1e-3, rtol=0)
    other, _ = adapter(low[0] + 1.0, low[1], *high)
    changed = [not torch.equal(keys[:, layer], other[:, layer]) for layer in range(3)]
    assert changed == [False, True, False]
    _, other = adapter(*low, high[0], high[1] + 1.0)
    changed = [not torch.equal(values[:, layer], other[:, layer]) for layer in range(3)]
    assert changed == [True, False, True]
