"""Time one step of the noise predictor beside diffusers' network of the same size and weights.

``python -m tests.bench_unet_step [--channels 192] [--frames 256] [--rows 2] [--device cuda]``

Both networks take turns within one run, with a matrix product between them whose rate says what
the machine had to give at that time. Needs torch and diffusers (``pip install --no-deps diffusers``
beside what ``tools/test.sh`` installs).
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from descant.export.checkpoints.diffusers_names import unet_name
from descant.models.ldm_spec import UNETS, UNetConfig
from descant.models.nets.ldm.unet import UNet

GEMM_SIZE = 1024
LATENT_BINS = 16
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


@dataclass(frozen=True)
class Timing:
    """Seconds of every repetition."""

    ours: list[float]
    theirs: list[float]
    gemm: list[float]


def diffusers_unet(config: UNetConfig) -> Any:
    """Return diffusers' AudioLDM network: one linear condition beside the time, no context."""
    diffusers = importlib.import_module("diffusers")

    widths = tuple(config.model_channels * m for m in config.channel_mult)
    down = ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * (len(widths) - 1)
    return diffusers.UNet2DConditionModel(
        in_channels=config.in_channels,
        out_channels=config.out_channels,
        down_block_types=tuple(down),
        up_block_types=tuple(n.replace("Down", "Up") for n in reversed(down)),
        block_out_channels=widths,
        layers_per_block=config.num_res_blocks,
        cross_attention_dim=widths,
        attention_head_dim=tuple(config.heads(w) for w in widths),  # sic: it takes their number
        class_embed_type="simple_projection",
        projection_class_embeddings_input_dim=config.condition_dim,
        class_embeddings_concat=True,
    )


def measure(options: argparse.Namespace) -> None:
    """Build both, check that they agree, time them in turns and print the table."""
    config = replace(UNETS["mg2"], model_channels=options.channels)
    device, dtype = torch.device(options.device), DTYPES[options.dtype]
    torch.manual_seed(0)
    theirs = diffusers_unet(config).eval().to(device, dtype)
    ours = UNet(config).eval().to(device, dtype)
    ours.load_state_dict({unet_name(name): value for name, value in theirs.state_dict().items()})
    latents = torch.randn(options.rows, config.in_channels, options.frames, LATENT_BINS)
    latents = latents.to(device, dtype)
    timesteps = torch.full((options.rows,), 501, device=device)
    condition = torch.randn(options.rows, config.condition_dim).to(device, dtype)
    bias = ours.condition_biases(condition)

    def our_step() -> Tensor:
        return ours.forward_with_bias(latents, timesteps, bias)

    def their_step() -> Tensor:
        sample: Tensor = theirs(latents, timesteps, None, class_labels=condition).sample
        return sample

    difference = (our_step() - their_step()).abs().max() / our_step().abs().max()
    flops = step_flops(config, options.rows, options.frames)
    matrix = torch.randn(GEMM_SIZE, GEMM_SIZE, device=device, dtype=dtype)
    timing = alternate(our_step, their_step, lambda: matrix @ matrix, options.repeats)
    report(timing, flops, float(difference))


def step_flops(config: UNetConfig, rows: int, frames: int) -> int:
    """Return the floating-point operations of one step, two per multiply and add."""
    with torch.device("meta"):
        unet = UNet(config)
        latents = torch.empty(rows, config.in_channels, frames, LATENT_BINS)
        bias = torch.empty(rows, sum(unet.bias_widths))
        with FlopCounterMode(display=False) as counter:
            unet.forward_with_bias(latents, torch.empty(rows), bias)
    return int(counter.get_total_flops())


def alternate(
    ours: Callable[[], Any], theirs: Callable[[], Any], gemm: Callable[[], Any], repeats: int
) -> Timing:
    """Time the three in turns; who goes first changes, and the first round is thrown away."""
    timing = Timing([], [], [])
    for repeat in range(repeats + 1):
        turns = [(ours, timing.ours), (theirs, timing.theirs)]
        for call, times in [*(turns if repeat % 2 else reversed(turns)), (gemm, timing.gemm)]:
            times.append(seconds(call))
    return Timing(timing.ours[1:], timing.theirs[1:], timing.gemm[1:])


def seconds(call: Callable[[], Any]) -> float:
    """Wall time of one call, on a GPU until it has finished."""
    gpu = torch.cuda.is_available()
    if gpu:
        torch.cuda.synchronize()
    begin = time.perf_counter()
    call()
    if gpu:
        torch.cuda.synchronize()
    return time.perf_counter() - begin


def report(timing: Timing, flops: int, difference: float) -> None:
    """Print medians, rates and how far the two networks are apart."""
    gemm_rate = 2 * GEMM_SIZE**3 / statistics.median(timing.gemm) / 1e9
    print(f"step: {flops / 1e9:.1f} GFLOP; largest difference of outputs {difference:.1e}")
    print(f"{'':10} {'median ms':>10} {'best ms':>10} {'GFLOP/s':>10} {'of GEMM':>8}")
    for name, times in (("descant", timing.ours), ("diffusers", timing.theirs)):
        rate = flops / statistics.median(times) / 1e9
        milliseconds = statistics.median(times) * 1e3, min(times) * 1e3
        print(f"{name:10} {milliseconds[0]:10.1f} {milliseconds[1]:10.1f} {rate:10.1f}", end=" ")
        print(f"{rate / gemm_rate:8.2f}")
    print(f"{'GEMM':10} {statistics.median(timing.gemm) * 1e3:10.1f} {'':10} {gemm_rate:10.1f}")
    pairs = zip(timing.theirs, timing.ours, strict=True)
    ratio = statistics.median(theirs / ours for theirs, ours in pairs)
    print(f"diffusers over descant, median of rounds: {ratio:.2f}")


@torch.inference_mode()
def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_unet_step", description="Time one step of the noise predictor."
    )
    add = parser.add_argument
    add("--channels", type=int, default=192, help="width at full resolution; MG2 has 192")
    add("--frames", type=int, default=256, help="latent frames, a multiple of 8; 256 are 10.24 s")
    add("--rows", type=int, default=2, help="batch; guidance takes two per clip")
    add("--repeats", type=int, default=5, help="rounds that count")
    add("--threads", type=int, default=2, help="CPU threads")
    add("--device", default="cpu")
    add("--dtype", choices=DTYPES, default="float32")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    measure(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
