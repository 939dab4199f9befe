"""Train one phase: ``python -m descant.models.training PHASE --minutes N [--resume]``."""

from __future__ import annotations

import argparse
import importlib
import sys
from functools import partial
from pathlib import Path

import torch

from descant.models.training.loop import LoopConfig, load_matching, train
from descant.models.training.parallel import Peers, run_together

PHASES = {
    "text": "descant.models.training.text:TextPhase",
    "vae": "descant.models.training.vae:VaePhase",
    "vocoder": "descant.models.training.vocoder:VocoderPhase",
    "clmp": "descant.models.training.clmp:ClmpPhase",
    "denoiser": "descant.models.training.denoiser:DenoiserPhase",
}
"""In the order in which they stand on one another; ``data`` comes before all of them."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.phase == "data":
        from descant.models.training.data import compose_shards

        compose_shards(options.folder / "data", options.minutes, options.shards, _say)
        return 0
    run_together(options.processes, partial(_train, options))
    return 0


def _train(options: argparse.Namespace, peers: Peers) -> None:
    torch.set_num_threads(options.threads)
    module, name = PHASES[options.phase].split(":")
    phase = getattr(importlib.import_module(module), name)(options.folder, options.device)
    if options.start and not options.resume:
        _say(f"{load_matching(options.start, phase.module)} tensors from {options.start}")
    config = LoopConfig(
        options.folder,
        options.minutes,
        options.resume,
        options.device,
        peak=options.peak,
        peers=peers,
    )
    metrics = train(phase, config, _say)
    if peers.leads:
        _say(f"best: {metrics}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m descant.models.training", description=__doc__)
    parser.add_argument("phase", choices=["data", *PHASES])
    parser.add_argument("--minutes", type=float, required=True, help="time limit of this run")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--start", type=Path, help="checkpoint whose fitting tensors begin the run")
    parser.add_argument("--peak", type=float, default=1.0, help="share of the learning rate")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of PyTorch")
    parser.add_argument(
        "--processes", type=int, default=1, help="CPU processes that train together"
    )
    parser.add_argument("--shards", type=int, default=200, help="data: how many to make at most")
    parser.add_argument("--folder", type=Path, default=Path("build/training"))
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
