"""What a CPU makes of the starter's graphs, and which settings of ONNX Runtime are worth it.

``python -m tests.bench_cpu [--seconds 10] [--threads 2] [--rounds 15]``

The first table holds each graph at the sizes of a request against the same network with the same
weights in PyTorch (eager), in turns within one run, with the rate of a matrix product in ONNX
Runtime beside it (``GEMM``): the share of it is what a graph makes of the machine. The networks are
the pack's in size; their weights are drawn, which changes no time. The second table varies one
setting at a time, the third the way in which attention is written, and the last lines show where
the time of a graph goes, by operator. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from descant.export.onnx_graph import GraphPlan, export_onnx
from descant.export.starter_graphs import starter_plans
from descant.models.nets.vae import Vae
from descant.models.nets.vocoder import Vocoder
from descant.models.spec import AudioSpec
from descant.models.training.clmp import Clmp
from descant.models.training.denoiser import FlowModel
from tests.bench import attention

Call = Callable[[], Any]
Feeds = dict[str, NDArray[Any]]
GEMM_SIZE = 1024
MEASURED = ("conditioner", "denoiser_step", "vae_decoder", "vocoder")
"""Graphs that take part in a request's time."""
VARIED = ("denoiser_step", "vocoder")
LEVELS = onnxruntime.GraphOptimizationLevel


@dataclass(frozen=True)
class Settings:
    """How a session is made."""

    threads: int
    level: Any = LEVELS.ORT_ENABLE_ALL
    memory_pattern: bool = True
    spinning: bool = False
    profile: str = ""

    def open(self, content: bytes) -> onnxruntime.InferenceSession:
        """Open a graph."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = self.threads, 3
        options.graph_optimization_level = self.level
        options.enable_mem_pattern = self.memory_pattern
        spins = "1" if self.spinning else "0"
        options.add_session_config_entry("session.intra_op.allow_spinning", spins)
        if self.profile:
            options.enable_profiling, options.profile_file_prefix = True, self.profile
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True)
class Subject:
    """A graph with its network and an input of a request's size."""

    plan: GraphPlan
    content: bytes
    feeds: Feeds
    flops: int

    def in_torch(self) -> Call:
        """Return a call of the network."""
        values = [torch.from_numpy(self.feeds[name]) for name in self.plan.inputs]
        return lambda: self.plan.module(*values)

    def in_runtime(self, settings: Settings) -> Call:
        """Return a call of the graph."""
        session = settings.open(self.content)
        return lambda: session.run(None, self.feeds)


def subjects(seconds: float) -> list[Subject]:
    """Build, export and feed all graphs that are measured."""
    torch.manual_seed(0)
    plans = starter_plans(Clmp(), Vae(), Vocoder(), FlowModel())
    audio = AudioSpec()
    latent_frames = round(seconds * audio.frame_rate / 8) + 1
    found = []
    for plan in (plan for plan in plans if plan.name in MEASURED):
        plan.module.eval().requires_grad_(False)
        for weight in plan.module.parameters():  # some begin at zero: their layers would do nothing
            weight.add_(0.02 * torch.randn_like(weight))
        example = {n: _sized(plan, n, value, latent_frames) for n, value in plan.example.items()}
        with FlopCounterMode(display=False) as counter:
            plan.module(*(example[name] for name in plan.inputs))
        content = export_onnx(plan).SerializeToString()
        feeds = {name: value.numpy() for name, value in example.items()}
        found.append(Subject(plan, content, feeds, int(counter.get_total_flops())))
    return found


def _sized(plan: GraphPlan, name: str, example: Tensor, latent_frames: int) -> Tensor:
    """Stretch an example's symbolic axes to those of a request with guidance and one clip."""
    rows = 2 if plan.name == "conditioner" else 1
    sizes = {"B": rows, "2*B": 2, "F": latent_frames, "8*F": 8 * latent_frames}
    sizes["T"] = 8 * latent_frames
    for axis, size in enumerate(plan.inputs[name].shape):
        if size in sizes:
            count = sizes[str(size)]
            repeats = [1] * example.ndim
            repeats[axis] = -(-count // example.shape[axis])
            example = example.repeat(repeats).narrow(axis, 0, count)
    return example.contiguous()


def gemm(threads: int) -> tuple[Call, int]:
    """Return a square matrix product in ONNX Runtime, and its operations."""
    shape = [GEMM_SIZE, GEMM_SIZE]
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in "aby"]
    graph = helper.make_graph([helper.make_node("MatMul", ["a", "b"], ["y"])], "gemm",
                              info[:2], info[2:])  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = Settings(threads).open(model.SerializeToString())
    rng = np.random.default_rng(0)
    feeds = {name: rng.standard_normal(shape, dtype=np.float32) for name in "ab"}
    return lambda: session.run(None, feeds), 2 * GEMM_SIZE**3


