"""The choice of a linear map from an image branch's layers to what a denoiser listens to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.ridge import Linear, Moments
from descant.models.nets.branch_adapter import GRID, pooled
from descant.models.sd_spec import ImageBranchSpec, tap_names
from descant.runtime.sd_branch import Taps

FloatArray = NDArray[np.float32]
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
Share = Literal["fit", "choose", "judge"]
SHARES: tuple[Share, ...] = ("fit", "fit", "fit", "choose", "judge")
"""What each of five pictures is for: the maps, the choice among them, the figures that are told."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Sizes of what a denoiser listens to."""

    layers: int
    heads: int
    head_dim: int

    @property
    def width(self) -> int:
        """Of all heads together."""
        return self.heads * self.head_dim


@dataclass(frozen=True)
class Choice:
    """Maps of one layer of the denoiser."""

    layer: int
    """Of the branch."""
    keys: Linear
    values: Linear
    explained: float


class Fitting:
    """Moments of every layer of the branch against all layers of the denoiser."""

    def __init__(self, spec: ImageBranchSpec, attention: Attention) -> None:
        self.attention = attention
        widths = layer_widths(spec)
        self.names = tap_names(len(widths))
        self._moments = {
            (share, name): Moments(width, attention.layers * attention.width)
            for share in set(SHARES)
            for pair, width in zip(self.names, widths, strict=True)
            for name in pair
        }
        self._solved: dict[str, list[Linear]] = {}

    def add(self, share: Share, taps: Taps, wanted: tuple[FloatArray, FloatArray]) -> None:
        """Take one picture as both branches see it."""
        columns = [part.transpose(2, 0, 1, 3).reshape(GRID * GRID, -1) for part in wanted]
        for pair in self.names:
            for name, target in zip(pair, columns, strict=True):
                places = pooled(torch.from_numpy(taps[name]))[0].numpy()
                self._moments[share, name].add(places, target)

    def choose(self, layer: int) -> Choice:
        """Return the maps for a layer of the denoiser, and how good they are on fresh pictures."""
        width = self.attention.width
        columns = slice(layer * width, (layer + 1) * width)
        best = {name: self._best(name, columns) for pair in self.names for name in pair}

        def explained(share: Share, number: int) -> float:
            """Mean over keys and values."""
            names = self.names[number]
            found = [self._moments[share, name].explained(best[name], columns) for name in names]
            return sum(found) / len(found)

        number = max(range(len(self.names)), key=lambda one: explained("choose", one))
        keys, values = (best[name] for name in self.names[number])
        return Choice(number, keys.only(columns), values.only(columns), explained("judge", number))

    def _best(self, name: str, columns: slice) -> Linear:
        if name not in self._solved:
            fit = self._moments["fit", name]
            self._solved[name] = [fit.solve(penalty) for penalty in PENALTIES]
        judge = self._moments["choose", name]
        return max(self._solved[name], key=lambda one: judge.explained(one, columns))


def layer_widths(spec: ImageBranchSpec) -> list[int]:
    """Return the width of each of a branch's layers, all heads together."""
    outputs = spec.graphs["unet_step"].outputs
    shapes = [outputs[keys].shape for keys, _ in tap_names(spec.picture.layers)]
    return [int(shape[1]) * int(shape[3]) for shape in shapes]
