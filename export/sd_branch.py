"""A Stable Diffusion folder -> an image branch, one network in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from descant.export.checkpoints.sd_config import with_inversion
from descant.export.checkpoints.sd_folder import SdFolder, open_sd_folder
from descant.export.network_run import Counter, NetworkRun, OnProgress, PackOptions
from descant.export.pack_part import PackPart
from descant.export.pack_writer import check_output
from descant.export.sd_graphs import branch_networks
from descant.models.sd_spec import (
    BRANCH_FAMILY,
    BRANCH_FORMAT,
    INVERSION_STEPS,
    ImageBranchSpec,
    InversionSpec,
    PictureSpec,
)
from descant.models.spec import FileSpec, GraphSpec
from descant.runtime.errors import OutputError
from descant.runtime.pack_source import SUFFIX

LICENCE = (
    "as its publisher says: CreativeML Open RAIL-M for the versions of Stability AI and Runway"
)
FILES = {"vocabulary": "vocab.json", "merges": "merges.txt"}


@dataclass(frozen=True)
class ExportedBranch:
    """What an export has made."""

    spec: ImageBranchSpec
    reused: tuple[str, ...]
    """Graphs that an interrupted run had finished."""


def export_sd(
    folder: Path,
    output: Path,
    options: PackOptions,
    on_progress: OnProgress,
    steps: int = INVERSION_STEPS,
    evaluations: int | None = None,
) -> ExportedBranch:
    """Turn a folder that diffusers saved into an image branch.

    Args:
        folder: With ``model_index.json``, ``unet``, ``vae``, ``text_encoder``, ``tokenizer`` and
            ``scheduler``.
        output: Folder of the branch; one that is there is replaced when all is done. After a kill,
            the same call goes on where it was.
        options: How to write it.
        on_progress: Told before each graph.
        steps: Of the inversion.
        evaluations: How many of them are taken, from clean latents on; all by default.

    Raises:
        ExportInputError: A file is missing, damaged, or does not fit the others.
        OutputError: Something else than a pack is at ``output``, or it can't be written.
        ParityError: A graph is further from its network than allowed.
    """
    check_output(output)
    if output.suffix == SUFFIX:
        raise OutputError(f"{output.name!r}: an image branch is a folder", hint="name a folder")
    on_progress("reading", 0.0)
    source = open_sd_folder(folder)
    sizes = with_inversion(source.sizes, steps, steps if evaluations is None else evaluations)
    networks = branch_networks(sizes)
    counts = {network.part: network.numbers() for network in networks}
    progress = Counter(sum(counts.values()), on_progress)
    with PackPart(output) as part:
        part.require(progress.total * (4 if options.precision == "fp32" else 2))
        # How often the graphs are called changes none of them.
        facts = (sizes.unet, sizes.vae, sizes.text, sizes.latent_side, sizes.scale_factor)
        run = NetworkRun(source.load, facts, part, options, progress)
        for network in networks:
            run.export(network, counts[network.part])
        files = _write_files(part, source)
        spec = _spec(source, sizes.inversion, run.version(), run.graphs, files)
        progress.show("writing")
        part.commit(spec)
    return ExportedBranch(spec, tuple(run.reused))


def _write_files(part: PackPart, source: SdFolder) -> dict[str, FileSpec]:
    contents = {
        "vocabulary": source.tokenizer.vocabulary, "merges": source.tokenizer.merges
    }  # fmt: skip
    files = {}
    for role, content in contents.items():
        with part.create(FILES[role]) as file:
            file.write(content)
        files[role] = file.spec
    return files


def _spec(
    source: SdFolder,
    inversion: InversionSpec,
    version: str,
    graphs: dict[str, GraphSpec],
    files: dict[str, FileSpec],
) -> ImageBranchSpec:
    sizes = source.sizes
    picture = PictureSpec(
        side=sizes.latent_side * sizes.vae.stride,
        latent_channels=sizes.vae.embed_dim,
        latent_side=sizes.latent_side,
        text_tokens=sizes.text.positions,
        text_width=sizes.text.width,
        pad_token=source.tokenizer.pad_token,
        layers=len(sizes.unet.tapped),
    )
    generation = 1 if sizes.text.activation == "quick_gelu" else 2
    return ImageBranchSpec(
        format=BRANCH_FORMAT,
        id=f"stable-diffusion-{generation}",
        name=f"Stable Diffusion {generation}.x, imported from {source.path.resolve().name}",
        version=version,
        licence=LICENCE,
        family=BRANCH_FAMILY,
        picture=picture,
        inversion=inversion,
        graphs=graphs,
        files=files,
    )
