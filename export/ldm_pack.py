"""A published checkpoint (MG2, AudioLDM) -> a pack, one network in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from descant.export.checkpoints.imported import Imported, import_checkpoint
from descant.export.errors import ExportInputError
from descant.export.import_files import read_side_files
from descant.export.import_paths import sort_paths
from descant.export.ldm_networks import networks, numbers
from descant.export.ldm_pack_spec import check_whole, family_of, pack_spec
from descant.export.network_run import Counter, NetworkRun, OnProgress, PackOptions
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_output
from descant.models.clmp_spec import ClmpSpec, RobertaSpec
from descant.models.spec import PackSpec


@dataclass(frozen=True)
class ExportedPack:
    """What an export has made."""

    spec: PackSpec
    reused: tuple[str, ...]
    """Graphs that an interrupted run had finished."""


def export_checkpoint(
    paths: Sequence[Path], output: Path, options: PackOptions, on_progress: OnProgress
) -> ExportedPack:
    """Turn a published checkpoint and its files into a pack.

    Args:
        paths: See ``import_paths.sort_paths``.
        output: Folder of the pack, or a file whose name ends in ``.descant``; a pack that is there
            is replaced when all is done. After a kill, the same call goes on where it was.
        options: How to write it.
        on_progress: Told before each graph.

    Raises:
        ExportInputError: A file is missing, damaged, or does not fit the others.
        OutputError: Something else than a pack is at ``output``, or it can't be written.
        ParityError: A graph is further from its network than allowed.
    """
    check_output(output)
    found = sort_paths(paths)
    if found.checkpoint is None:
        raise ExportInputError(
            "no checkpoint among the files", hint="Give a .ckpt file or a folder of diffusers."
        )
    on_progress("reading", 0.0)
    imported = import_checkpoint(found.checkpoint, weights=options.weights)
    check_whole(imported)
    clmp = imported.sizes.clmp or ClmpSpec()
    melody_dim = clmp.dim if family_of(imported) == "mg2" else None
    side = read_side_files(found, clmp.text or RobertaSpec(), melody_dim)
    counts = numbers(imported.sizes)
    with PackPart(output) as part:
        part.require(sum(counts.values()) * (4 if options.precision == "fp32" else 2))
        progress = Counter(sum(counts.values()), on_progress)
        run = NetworkRun(imported.load, imported.sizes, part, options, progress)
        for network in networks(imported.sizes):
            run.export(network, counts[network.part])
        spec = pack_spec(
            imported, run.version(), _source(imported, options), run.graphs, side.write(part)
        )
        progress.show("writing")
        part.commit(spec)
    return ExportedPack(spec, tuple(run.reused))


def _source(imported: Imported, options: PackOptions) -> str:
    """Return where the weights are from, for the provenance."""
    which = "" if imported.path.is_dir() else f", {options.weights} weights of the UNet"
    return f"Imported from {imported.path.resolve().name}{which}."
