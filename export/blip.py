"""A BLIP folder -> a captioner, one network in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from descant.export.checkpoints.blip_folder import BlipFolder, open_blip_folder
from descant.export.ldm_networks import Network
from descant.export.network_run import Counter, NetworkRun, OnProgress, PackOptions
from descant.export.onnx_graph import GraphPlan, tensor
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_output
from descant.models.caption_spec import (
    CAPTIONER_FAMILY,
    CAPTIONER_FORMAT,
    BlipConfig,
    CaptionerSpec,
    WritingSpec,
)
from descant.models.nets.blip import BlipDecoder, BlipPicture
from descant.runtime.errors import OutputError
from descant.runtime.pack_source import SUFFIX

MAX_TOKENS = 31
"""The mark before the first word and up to 30, as the published captioner was asked for."""
LICENCE = "as its publisher says: BSD-3-Clause for Salesforce's"


@dataclass(frozen=True)
class ExportedCaptioner:
    """What an export has made."""

    spec: CaptionerSpec
    reused: tuple[str, ...]
    """Graphs that an interrupted run had finished."""


def export_blip(
    folder: Path, output: Path, options: PackOptions, on_progress: OnProgress
) -> ExportedCaptioner:
    """Turn a folder that transformers saved into a captioner.

    Args:
        folder: With ``config.json``, the weights and the vocabulary.
        output: Folder of the captioner; one that is there is replaced when all is done. After a
            kill, the same call goes on where it was.
        options: How to write it.
        on_progress: Told before each graph.

    Raises:
        ExportInputError: A file is missing, damaged, or does not fit the others.
        OutputError: Something else than a pack is at ``output``, or it can't be written.
        ParityError: A graph is further from its network than allowed.
    """
    check_output(output)
    if output.suffix == SUFFIX:
        raise OutputError(f"{output.name!r}: a captioner is a folder", hint="name a folder")
    on_progress("reading", 0.0)
    source = open_blip_folder(folder)
    networks = blip_networks(source.config)
    counts = {network.part: network.numbers() for network in networks}
    progress = Counter(sum(counts.values()), on_progress)
    with PackPart(output) as part:
        part.require(progress.total * (4 if options.precision == "fp32" else 2))
        run = NetworkRun(source.states.__getitem__, source.config, part, options, progress)
        for network in networks:
            run.export(network, counts[network.part])
        with part.create("vocab.txt") as file:
            file.write("".join(f"{word}\n" for word in source.words).encode())
        spec = CaptionerSpec(
            format=CAPTIONER_FORMAT,
            id="blip",
            name=f"BLIP, imported from {folder.resolve().name}",
            version=run.version(),
            licence=LICENCE,
            family=CAPTIONER_FAMILY,
            writing=_writing(source),
            graphs=run.graphs,
            files={"vocabulary": file.spec},
        )
        progress.show("writing")
        part.commit(spec)
    return ExportedCaptioner(spec, tuple(run.reused))


def blip_networks(config: BlipConfig) -> list[Network]:
    """Return both networks, the picture's first."""
    return [
        Network(
            "picture", ("picture_encoder",), lambda: BlipPicture(config),
            lambda network: [picture_plan(network)], False,
        ),
        Network(
            "decoder", ("caption_decoder",), lambda: BlipDecoder(config),
            lambda network: [decoder_plan(network)], False,
        ),
    ]  # fmt: skip


def picture_plan(network: BlipPicture) -> GraphPlan:
    """Return ``picture_encoder``: a picture in 0 … 1 -> keys and values."""
    config = network.config
    attended = tensor("float32", "B", *_attended(config))
    return GraphPlan(
        "picture_encoder", network,
        {"picture": tensor("float32", "B", 3, config.side, config.side)},
        {"keys": attended, "values": attended},
        {"picture": torch.rand(2, 3, config.side, config.side)},
    )  # fmt: skip


def decoder_plan(network: BlipDecoder) -> GraphPlan:
    """Return ``caption_decoder``: the words so far -> the next word's probabilities."""
    config = network.config
    attended = tensor("float32", "B", *_attended(config))
    return GraphPlan(
        "caption_decoder", network,
        {"tokens": tensor("int64", "B", "S"), "keys": attended, "values": attended},
        {"log_probabilities": tensor("float32", "B", config.vocabulary)},
        {
            "tokens": torch.randint(0, config.vocabulary, (2, min(8, config.positions))),
            "keys": torch.randn(2, *_attended(config)),
            "values": torch.randn(2, *_attended(config)),
        },
    )  # fmt: skip


def _attended(config: BlipConfig) -> tuple[int, int, int, int]:
    return config.layers, config.heads, config.patches, config.width // config.heads


def _writing(source: BlipFolder) -> WritingSpec:
    config = source.config
    return WritingSpec(
        config.side, source.begin, source.end, config.vocabulary, min(MAX_TOKENS, config.positions)
    )
