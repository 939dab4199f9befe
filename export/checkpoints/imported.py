"""A published checkpoint as state dicts of our networks, one part at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from descant.export.checkpoints.diffusers_folder import read_folder
from descant.export.checkpoints.errors import (
    MissingPartError,
    NonFiniteWeightsError,
    UnreadableCheckpointError,
)
from descant.export.checkpoints.layout import PartName, Sizes
from descant.export.checkpoints.names import unwrap_all
from descant.export.checkpoints.plan import Plan, Sources, UNetWeights, make_plan
from descant.export.checkpoints.reader import read_tensors
from descant.export.checkpoints.recognise import Kind, recognise
from descant.export.checkpoints.weight_norm import fold

StateDict = dict[str, Tensor]


@dataclass(frozen=True)
class Imported:
    """A checkpoint that was found whole: keys, shapes and values.

    Each of ``unet``, ``vae``, ``vocoder``, ``clmp_text``, ``clmp_audio`` and ``clmp_melody`` is a
    state dict of official names without prefix, float32. Every access maps the file anew, and what
    is mapped lives as long as the tensors taken from it: take a part, use it, drop it. With
    ``load_state_dict(..., assign=True)`` a network needs no second copy.
    """

    path: Path
    plan: Plan

    @property
    def kind(self) -> Kind:
        """Which published model or file it is."""
        return self.plan.kind

    @property
    def sizes(self) -> Sizes:
        """Sizes of the networks that it holds."""
        return self.plan.sizes

    @property
    def scale_factor(self) -> float | None:
        """Latents over this are the VAE's; ``None`` if the file holds no diffusion model."""
        return self.plan.scale_factor

    @property
    def parts(self) -> tuple[PartName, ...]:
        """Names of the parts that the file holds."""
        return tuple(self.plan.parts)

    @property
    def unet(self) -> StateDict:
        """Noise predictor."""
        return self.load("unet")

    @property
    def vae(self) -> StateDict:
        """Autoencoder of log-mel spectrograms, without its training losses."""
        return self.load("vae")

    @property
    def vocoder(self) -> StateDict:
        """HiFi-GAN with weight norm folded."""
        return self.load("vocoder")

    @property
    def clmp_text(self) -> StateDict:
        """Text tower and its projection."""
        return self.load("clmp_text")

    @property
    def clmp_audio(self) -> StateDict:
        """Audio tower and its projection."""
        return self.load("clmp_audio")

    @property
    def clmp_melody(self) -> StateDict:
        """Melody tower and its projection."""
        return self.load("clmp_melody")

    def load(self, part: str) -> StateDict:
        """Return a part's state dict.

        Raises:
            MissingPartError: This kind of file does not hold the part.
            UnreadableCheckpointError: The file is not what it was any more.
        """
        found = next((sources for name, sources in self.plan.parts.items() if name == part), None)
        if found is None:
            raise MissingPartError(
                f"{self.path}: a {self.kind} file holds no {part}",
                hint=f"It holds {', '.join(self.parts)}.",
            )
        tensors = _open(self.path)
        try:
            return {name: _tensor(tensors, at) for name, at in found.items()}
        except KeyError as exc:
            raise UnreadableCheckpointError(
                f"{self.path}: changed since it was opened, {exc} is gone", hint="Import it again."
            ) from exc


def import_checkpoint(
    path: str | Path, *, weights: UNetWeights = "ema", ignore: tuple[str, ...] = ()
) -> Imported:
    """Open a published checkpoint and check all of it that is kept.

    Args:
        path: An MG2 or AudioLDM checkpoint, a file with a CLMP, a VAE or a HiFi-GAN, or a folder
            that diffusers saved an AudioLDM pipeline in.
        weights: ``ema``, as published sampling does, or ``raw``; a folder has one set only.
        ignore: Beginnings of names that may be there though nothing needs them.

    Raises:
        CheckpointError: One of its kinds says why the checkpoint is not taken.
    """
    path = Path(path)
    tensors = _open(path)
    folder = path.is_dir()
    chosen: UNetWeights = "raw" if folder else weights
    plan = make_plan(recognise(tensors), tensors, chosen, audio=not folder, ignore=ignore)
    bad = [
        f"{part}.{name}"
        for part in plan.parts
        for name, sources in plan.parts[part].items()
        if not is_finite(_tensor(tensors, sources))
    ]
    if bad:
        raise NonFiniteWeightsError(bad)
    return Imported(path, plan)


def _open(path: Path) -> StateDict:
    return read_folder(path) if path.is_dir() else unwrap_all(read_tensors(path))


def _tensor(tensors: StateDict, sources: Sources) -> Tensor:
    if len(sources) == 2:
        return fold(tensors[sources[0]], tensors[sources[1]])
    tensor = tensors[sources[0]]
    return tensor.float().contiguous() if tensor.is_floating_point() else tensor


def is_finite(tensor: Tensor) -> bool:
    """Look for NaN and infinity without a temporary of the tensor's size."""
    if not tensor.is_floating_point() or not tensor.numel():
        return True
    low, high = torch.aminmax(tensor)  # both NaN if any number is
    return bool(torch.isfinite(low) & torch.isfinite(high))
