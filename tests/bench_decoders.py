"""Time the VAE's decoder and HiFi-GAN beside diffusers' and transformers' of the same weights.

``python -m tests.bench_decoders [--frames 256] [--repeats 3] [--width 1.0]``

The same way as ``tests.bench_unet_step``: descant is the exported graph in ONNX Runtime, theirs is
PyTorch (eager), in turns within one run, with a matrix product between them. Needs torch,
diffusers and transformers.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from descant.export.checkpoints.diffusers_names import vae_name, vocoder_name
from descant.export.ldm_graphs import vae_plans, vocoder_plan
from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.models.ldm_spec import AutoencoderConfig, HifiGanConfig
from descant.models.nets.ldm.autoencoder import AutoencoderKL
from descant.models.nets.ldm.hifigan import HifiGan
from tests.bench_unet_step import (
    DIFFUSERS,
    GEMM,
    GEMM_SIZE,
    LATENT_BINS,
    Step,
    alternate,
    open_graph,
    report,
)


@dataclass(frozen=True)
class Decoder:
    """A network of ours and theirs with one set of weights."""

    plan: GraphPlan
    given: Tensor
    theirs: Step


def vae_decoder(frames: int, width: float) -> Decoder:
    """Return the VAE's decoder."""
    diffusers = importlib.import_module("diffusers")
    config = AutoencoderConfig(ch=round(128 * width))
    widths = tuple(config.ch * m for m in config.ch_mult)
    theirs = diffusers.AutoencoderKL(
        in_channels=1, out_channels=1, latent_channels=8, layers_per_block=2,
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=widths,
    ).eval()  # fmt: skip
    ours = _filled(AutoencoderKL(config), theirs, vae_name)
    latents = torch.randn(1, config.embed_dim, frames, LATENT_BINS)

    def decode() -> Tensor:
        made: Tensor = theirs.decode(latents).sample
        return made

    return Decoder(vae_plans(ours)[1], latents, decode)


def vocoder(frames: int, width: float) -> Decoder:
    """Return HiFi-GAN."""
    transformers = importlib.import_module("transformers")
    config = HifiGanConfig(upsample_initial_channel=round(1024 * width))
    settings = transformers.SpeechT5HifiGanConfig(
        model_in_dim=config.num_mels, sampling_rate=config.sampling_rate,
        upsample_initial_channel=config.upsample_initial_channel,
        upsample_rates=list(config.upsample_rates),
        upsample_kernel_sizes=list(config.upsample_kernel_sizes), normalize_before=False,
    )  # fmt: skip
    theirs = transformers.SpeechT5HifiGan(settings).eval()
    ours = _filled(HifiGan(config), theirs, vocoder_name)
    mel = torch.randn(1, config.num_mels, 4 * frames)
    rows = mel.mT.contiguous()

    def vocode() -> Tensor:
        made: Tensor = theirs(rows)
        return made

    return Decoder(vocoder_plan(ours), mel, vocode)


def _filled(ours: Any, theirs: nn.Module, renamed: Any) -> Any:
    """Return our network with their weights."""
    state = ours.state_dict()
    given = {renamed(name): value for name, value in theirs.state_dict().items()}
    ours.load_state_dict({name: given[name].reshape(state[name].shape) for name in state})
    return ours.eval().requires_grad_(False)


def measure(decoder: Decoder, options: argparse.Namespace) -> None:
    """Print how far both are apart and what they take."""
    (name,) = decoder.plan.inputs
    (output,) = decoder.plan.outputs
    session = open_graph(export_onnx(decoder.plan).SerializeToString(), options.threads)
    feeds = {name: decoder.given.numpy()}

    def ours() -> Any:
        return session.run([output], feeds)[0]

    with FlopCounterMode(display=False) as counter:
        wanted = decoder.theirs().numpy()
    flops = int(counter.get_total_flops())
    made = ours().reshape(-1)
    apart = np.abs(made - wanted.reshape(-1)).max() / np.abs(wanted).max()
    print(f"{decoder.plan.name}: {flops / 1e9:.0f} GFLOP, largest difference {apart:.1e}")
    matrix = torch.randn(GEMM_SIZE, GEMM_SIZE)
    steps: dict[str, Step] = {
        DIFFUSERS: decoder.theirs, "descant fp32": ours, GEMM: lambda: matrix @ matrix,
    }  # fmt: skip
    report(alternate(steps, options.repeats), flops)


@torch.inference_mode()
def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_decoders", description="Time the VAE's decoder and HiFi-GAN."
    )
    add = parser.add_argument
    add("--frames", type=int, default=256, help="latent frames; 256 are 10.24 s")
    add("--repeats", type=int, default=3, help="rounds that count")
    add("--threads", type=int, default=2)
    add("--width", type=float, default=1.0, help="share of the published widths")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    for build in (vae_decoder, vocoder):
        measure(build(options.frames, options.width), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
