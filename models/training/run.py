"""Run one phase in one process; a module of its own, so that other processes can import it."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

from descant.models.training.device import prepare
from descant.models.training.loop import LoopConfig, load_matching, train
from descant.models.training.parallel import Peers

PHASES = {
    "judge": "descant.models.training.judge:JudgePhase",
    "text": "descant.models.training.text:TextPhase",
    "vae": "descant.models.training.vae:VaePhase",
    "vocoder": "descant.models.training.vocoder:VocoderPhase",
    "clmp": "descant.models.training.clmp:ClmpPhase",
    "adapters": "descant.models.training.adapters:AdaptersPhase",
    "pictures": "descant.models.training.pictures:PicturesPhase",
    "picture_adapter": "descant.models.training.picture_adapter:PictureAdapterPhase",
    "stories": "descant.models.training.stories:StoriesPhase",
    "image_branch": "descant.models.training.image_branch:ImageBranchPhase",
    "denoiser": "descant.models.training.denoiser:DenoiserPhase",
    "transcriber": "descant.models.training.transcriber:TranscriberPhase",
}
"""In the order in which they stand on one another; ``data`` comes before all of them,
``scene_data`` before ``pictures`` and ``stories``, and ``hum_data`` before ``transcriber``."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asks of a phase."""

    phase: str
    folder: Path
    minutes: float
    resume: bool
    device: str
    threads: int
    evaluate_every: float
    """Seconds between evaluations."""
    peak: float
    start: Path | None
    """Checkpoint whose fitting tensors begin the run."""


def run_phase(options: RunOptions, peers: Peers) -> None:
    """Train until the time is used up."""
    prepare(options.device, options.threads)
    module, name = PHASES[options.phase].split(":")
    phase = getattr(importlib.import_module(module), name)(options.folder, options.device)
    if options.start and not options.resume:
        say(f"{load_matching(options.start, phase.module)} tensors from {options.start}")
    config = LoopConfig(
        options.folder,
        options.minutes,
        options.resume,
        options.device,
        evaluate_every=options.evaluate_every,
        peak=options.peak,
        peers=peers,
    )
    metrics = train(phase, config, say)
    if peers.leads:
        say(f"best: {metrics}")


def say(line: str) -> None:
    """Print at once, so that a log file can be followed."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
