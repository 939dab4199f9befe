"""What each phase of the training gives to the starter pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from descant.export.adapter_graphs import adapter_plans
from descant.export.image_branch_graphs import image_branch_plan
from descant.export.onnx_graph import GraphPlan
from descant.export.starter_graphs import clmp_plans, denoiser_plans, vae_plans, vocoder_plan
from descant.export.transcriber_graphs import transcriber_plan
from descant.models.nets.image_branch import ImageBranch
from descant.models.nets.transcriber import Transcriber
from descant.models.nets.vae import Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.training.adapters import Adapters
from descant.models.training.clmp import Clmp
from descant.models.training.denoiser import FlowModel
from descant.models.training.loop import Metrics, load_best

ADAPTER_PHASES = {
    "caption_adapter": "adapters",
    "story_adapter": "stories",
    "picture_adapter": "picture_adapter",
}
"""Phases of the graphs that are not of ``pictures``, which goes on where ``adapters`` ends."""


@dataclass(frozen=True, slots=True)
class Part:
    """A phase's network and the graphs that are made of it."""

    phase: str
    module: nn.Module
    plans: Callable[[], list[GraphPlan]]
    """Called when all checkpoints are loaded."""


def starter_parts(clmp: Clmp) -> list[Part]:
    """Return all parts, in the order in which their checkpoints are loaded."""
    vae, vocoder, flow = Vae(), Vocoder(), FlowModel()
    adapters, branch, transcriber = Adapters(), ImageBranch(), Transcriber()

    def adapted(phase: str) -> list[GraphPlan]:
        plans = adapter_plans(adapters)
        return [p for p in plans if ADAPTER_PHASES.get(p.name, "pictures") == phase]

    return [
        Part("clmp", clmp, lambda: clmp_plans(clmp)),
        Part("denoiser", flow, lambda: denoiser_plans(flow, clmp.text)),
        Part("vae", vae, lambda: vae_plans(vae)),
        Part("vocoder", vocoder, lambda: [vocoder_plan(vocoder)]),
        Part("adapters", adapters, lambda: adapted("adapters")),
        Part("pictures", adapters, lambda: adapted("pictures")),
        Part("picture_adapter", adapters.picture, lambda: adapted("picture_adapter")),
        Part("stories", adapters.story, lambda: adapted("stories")),
        Part("image_branch", branch, lambda: [image_branch_plan(branch)]),
        Part("transcriber", transcriber, lambda: [transcriber_plan(transcriber)]),
    ]


def load_parts(
    training: Path, parts: list[Part], some: bool
) -> tuple[list[Part], dict[str, Metrics]]:
    """Load the phases' best checkpoints.

    Args:
        training: Folder of the training phases.
        parts: Their networks get the weights.
        some: Leave out phases that have no checkpoint, as long as one has.

    Returns:
        The parts that are loaded, and their phases' metrics.

    Raises:
        FileNotFoundError: A phase has no checkpoint, or with ``some`` none has.
    """
    found = [p for p in parts if not some or (training / f"{p.phase}.best.pt").exists()]
    if not found:
        raise FileNotFoundError(f"no phase has a checkpoint in {training}")
    return found, {part.phase: load_best(training, part.phase, part.module) for part in found}
