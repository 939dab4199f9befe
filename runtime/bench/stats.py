"""Numbers that sum up many runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descant.runtime.bench.records import Stats

POINTS = (0, 25, 50, 75, 95, 99, 100)


def summarise(milliseconds: Sequence[float]) -> Stats:
    """Return mean, deviation and percentiles, which are interpolated between runs.

    Args:
        milliseconds: At least one, none negative.
    """
    values = np.asarray(milliseconds, np.float64)
    # Interpolation may be off by a rounding error; the order of percentiles must hold.
    points = np.maximum.accumulate(np.percentile(values, POINTS)).round(4).tolist()
    low, p25, p50, p75, p95, p99, high = points
    return Stats(
        mean=min(max(round(float(values.mean()), 4), low), high),
        std=round(float(values.std(ddof=1)), 4) if len(values) > 1 else 0.0,
        min=low,
        p25=p25,
        p50=p50,
        p75=p75,
        p95=p95,
        p99=p99,
        max=high,
    )


def by_stage(runs: Sequence[dict[str, float]]) -> dict[str, Stats]:
    """Sum up each stage; one that a run lacks took no time in it."""
    names = list(dict.fromkeys(name for run in runs for name in run))
    return {name: summarise([run.get(name, 0.0) for run in runs]) for name in names}


def seconds_per_second(audio_seconds: float, median_ms: float) -> float:
    """Return the RTF: seconds of audio per second of computing."""
    return round(audio_seconds * 1000.0 / max(median_ms, 1e-6), 3)
