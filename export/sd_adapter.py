"""Connect an image branch to a pack's denoiser: fit the map between their attentions.

The denoiser has learned to listen to keys and values of its own image branch. Of the same pictures,
those are what a linear map of the foreign branch's keys and values should come closest to: a
regression in closed form, for which nothing of the pack changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.errors import ExportInputError
from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.export.pack_writer import file_spec, manifest_bytes
from descant.export.parity import measure_parity
from descant.export.ridge import Linear, Moments
from descant.kernels.area_resize import tower_pixels
from descant.models.nets.branch_adapter import GRID, HEAD_DIM, OUT, BranchAdapter, pooled
from descant.models.nets.image_branch import DECODER_LAYERS, HEADS
from descant.models.sd_spec import AdapterSpec, ImageBranchSpec, tap_names
from descant.models.spec import GraphSpec, TensorSpec
from descant.models.synthset.compose import compose
from descant.models.synthset.gallery import picture
from descant.runtime.branch_pack import ADAPTER, BranchPack
from descant.runtime.files import write_atomically
from descant.runtime.pack_source import MANIFEST
from descant.runtime.sd_branch import Pixels, SdBranch, Taps

FloatArray = NDArray[np.float32]
See = Callable[[Pixels], tuple[FloatArray, FloatArray]]
"""(3, 128, 128) sRGB -> keys and values (layers, heads, tokens, head_dim) of the pack's own."""
OnPicture = Callable[[int, int], None]
"""Called with the pictures that are done and how many there are; raises to stop."""
PICTURES, LEAST_PICTURES = 60, 10
TOWER_SIDE, MAX_DRAWN = 128, 1024
"""Pixels of a picture for the pack's own branch, and of the largest that is drawn."""
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
TOLERANCE = 1e-4
Share = Literal["fit", "choose", "judge"]
SHARES: tuple[Share, ...] = ("fit", "fit", "fit", "choose", "judge")
"""What each of five pictures is for: the maps, the choice among them, the figures that are told."""


@dataclass(frozen=True)
class _Choice:
    """Maps of one layer of the denoiser."""

    layer: int
    """Of the branch."""
    keys: Linear
    values: Linear
    explained: float


def connect(
    branch: SdBranch, see: See, pack: str, pictures: int, on_picture: OnPicture
) -> AdapterSpec:
    """Fit a branch's adapter to SynthSet's pictures and write it into the branch's folder.

    Args:
        branch: Open; open it again to use the adapter.
        see: The pack's own image branch.
        pack: Id and version of the pack.
        pictures: How many to draw; each is inverted once.
        on_picture: Told after each.

    Raises:
        ExportInputError: There are too few pictures.
        OutputError: The folder can't be written.
        ParityError: The graph is not as its network.
    """
    if pictures < LEAST_PICTURES:
        raise ExportInputError(
            f"{pictures} pictures are too few", hint=f"Take {LEAST_PICTURES} or more."
        )
    fitting = _Fitting(branch.pack.spec)
    side = min(max(branch.side, TOWER_SIDE), MAX_DRAWN)
    for number in range(pictures):
        drawn = np.asarray(picture(compose(number, "train"), (side, side)).convert("RGB"), np.uint8)
        taps = branch.taps(tower_pixels(drawn, branch.side))
        fitting.add(SHARES[number % len(SHARES)], taps, see(tower_pixels(drawn, TOWER_SIDE)))
        on_picture(number + 1, pictures)
    chosen = [fitting.choose(layer) for layer in range(DECODER_LAYERS)]
    adapter = AdapterSpec(
        pack=pack,
        layers=tuple(choice.layer for choice in chosen),
        heads=HEADS,
        head_dim=HEAD_DIM,
        pictures=pictures,
        explained=tuple(round(choice.explained, 4) for choice in chosen),
    )
    _write(branch.pack, adapter, _filled(chosen, branch.pack.spec))
    return adapter


class _Fitting:
    """Moments of every layer of the branch against all layers of the denoiser."""

    def __init__(self, spec: ImageBranchSpec) -> None:
        widths = layer_widths(spec)
        self.names = tap_names(len(widths))
        self._moments = {
            (share, name): Moments(width, DECODER_LAYERS * OUT)
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

    def choose(self, layer: int) -> _Choice:
        """Return the maps for a layer of the denoiser, and how good they are on fresh pictures."""
        columns = slice(layer * OUT, (layer + 1) * OUT)
        best = {name: self._best(name, columns) for pair in self.names for name in pair}

        def explained(share: Share, number: int) -> float:
            """Mean over keys and values."""
            names = self.names[number]
            found = [self._moments[share, name].explained(best[name], columns) for name in names]
            return sum(found) / len(found)

        number = max(range(len(self.names)), key=lambda one: explained("choose", one))
        keys, values = (best[name] for name in self.names[number])
        return _Choice(number, keys.only(columns), values.only(columns), explained("judge", number))

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


def _filled(chosen: list[_Choice], spec: ImageBranchSpec) -> BranchAdapter:
    adapter = BranchAdapter([choice.layer for choice in chosen], layer_widths(spec))
    for choice, *maps in zip(chosen, adapter.keys, adapter.values, strict=True):
        for linear, made in zip(maps, (choice.keys, choice.values), strict=True):
            linear.load_state_dict(
                {
                    "weight": torch.from_numpy(made.weight).float(),
                    "bias": torch.from_numpy(made.bias).float(),
                }
            )
    return adapter.eval().requires_grad_(False)


def adapter_plan(adapter: BranchAdapter, spec: ImageBranchSpec) -> GraphPlan:
    """Return ``branch_adapter``: taps of the layers that are heard -> keys and values."""
    names = tap_names(spec.picture.layers)
    outputs = spec.graphs["unet_step"].outputs
    inputs = {name: outputs[name] for layer in adapter.heard for name in names[layer]}
    made: TensorSpec = tensor("float32", 1, len(adapter.layers), HEADS, GRID * GRID, HEAD_DIM)
    generator = torch.Generator().manual_seed(0)
    example = {
        name: torch.randn(*map(int, one.shape), generator=generator) for name, one in inputs.items()
    }
    return GraphPlan(ADAPTER, adapter, inputs, {"keys": made, "values": made}, example)


def _write(pack: BranchPack, adapter: AdapterSpec, network: BranchAdapter) -> None:
    """Put graph and manifest in place; whoever reads meanwhile finds the old ones or the new."""
    plan = adapter_plan(network, pack.spec)
    content = export_onnx(plan).SerializeToString()
    parity = measure_parity(plan, content, TOLERANCE)
    named = file_spec("", content)
    file = f"{ADAPTER}-{named.sha256[:8]}.onnx"
    graph = GraphSpec(file, named.sha256, named.size_bytes, plan.inputs, plan.outputs, parity)
    graphs = {**pack.spec.graphs, ADAPTER: graph}
    spec = dataclasses.replace(pack.spec, graphs=graphs, adapter=adapter)
    write_atomically(pack.path / file, content)
    write_atomically(pack.path / MANIFEST, manifest_bytes(spec))
    old = pack.spec.graphs.get(ADAPTER)
    if old is not None and old.file != file:
        (pack.path / old.file).unlink(missing_ok=True)
