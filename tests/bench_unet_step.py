"""Time one step of the noise predictor beside diffusers' network of the same size and weights.

``python -m tests.bench_unet_step [--channels 192] [--frames 256] [--rows 2] [--device cuda]``

All take turns within one run, with a matrix product between them whose rate says what the machine
had to give at that time. On a CPU descant is what a pack runs: the exported graph in ONNX Runtime,
in float32 and in int8 (``descant export int8``); elsewhere it is the PyTorch network. Needs torch
and diffusers (``pip install --no-deps diffusers`` beside what ``tools/test.sh`` installs).
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
import onnx_ir as ir
import onnxruntime
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from descant.export.checkpoints.diffusers_names import unet_name
from descant.export.ldm_graphs import unet_plans
from descant.export.onnx_graph import export_model
from descant.export.quantise import Watch, find_layers, observe, observed_values, quantise
from descant.models.ldm_spec import UNETS, UNetConfig
from descant.models.nets.ldm.unet import UNet

Step = Callable[[], Any]
DIFFUSERS, GEMM = "diffusers", "GEMM"
GEMM_SIZE = 1024
CALIBRATION_TIMESTEPS = (991.0, 700.0, 400.0, 100.0)
LATENT_BINS = 16
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


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
    """Build all, see how far they are from diffusers, time them in turns and print the table."""
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

    def their_step() -> Tensor:
        sample: Tensor = theirs(latents, timesteps, None, class_labels=condition).sample
        return sample

    steps: dict[str, Step] = {DIFFUSERS: their_step}
    if device.type == "cpu":
        with TemporaryDirectory() as folder:
            for name, graph in exported(ours, Path(folder)).items():
                steps[name] = runtime_step(graph, options.threads, latents, timesteps, bias)
    else:
        steps["descant"] = lambda: ours.forward_with_bias(latents, timesteps, bias)
    flops = step_flops(config, options.rows, options.frames)
    print(f"step: {flops / 1e9:.1f} GFLOP")
    wanted = their_step()
    for name, step in list(steps.items())[1:]:
        error = (step() - wanted).square().mean().sqrt() / wanted.square().mean().sqrt()
        print(f"{name}: relative error {float(error):.1e} against diffusers")
    matrix = torch.randn(GEMM_SIZE, GEMM_SIZE, device=device, dtype=dtype)
    steps[GEMM] = lambda: matrix @ matrix
    report(alternate(steps, options.repeats), flops)


def exported(unet: UNet, folder: Path) -> dict[str, Path]:
    """Write the graphs that a pack would hold: float32, and int8 with ranges from random input."""
    model = export_model(unet_plans(unet)[1])
    layers = find_layers(model)
    watch = Watch(observed_values(layers))
    watched = ir.to_proto(model)
    outputs = observe(watched.graph, watch.names)
    plain = {"descant fp32": folder / "fp32.onnx", "descant int8": folder / "int8.onnx"}
    onnx.save(ir.to_proto(model), plain["descant fp32"])
    session = open_graph(watched.SerializeToString(), 0)
    for timestep in CALIBRATION_TIMESTEPS:
        feeds = {
            "latents": torch.randn(2, unet.config.in_channels, 64, LATENT_BINS),
            "timesteps": torch.full((2,), timestep),
            "condition_bias": unet.condition_biases(torch.randn(2, unet.config.condition_dim)),
        }
        watch.see(session.run(outputs, {name: value.numpy() for name, value in feeds.items()}))
    quantise(model, layers, watch.ranges)
    onnx.save(ir.to_proto(model), plain["descant int8"])
    return plain


def open_graph(graph: bytes | str, threads: int) -> onnxruntime.InferenceSession:
    """Open a graph as the runtime does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def runtime_step(
    graph: Path, threads: int, latents: Tensor, timesteps: Tensor, bias: Tensor
) -> Step:
    """Return one step of an exported graph."""
    session = open_graph(str(graph), threads)
    feeds = {"latents": latents, "timesteps": timesteps.float(), "condition_bias": bias}
    arrays = {name: value.numpy() for name, value in feeds.items()}
    return lambda: torch.from_numpy(session.run(["noise"], arrays)[0])


def step_flops(config: UNetConfig, rows: int, frames: int) -> int:
    """Return the floating-point operations of one step, two per multiply and add."""
    with torch.device("meta"):
        unet = UNet(config)
        latents = torch.empty(rows, config.in_channels, frames, LATENT_BINS)
        bias = torch.empty(rows, sum(unet.bias_widths))
        with FlopCounterMode(display=False) as counter:
            unet.forward_with_bias(latents, torch.empty(rows), bias)
    return int(counter.get_total_flops())


def alternate(steps: dict[str, Step], repeats: int) -> dict[str, list[float]]:
    """Time all in turns, whose order changes; the first round is thrown away."""
    timing: dict[str, list[float]] = {name: [] for name in steps}
    for repeat in range(repeats + 1):
        for name in steps if repeat % 2 else reversed(steps):
            timing[name].append(seconds(steps[name]))
    return {name: times[1:] for name, times in timing.items()}


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


def report(timing: dict[str, list[float]], flops: int) -> None:
    """Print medians, rates, and how many times faster than diffusers each is."""
    gemm_rate = 2 * GEMM_SIZE**3 / statistics.median(timing[GEMM]) / 1e9
    heads = ("median ms", "best ms", "GFLOP/s", "of GEMM", "speed-up")
    print(f"{'':13}" + "".join(f"{head:>11}" for head in heads))
    for name, times in timing.items():
        median = statistics.median(times)
        if name == GEMM:
            print(f"{name:13}{median * 1e3:11.1f}{min(times) * 1e3:11.1f}{gemm_rate:11.1f}")
            continue
        rate = flops / median / 1e9
        pairs = zip(timing[DIFFUSERS], times, strict=True)
        faster = statistics.median(theirs / ours for theirs, ours in pairs)
        print(f"{name:13}{median * 1e3:11.1f}{min(times) * 1e3:11.1f}{rate:11.1f}", end="")
        print(f"{rate / gemm_rate:11.2f}{faster:11.2f}")


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
