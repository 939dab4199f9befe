"""What the process of one cell does: cold, warm-ups, timed runs, and a last listen."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from descant.runtime.bench.card_watch import CardWatch, watch_card
from descant.runtime.bench.records import Cold, Energy, Memory, Row
from descant.runtime.bench.stats import by_stage, seconds_per_second, summarise
from descant.runtime.bench.task import Message, Task
from descant.runtime.errors import DescantError, ProviderUnavailableError
from descant.runtime.process_memory import peak_rss_mb, rss_mb
from descant.runtime.progress import Stopwatch
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.clip import Clip
    from descant.runtime.engine import Engine

Tell = Callable[[Message], None]
LEAST_RUNS = 3
"""Timed even when the budget is used up: one run alone tells nothing of its spread."""


@dataclass
class Runs:
    """Timed runs so far."""

    total_ms: list[float] = field(default_factory=list)
    stages_ms: list[dict[str, float]] = field(default_factory=list)
    digests: set[bytes] = field(default_factory=set)
    devices: dict[str, None] = field(default_factory=dict)
    """In the order in which they computed; one, unless the engine had to move on."""
    energy: Energy | None = None

    def add(self, spent_ms: float, clip: Clip) -> None:
        """Keep what matters of one run."""
        other = max(spent_ms - sum(clip.timings_ms.values()), 0.0)
        self.total_ms.append(round(spent_ms, 4))
        self.stages_ms.append({**clip.timings_ms, "other": round(other, 4)})
        self.devices[clip.device] = None
        self.digests.add(hashlib.sha256(clip.samples.tobytes()).digest())


def measure(task: Task, tell: Tell, began: float) -> Row:
    """Measure a cell; what goes wrong on purpose is in the row that comes back.

    Args:
        task: The cell.
        tell: Takes messages while it runs.
        began: When the process's first line ran, as ``time.perf_counter`` counts.
    """
    try:
        with watch_card(task.provider) as card:
            return _measure(task, tell, began, card)
    except ProviderUnavailableError as error:
        return _row(task, "skipped", _told(error))
    except DescantError as error:
        return _row(task, "failed", _told(error))
    except MemoryError:
        return _row(task, "failed", "out of memory")


def _measure(task: Task, tell: Tell, began: float, card: CardWatch) -> Row:
    import onnxruntime  # noqa: F401 - now, so that its time counts as import

    from descant.runtime.engine import Engine

    watch = Stopwatch({"import": round((time.perf_counter() - began) * 1000.0, 3)})
    with watch.stage("open"):
        engine = Engine.open(task.pack, task.provider, task.threads)
    with engine:
        if task.refuse_cpu and engine.device == "cpu":
            raise ProviderUnavailableError("here this is the CPU, which has a row of its own")
        request = Request(
            prompt=task.prompt, seconds=task.seconds, steps=task.steps, seed=task.seed
        )
        with watch.stage("first"):
            clip = engine.generate(request)
        tell(Message("first"))
        card.find()
        runs = _repeat(engine, request, task, tell, card)
        memory = Memory(rss_mb(), peak_rss_mb(), card.used_mb, card.peak_mb)
        # Only now: the audio tower would count as memory of the cell.
        from descant.runtime.bench.heard import listen

        listen(clip, engine.pack, task.threads).save(Path(task.heard))
        return _finished(task, clip, runs, memory, watch.timings_ms)


def _repeat(engine: Engine, request: Request, task: Task, tell: Tell, card: CardWatch) -> Runs:
    """Warm up, then time; both stop when the budget is used up."""
    runs, total = Runs(), task.warm_ups + task.runs
    begin = time.perf_counter()

    def time_is_up() -> bool:
        return time.perf_counter() - begin > task.budget_s

    with card.peak():
        for done in range(1, task.warm_ups + 1):
            if time_is_up():
                break
            engine.generate(request)
            tell(Message("run", done, total))
    if not task.runs:
        return runs
    joules, timed = card.joules(), time.perf_counter()
    while len(runs.total_ms) < task.runs:
        if time_is_up() and len(runs.total_ms) >= LEAST_RUNS:
            break
        start = time.perf_counter()
        clip = engine.generate(request)
        runs.add((time.perf_counter() - start) * 1000.0, clip)
        tell(Message("run", task.warm_ups + len(runs.total_ms), total))
    runs.energy = card.energy(joules, time.perf_counter() - timed, len(runs.total_ms))
    return runs


def _finished(
    task: Task,
    clip: Clip,
    runs: Runs,
    memory: Memory,
    cold_ms: dict[str, float],
) -> Row:
    total = summarise(runs.total_ms) if runs.total_ms else None
    devices = list(runs.devices) or [clip.device]
    moved = [f"computed in turn by {', '.join(devices)}"] if len(devices) > 1 else []
    return Row(
        pack=task.label,
        seconds=task.seconds,
        steps=task.steps,
        provider=task.provider,
        status="measured",
        device=devices[0],
        rtf=seconds_per_second(clip.seconds, total.p50) if total else None,
        total=total,
        stages=by_stage(runs.stages_ms),
        runs_ms=tuple(runs.total_ms),
        cold=Cold(0.0, cold_ms["import"], cold_ms["open"], cold_ms["first"], 0.0),
        memory=memory,
        energy=runs.energy,
        repeatable=len(runs.digests) == 1 if len(runs.total_ms) > 1 else None,
        samples=int(clip.samples.shape[1]),
        warnings=(*clip.warnings, *moved),
    )


def _row(task: Task, status: str, reason: str) -> Row:
    return Row(
        task.label, task.seconds, task.steps, task.provider,
        "skipped" if status == "skipped" else "failed", reason,
    )  # fmt: skip


def _told(error: DescantError) -> str:
    return f"{error} ({error.hint})" if error.hint else str(error)
