"""Times of a call on a GPU or a CPU, the device's name, and what it can do at best."""

from __future__ import annotations

import importlib.metadata
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch

from tests.bench.kernel_cases import DTYPES

GRAPH_CALLS = 20
"""Calls in one CUDA graph, so that the time to launch from Python does not count."""
COPY_BYTES = {"cuda": 1 << 29, "cpu": 1 << 27}
GEMM_SIZE = {"cuda": 4096, "cpu": 1024}


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds per call."""

    median: float
    best: float
    runs: int


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What the device did in this run when it did nothing else."""

    copy_bytes_per_second: float
    """Read and written."""
    gemm_flops_per_second: dict[str, float]
    """By dtype."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def machine(device: torch.device) -> dict[str, Any]:
    """Return what a figure depends on besides the code."""
    try:
        triton = importlib.metadata.version("triton")
    except importlib.metadata.PackageNotFoundError:
        triton = None
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        name = f"{properties.name}, sm_{properties.major}{properties.minor}"
    else:
        name = f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads"
    return {
        "device": name, "torch": torch.__version__, "cuda": torch.version.cuda, "triton": triton,
        "system": platform.platform(),
    }  # fmt: skip


def time_call(call: Callable[[], Any], device: torch.device, seconds: float) -> Timing:
    """Repeat a call for about ``seconds``, at least three times, after warming up."""
    return _time_on_gpu(call, seconds) if device.type == "cuda" else _time_on_cpu(call, seconds)


def ceilings(device: torch.device, dtypes: list[str], seconds: float) -> Ceilings:
    """Measure copying and matrix products."""
    source = torch.empty(COPY_BYTES[device.type], dtype=torch.uint8, device=device).fill_(1)
    target = torch.empty_like(source)
    copying = time_call(lambda: target.copy_(source), device, seconds)
    rates = {}
    size = GEMM_SIZE[device.type]
    for dtype in dtypes:
        matrix = torch.randn(size, size, device=device).to(DTYPES[dtype])
        product = time_call(lambda m=matrix: m @ m, device, seconds)  # type: ignore[misc]
        rates[dtype] = 2 * size**3 / product.median
    return Ceilings(2 * source.numel() / copying.median, rates)


def _time_on_gpu(call: Callable[[], Any], seconds: float) -> Timing:
    """Replay a CUDA graph of the call between two events; caches are as the call left them."""
    stream: Any = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            call()
    stream.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        for _ in range(GRAPH_CALLS):
            call()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        before, after = _event(), _event()
        before.record()
        graph.replay()
        after.record()
        after.synchronize()
        times.append(before.elapsed_time(after) / 1000.0 / GRAPH_CALLS)
    return Timing(statistics.median(times), min(times), len(times) * GRAPH_CALLS)


def _event() -> Any:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


def _time_on_cpu(call: Callable[[], Any], seconds: float) -> Timing:
    call()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return Timing(statistics.median(times), min(times), len(times))
