"""How often the health gate stops a healthy clip, and how far healthy clips are from its limits.

``python -m tests.bench_gate [--clips 200] [--threads N]``

Requests are random: usual and odd words, any tempo and key, 4 to 12 steps, guidance 1 to 4, half of
them loops; each is made with two seeds. No clip of a sound pack should be stopped; the last column
is what the gate would stop. Needs the extra ``test``.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys

import numpy as np

from descant.runtime import Clip, Engine, Request
from descant.runtime.fingerprints import SAME, fingerprint
from descant.runtime.health import CLIPPED, FLAT_SHARE, OFFSET_SHARE, WASH_FLATNESS, flatness
from descant.runtime.pieces import drain
from tests.bench.health import random_request


def request_of(number: int) -> Request:
    """Return a random request for two clips."""
    wish = random_request(random.Random(f"gate {number}"))
    if number % 2:
        return dataclasses.replace(wish, count=2)
    return dataclasses.replace(wish, count=2, loop=True, seconds=max(wish.seconds or 4.0, 4.0))


def figures(clip: Clip) -> tuple[float, float, float]:
    """Return flatness, offset over RMS, and the share of samples that lie at the peak."""
    samples = clip.samples.mean(0)
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    high = np.abs(samples) >= CLIPPED * np.abs(samples).max()
    return drain(flatness(samples)), abs(float(samples.mean())) / rms, float(high.mean())


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return 1 when a clip was stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_gate")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args(arguments)
    rows: list[tuple[float, float, float]] = []
    likeness: list[float] = []
    stopped = 0
    with Engine.open(options.pack, "cpu", options.threads) as engine:
        for number in range(options.clips // 2):
            clips = engine.generate_many(request_of(number))
            rows += [figures(clip) for clip in clips]
            one, other = (fingerprint(clip.samples) for clip in clips)
            likeness.append(float(one @ other))
            for clip in clips:
                if "retried" in clip.receipt:
                    stopped += 1
                    print(f"stopped: {clip.receipt['retried']} for {clip.request}")
    print(f"{len(rows)} clips, {stopped} stopped")
    columns = list(zip(*rows, strict=True))
    for name, values, limit in (
        ("flatness (noise)", columns[0], WASH_FLATNESS),
        ("mean over RMS (offset)", columns[1], OFFSET_SHARE),
        ("share of samples at the peak", columns[2], FLAT_SHARE),
        ("likeness of two seeds", likeness, SAME),
    ):
        print(f"{name:30}median {np.median(values):8.5f}  largest {max(values):8.5f}  "
              f"limit {limit:8.5f}")  # fmt: skip
    return int(stopped > 0)


if __name__ == "__main__":
    sys.exit(main())
