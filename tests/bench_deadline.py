"""How often deadlines are kept on this machine, and what that costs.

``python -m tests.bench_deadline [--seconds 10] [--clips 20] [--threads N]``

Requests with other words and seeds, one after the other, for each deadline from 50 to 2000 ms. The
engine learns what stages cost while it goes on, as in a program; the first request measures them.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from descant.runtime import Clip, Engine, Request

DEADLINES_MS = (50, 75, 100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000)
PROMPTS = ("calm piano in the rain", "driving rock at 140 bpm", "a sad waltz in D minor", "x")


def measure(engine: Engine, request: Request) -> tuple[float, Clip]:
    """Return the milliseconds of a clip, and the clip."""
    begin = time.perf_counter()
    clip = engine.generate(request)
    return 1000.0 * (time.perf_counter() - begin), clip


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_deadline")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args(arguments)
    print(
        f"{'deadline':>10}{'kept':>7}{'median':>9}{'p95':>9}{'max':>9}{'steps':>7}{'previews':>10}"
    )
    with Engine.open(options.pack, "cpu", options.threads) as engine:
        engine.generate(Request(prompt="x", seconds=options.seconds, deadline_ms=5000.0, seed=0))
        for deadline in DEADLINES_MS:
            found = [
                measure(engine, Request(prompt=PROMPTS[i % 4], seconds=options.seconds, seed=i,
                                        deadline_ms=float(deadline)))
                for i in range(options.clips)
            ]  # fmt: skip
            times = [spent for spent, _ in found]
            kept = sum(spent <= deadline for spent in times) / len(times)
            steps = [clip.receipt["request"]["steps"] for _, clip in found if not clip.preview]
            previews = len(found) - len(steps)
            p50, p95 = np.percentile(times, (50, 95))
            mean = f"{np.mean(steps):.1f}" if steps else "-"
            print(f"{deadline:>7} ms{kept:7.0%}{p50:9.0f}{p95:9.0f}{max(times):9.0f}{mean:>7}"
                  f"{previews:>7}/{len(found)}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
