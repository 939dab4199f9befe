"""How well ``CooperativeJob.advance`` keeps to its budget on this machine.

``python -m tests.bench_advance [--budget 4] [--seconds 10] [--jobs 20] [--threads N]``

After a few clips by ``generate``, which load the graphs, every clip is made by ``advance`` alone.
The table shows the time of the calls, the dearest call of a graph, and the dearest pieces that are
none. On a machine with other things to do, ``--cpu-time`` shows what is descant's own: with one
thread, its processor time; the budget is then of processor time, too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from descant.runtime import Clip, CooperativeJob, Engine, Request
from descant.runtime.costs import Costs
from descant.runtime.pieces import Piece

Now = Callable[[], float]
PROMPTS = ("calm piano in the rain", "driving rock at 140 bpm", "a sad waltz in D minor", "x")


class Noted(Costs):
    """Costs that are kept, all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.times: dict[str, list[float]] = defaultdict(list)

    def add(self, piece: Piece, seconds: float) -> None:
        """Note it twice."""
        super().add(piece, seconds)
        if not piece.name.startswith("stage "):  # which are sums of pieces
            self.times[piece.name].append(1000.0 * seconds)


def make(engine: Engine, request: Request, budget_ms: float, now: Now) -> tuple[list[float], Clip]:
    """Make a clip by ``advance``; return the milliseconds of each call, and the clip."""
    job = CooperativeJob(partial(engine.pieces, request, now=now), engine.costs, now)
    calls, done = [], False
    while not done:
        begin = now()
        done = job.advance(budget_ms)
        calls.append(1000.0 * (now() - begin))
    return calls, job.result()


def show(calls: Sequence[float], costs: Noted, graphs: set[str], budget_ms: float) -> None:
    """Print the table."""
    p50, p99, top = np.percentile(calls, (50, 99, 100))
    print(f"{len(calls)} calls of advance({budget_ms:g}): p50 {p50:.2f} ms, p99 {p99:.2f} ms, "
          f"max {top:.2f} ms")  # fmt: skip
    rows = sorted(((np.percentile(t, 99), name) for name, t in costs.times.items()), reverse=True)
    p99_call, graph = next(row for row in rows if row[1] in graphs)
    longest = max(max(costs.times[name]) for name in graphs if name in costs.times)
    over = sum(call > budget_ms for call in calls)
    worse = sum(call > budget_ms + longest for call in calls)
    print(f"largest graph call: {graph}, p99 {p99_call:.2f} ms; longest of all {longest:.2f} ms")
    print(f"over the budget: {over}; over it by more than one graph call: {worse}")
    print(f"{'piece':24}{'calls':>7}{'sum ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for _, name in rows[:24]:
        times = costs.times[name]
        mark = " (graph)" if name in graphs else ""
        p50, p99 = np.percentile(times, (50, 99))
        print(
            f"{name + mark:24}{len(times):7}{sum(times):9.0f}{p50:9.2f}{p99:9.2f}{max(times):9.2f}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return 1 when a clip was another than that of ``generate``."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_advance")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--budget", type=float, default=4.0, metavar="MS")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--cpu-time", action="store_true")
    options = parser.parse_args(arguments)
    now = time.thread_time if options.cpu_time else time.perf_counter
    threads = 1 if options.cpu_time else options.threads
    with Engine.open(options.pack, "cpu", threads) as engine:
        for prompt in PROMPTS:
            engine.generate(Request(prompt=prompt, seconds=options.seconds))
        costs, rest = Noted(), engine.costs
        calls: list[float] = []
        same = True
        for i in range(options.jobs):
            prompt = PROMPTS[i % len(PROMPTS)]
            request = Request(prompt=prompt, seconds=options.seconds, seed=i)
            engine.sessions.costs = costs
            made, clip = make(engine, request, options.budget, now)
            engine.sessions.costs = rest  # what ``generate`` costs does not belong to the table
            calls += made
            same &= bool((clip.samples == engine.generate(request).samples).all())
        show(calls, costs, set(engine.pack.spec.graphs), options.budget)
        print("same bytes as generate:", "yes" if same else "NO")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
