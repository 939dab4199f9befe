"""Connect an image branch to a pack's denoiser: fit the map between their attentions.

The denoiser has learned to listen to keys and values of its own image branch. Of the same pictures,
those are what a linear map of the foreign branch's keys and values should come closest to: a
regression in closed form, for which nothing of the pack changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from descant.export.errors import ExportInputError
from descant.export.onnx_graph import GraphPlan, export_onnx, tensor
from descant.export.pack_writer import file_spec, manifest_bytes
from descant.export.parity import measure_parity
from descant.export.sd_fitting import SHARES, Attention, Choice, Fitting, layer_widths
from descant.models.nets.branch_adapter import GRID, BranchAdapter, pooled
from descant.models.nets.ldm.shapes import ShapeError
from descant.models.sd_spec import AdapterSpec, ImageBranchSpec, tap_names
from descant.models.spec import GraphSpec, TensorSpec
from descant.models.synthset.compose import compose
from descant.models.synthset.gallery import picture
from descant.runtime.branch_pack import ADAPTER, BranchPack
from descant.runtime.files import write_atomically
from descant.runtime.pack_source import MANIFEST
from descant.runtime.sd_branch import Pixels, SdBranch

FloatArray = NDArray[np.float32]
See = Callable[[Pixels], tuple[FloatArray, FloatArray]]
"""(H, W, 3) sRGB -> keys and values (layers, heads, tokens, head_dim) of the pack's own."""
OnPicture = Callable[[int, int], None]
"""Called with the pictures that are done and how many there are; raises to stop."""
LEAST_PICTURES = 10
MIN_DRAWN, MAX_DRAWN = 128, 1024
"""Pixels of the smallest and the largest picture that is drawn."""
TOLERANCE = 1e-4


def connect(
    branch: SdBranch,
    see: See,
    attention: Attention,
    pack: str,
    pictures: int,
    on_picture: OnPicture,
) -> AdapterSpec:
    """Fit a branch's adapter to SynthSet's pictures and write it into the branch's folder.

    Args:
        branch: Open; open it again to use the adapter.
        see: The pack's own image branch.
        attention: Of its denoiser.
        pack: Id and version of the pack.
        pictures: How many to draw; each is inverted once.
        on_picture: Told after each.

    Raises:
        ExportInputError: There are too few pictures, or the branch's layers don't fit.
        OutputError: The folder can't be written.
        ParityError: The graph is not as its network.
    """
    if pictures < LEAST_PICTURES:
        raise ExportInputError(
            f"{pictures} pictures are too few", hint=f"Take {LEAST_PICTURES} or more."
        )
    _check_grids(branch.pack.spec)
    fitting = Fitting(branch.pack.spec, attention)
    side = min(max(branch.side, MIN_DRAWN), MAX_DRAWN)
    for number in range(pictures):
        drawn = np.asarray(picture(compose(number, "train"), (side, side)).convert("RGB"), np.uint8)
        fitting.add(SHARES[number % len(SHARES)], branch.taps(drawn), see(drawn))
        on_picture(number + 1, pictures)
    chosen = [fitting.choose(layer) for layer in range(attention.layers)]
    adapter = AdapterSpec(
        pack=pack,
        layers=tuple(choice.layer for choice in chosen),
        heads=attention.heads,
        head_dim=attention.head_dim,
        pictures=pictures,
        explained=tuple(round(choice.explained, 4) for choice in chosen),
    )
    _write(branch.pack, adapter, _filled(chosen, branch.pack.spec, attention))
    return adapter


def _check_grids(spec: ImageBranchSpec) -> None:
    """Refuse a branch whose layers can't be pooled, before pictures are inverted for minutes."""
    outputs = spec.graphs["unet_step"].outputs
    try:
        for keys, _ in tap_names(spec.picture.layers):
            pooled(torch.zeros(*map(int, outputs[keys].shape)))
    except ShapeError as error:
        raise ExportInputError(f"{spec.name}: {error}", hint=error.hint) from error


def _filled(chosen: list[Choice], spec: ImageBranchSpec, attention: Attention) -> BranchAdapter:
    layers, widths = [choice.layer for choice in chosen], layer_widths(spec)
    adapter = BranchAdapter(layers, widths, attention.heads, attention.head_dim)
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
    shape = (1, len(adapter.layers), adapter.heads, GRID * GRID, adapter.head_dim)
    made: TensorSpec = tensor("float32", *shape)
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