def alternate(calls: dict[str, Call], rounds: int) -> dict[str, float]:
    """Time all in turns; return the median milliseconds of each."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for done in range(rounds + 2):
        for name in calls if done % 2 else reversed(calls):
            begin = time.perf_counter()
            calls[name]()
            times[name].append(1e3 * (time.perf_counter() - begin))
    return {name: statistics.median(all_[2:]) for name, all_ in times.items()}


def compare(found: list[Subject], options: argparse.Namespace) -> None:
    """Print every graph beside PyTorch and beside the matrix product."""
    print(f"{'graph':14} {'GFLOP':>7} {'torch ms':>9} {'ours ms':>8} {'speed-up':>8} ", end="")
    print(f"{'GFLOP/s':>8} {'GEMM':>6} {'share':>6} {'difference':>10}")
    for one in found:
        product, operations = gemm(options.threads)
        ours, theirs = one.in_runtime(Settings(options.threads)), one.in_torch()
        made, wanted = ours()[0], theirs()
        wanted = (wanted if isinstance(wanted, Tensor) else wanted[0]).numpy()
        apart = float(np.sqrt(np.square(made - wanted).mean() / np.square(wanted).mean()))
        ms = alternate({"ours": ours, "torch": theirs, "gemm": product}, options.rounds)
        rate, peak = one.flops / ms["ours"] / 1e6, operations / ms["gemm"] / 1e6
        print(
            f"{one.plan.name:14} {one.flops / 1e9:7.2f} {ms['torch']:9.2f} {ms['ours']:8.2f} "
            f"{ms['torch'] / ms['ours']:8.2f} {rate:8.1f} {peak:6.0f} {rate / peak:6.2f} "
            f"{apart:10.1e}"
        )


def vary(found: list[Subject], options: argparse.Namespace) -> None:
    """Print what each setting costs or gives, over that of the runtime."""
    plain = Settings(options.threads)
    choices = {
        "as shipped": plain,
        "one thread": replace(plain, threads=1),
        "no optimisation": replace(plain, level=LEVELS.ORT_DISABLE_ALL),
        "basic optimisation": replace(plain, level=LEVELS.ORT_ENABLE_BASIC),
        "extended optimisation": replace(plain, level=LEVELS.ORT_ENABLE_EXTENDED),
        "no memory pattern": replace(plain, memory_pattern=False),
        "spinning threads": replace(plain, spinning=True),
    }
    names = [one.plan.name for one in found if one.plan.name in VARIED]
    print(f"\n{'milliseconds':24}" + "".join(f"{name:>16}" for name in names))
    columns = [
        alternate({k: one.in_runtime(v) for k, v in choices.items()}, options.rounds)
        for one in found
        if one.plan.name in VARIED
    ]
    for choice in choices:
        print(f"{choice:24}" + "".join(f"{column[choice]:16.2f}" for column in columns))


def write_attention(options: argparse.Namespace) -> None:
    """Print the milliseconds of one attention in each way of writing it."""
    columns: dict[str, dict[str, float]] = {}
    for shape in attention.SHAPES:
        feeds = attention.feeds(shape)
        calls: dict[str, Call] = {
            name: partial(Settings(options.threads).open(content).run, None, feeds)
            for name, content in attention.variants(shape[1], shape[3]).items()
        }
        columns["x".join(map(str, shape))] = alternate(calls, options.rounds)
    print(f"\n{'milliseconds':24}" + "".join(f"{shape:>16}" for shape in columns))
    for name in attention.variants(1, 1):
        print(f"{name:24}" + "".join(f"{column[name]:16.2f}" for column in columns.values()))


def profile(found: list[Subject], options: argparse.Namespace) -> None:
    """Print the share of each operator in a graph's time."""
    with TemporaryDirectory() as folder:
        for one in (one for one in found if one.plan.name in VARIED):
            settings = Settings(options.threads, profile=str(Path(folder) / one.plan.name))
            session = settings.open(one.content)
            for _ in range(options.rounds):
                session.run(None, one.feeds)
            events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
            spent: Counter[str] = Counter()
            for event in events:
                if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
                    spent[event["args"]["op_name"]] += event["dur"]
            total = sum(spent.values())
            parts = (f"{name} {value / total:.0%}" for name, value in spent.most_common(8))
            print(f"\n{one.plan.name}: {', '.join(parts)}")


@torch.inference_mode()
def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_cpu", description="The starter's graphs on a CPU."
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    found = subjects(options.seconds)
    compare(found, options)
    vary(found, options)
    write_attention(options)
    profile(found, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
