"""How an engine uses the machine; what it makes does not depend on it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from descant.runtime.checks import check_integer, check_number
from descant.runtime.errors import RequestError

MAX_THREADS, MAX_BUDGET_MB = 256, 2**30


@dataclass(frozen=True, slots=True)
class Tuning:
    """Choices about threads, memory and the loop; the defaults suit most machines."""

    threads: int | None = None
    """Cores to use; all when None."""
    memory_budget_mb: int | None = None
    """Memory that the loaded graphs of an engine may take together; no limit when None."""
    idle_seconds: float | None = None
    """Graphs are freed after so many seconds without a job; never when None."""
    device_loop: bool | None = None
    """Whether latents stay in buffers of the device between solver steps; None: on cards."""
    cuda_graphs: bool = False
    """Whether steps are recorded and replayed where the provider can, after a check that a replay
    gives what a plain run gives."""

    def __post_init__(self) -> None:
        check_integer("threads", self.threads, 1, MAX_THREADS)
        check_integer("memory_budget_mb", self.memory_budget_mb, 1, MAX_BUDGET_MB)
        check_number("idle_seconds", self.idle_seconds, 0.0, 1e9)
        if self.idle_seconds == 0.0:
            raise RequestError(
                "idle_seconds must be above 0, got 0",
                hint="leave it out to keep the graphs loaded",
            )

    @property
    def cores(self) -> int:
        """Threads of a graph."""
        return self.threads or available_cores()


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1
