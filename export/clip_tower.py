"""A CLIP folder -> a pack that sees through its vision tower."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from descant.export.adapter_fit import Fitted, fit_adapter
from descant.export.adapter_graphs import picture_adapter_plan
from descant.export.checkpoints.clip_folder import ClipFolder, open_clip_folder
from descant.export.ldm_networks import Network
from descant.export.network_run import Counter, NetworkRun, PackOptions
from descant.export.onnx_graph import GraphPlan, tensor
from descant.export.pack_copy import copy_files
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_new_output
from descant.export.picture_examples import DrawnExamples, ShardExamples, Source
from descant.models.nets.adapters import PictureAdapter
from descant.models.nets.clip_vision import ClipVision, ClipVisionConfig
from descant.models.spec import GraphSpec, PackSpec
from descant.runtime.conditioning import load_tokenizer
from descant.runtime.errors import RequestError
from descant.runtime.pack import Pack
from descant.runtime.sessions import Sessions

REPLACED = ("picture_encoder", "picture_adapter")
DROPPED = ("picture_words",)
"""What reads the features of the pack's own tower alone."""
NEEDED = (*REPLACED, "caption_adapter", "text_encoder", "audio_encoder")
FITTING_SHARE = 0.9
"""Of the progress that is shown."""
OnProgress = Callable[[str, float], None]
"""Called with what is done now and the share (0 … 1) of all that is done; raises to stop."""


@dataclass(frozen=True)
class ClipPack:
    """What was made."""

    spec: PackSpec
    pictures: int
    """That the adapter was fitted to."""
    metrics: dict[str, float]
    """Of the adapter on pictures that were kept apart; see ``adapter_fit``."""


def import_clip(
    folder: Path,
    pack: Pack,
    sessions: Sessions,
    output: Path,
    minutes: float,
    training: Path | None,
    on_progress: OnProgress,
) -> ClipPack:
    """Write a copy of a pack whose picture tower is CLIP's, with a picture adapter fitted to it.

    Args:
        folder: That transformers saved; see ``open_clip_folder``.
        pack: A starter pack that takes pictures.
        sessions: Of the pack.
        output: Folder of the new pack, or a file whose name ends in ``.descant``.
        minutes: Time for drawing pictures and fitting.
        training: Folder of the training phases, whose shards to fit to; None draws pictures.
        on_progress: Told now and then.

    Raises:
        RequestError: The pack takes no pictures.
        ExportInputError: The folder is not CLIP, or there is too little to fit to.
        OutputError: ``output`` can't be written, or would replace something else.
        ParityError: A graph is further from its network than allowed.
    """
    missing = [name for name in NEEDED if name not in pack.spec.graphs]
    if missing:
        raise RequestError(
            f"the pack {pack.spec.id!r} takes no pictures: it has no {missing[0]}",
            hint="give a starter pack of version 0.3.0 or later",
        )
    check_new_output(output, pack.path)
    on_progress("reading", 0.0)
    source = open_clip_folder(folder)
    examples: Source = (
        DrawnExamples(sessions, load_tokenizer(pack), source.config.side)
        if training is None else ShardExamples(sessions, training)
    )  # fmt: skip
    fitted = fit_adapter(
        _network(source.config).load(source.state), source.config.side, examples, minutes,
        lambda doing, share: on_progress(doing, share * FITTING_SHARE),
    )  # fmt: skip
    with PackPart(output) as part:
        graphs, version = _export(source, fitted, part, on_progress)
        copy_files(pack, part, (*REPLACED, *DROPPED))
        spec = _describe(pack.spec, source, fitted, examples.told, graphs, version)
        part.commit(spec)
    return ClipPack(spec, fitted.examples, fitted.metrics)


def _export(
    source: ClipFolder, fitted: Fitted, part: PackPart, on_progress: OnProgress
) -> tuple[dict[str, GraphSpec], str]:
    """Write both graphs; return their specs and a name for the tower's weights."""
    networks = (_network(source.config), _adapter_network(fitted.adapter))
    states = {"tower": source.state, "adapter": fitted.adapter.state_dict()}
    counts = [network.numbers() for network in networks]
    progress = Counter(
        sum(counts),
        lambda name, share: on_progress(name, FITTING_SHARE + (1.0 - FITTING_SHARE) * share),
    )
    part.require(sum(counts) * 2)
    run = NetworkRun(states.__getitem__, source.config, part, PackOptions(), progress)
    for network, numbers in zip(networks, counts, strict=True):
        run.export(network, numbers)
    return run.graphs, run.version()


def _network(config: ClipVisionConfig) -> Network:
    return Network(
        "tower", ("picture_encoder",), lambda: ClipVision(config),
        lambda network: [tower_plan(network)], False,
    )  # fmt: skip


def _adapter_network(adapter: PictureAdapter) -> Network:
    width, dim = adapter.enter.in_features, adapter.enter.out_features
    return Network(
        "adapter", ("picture_adapter",), lambda: PictureAdapter(width, dim),
        lambda network: [picture_adapter_plan(network)], False,
    )  # fmt: skip


def tower_plan(network: ClipVision) -> GraphPlan:
    """Return ``picture_encoder``: a picture in 0 … 1 -> CLIP's unit feature."""
    config = network.config
    return GraphPlan(
        "picture_encoder",
        network,
        {"picture": tensor("float32", "B", 3, config.side, config.side)},
        {"feature": tensor("float32", "B", config.feature_width)},
        {"picture": torch.rand(2, 3, config.side, config.side)},
    )


def _describe(
    spec: PackSpec,
    source: ClipFolder,
    fitted: Fitted,
    told: str,
    graphs: dict[str, GraphSpec],
    version: str,
) -> PackSpec:
    name = source.path.resolve().name
    kept = {key: graph for key, graph in spec.graphs.items() if key not in DROPPED}
    told = (
        f"{spec.provenance.training_data} Its picture tower is CLIP's, imported from {name}; the "
        f"picture adapter was fitted to {fitted.examples} pictures of SynthSet, where {told}."
    )
    metrics = {f"clip_{key}": value for key, value in fitted.metrics.items()}
    return dataclasses.replace(
        spec,
        name=f"{spec.name}, seeing through CLIP",
        version=f"{spec.version}-clip-{version}",
        licence=f"{spec.licence} The picture tower: as its publisher says (OpenAI's CLIP: MIT).",
        graphs={**kept, **graphs},
        provenance=dataclasses.replace(
            spec.provenance,
            training_data=told,
            metrics={**spec.provenance.metrics, **metrics},
        ),
    )
