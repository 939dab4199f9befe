"""Section ``speed``: time, memory and size."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from descant.runtime import Clip, Request
from tests.bench.context import Bench
from tests.bench.figures import Figure

PROMPT = "calm piano in the rain"
RUNS = 5
COLD_RUNS = 3
IMPORT = (
    "import time; begin = time.perf_counter(); import descant.runtime; "
    "descant.runtime.Engine; descant.runtime.Request; print(time.perf_counter() - begin)"
)


def measure_speed(bench: Bench) -> list[Figure]:
    """Warm and cold times, memory, import time and sizes."""
    figures = [_import_time()]
    if bench.env is not None:
        size = folder_bytes(bench.env) / 1e6
        figures.append(
            Figure("speed", "lean install with the pack", size, "MB", at_most=350.0, digits=0)
        )
    if not bench.pack:
        return figures
    pack = bench.opened.size_bytes / 1e6
    return [
        *_warm_times(bench),
        *_cold_runs(bench, bench.pack),
        *figures,
        Figure("speed", "pack", pack, "MB", at_most=64.0, beside="ideally 40 MB", digits=1),
    ]


def folder_bytes(folder: Path) -> int:
    """Disk space of the files in a folder, links and bytecode counted as they lie there."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if p.is_symlink() or p.is_file())


def _warm_times(bench: Bench) -> list[Figure]:
    bench.engine.generate(_request(1.0))  # opens every graph
    short, clip = _median_time(bench, 10.0)
    long, _ = _median_time(bench, 30.0)
    stages = ", ".join(f"{name} {ms:.0f}" for name, ms in clip.timings_ms.items())
    name = f"10 s clip, warm, {bench.threads} threads"
    return [
        Figure("speed", name, short, "s", at_most=1.5, beside=f"ms: {stages}"),
        Figure("speed", "30 s clip over 10 s clip", long / short, "x", at_most=3.3, digits=2,
               beside=f"30 s clip {long:.2f} s"),
    ]  # fmt: skip


def _median_time(bench: Bench, seconds: float) -> tuple[float, Clip]:
    """Median wall time of ``RUNS`` clips, and the clip whose time it is."""
    timed: list[tuple[float, int, Clip]] = []
    for seed in range(RUNS):
        begin = time.perf_counter()
        clip = bench.engine.generate(_request(seconds, seed))
        timed.append((time.perf_counter() - begin, seed, clip))
    wall, _, clip = sorted(timed)[RUNS // 2]
    return wall, clip


def _cold_runs(bench: Bench, pack: str) -> list[Figure]:
    """Whole processes, from the start of the interpreter to the file on disk."""
    walls, peaks = [], []
    with TemporaryDirectory() as folder:
        for _ in range(COLD_RUNS):
            target = Path(folder) / "clip.wav"
            begin = time.perf_counter()
            report = run_program(
                "generate", PROMPT, "-o", str(target), "--seconds", "10", "--seed", "0", "--json",
                "--pack", pack, "--threads", str(bench.threads),
            )  # fmt: skip
            walls.append(time.perf_counter() - begin)
            peaks.append(float(report["peak_rss_mb"]))
    return [
        Figure("speed", "10 s clip, whole process", statistics.median(walls), "s", at_most=5.0,
               beside=f"{COLD_RUNS} runs, {min(walls):.2f} to {max(walls):.2f} s"),
        Figure("speed", "peak memory of that process", max(peaks), "MB", at_most=700.0, digits=0),
    ]  # fmt: skip


def run_program(*words: str) -> dict[str, Any]:
    """Run ``descant`` in its own process; return what ``--json`` prints."""
    command = [sys.executable, "-m", "descant.runtime.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _import_time() -> Figure:
    times = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", IMPORT]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        times.append(float(done.stdout))
    name = "import descant.runtime with Engine and Request"
    return Figure("speed", name, statistics.median(times), "s", at_most=0.35)


def _request(seconds: float, seed: int = 0) -> Request:
    return Request(prompt=PROMPT, seconds=seconds, seed=seed)
