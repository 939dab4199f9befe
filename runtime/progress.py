"""How far a generation has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """One report."""

    stage: str
    """``prepare``, ``picture`` (where that takes minutes), ``sample``, ``decode`` or ``done``."""
    fraction: float
    """0 … 1 of the whole request."""
    clip: int
    """Which clip, from 1."""
    clips: int


OnProgress = Callable[[Progress], None]
"""Called from the generating thread; raises ``GenerationCancelled`` to stop."""


def ignore_progress(progress: Progress) -> None:
    """Do nothing."""


class WorkClock:
    """Seconds that work has taken; it stands still while the work does."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._begin = now()
        self._paused_at: float | None = None

    def __call__(self) -> float:
        """Seconds since it was made, without pauses."""
        return (self._now() if self._paused_at is None else self._paused_at) - self._begin

    def pause(self) -> None:
        """Stand still."""
        if self._paused_at is None:
            self._paused_at = self._now()

    def go_on(self) -> None:
        """Run again."""
        if self._paused_at is not None:
            self._begin += self._now() - self._paused_at
            self._paused_at = None


@dataclass
class Stopwatch:
    """Time of work by stage."""

    timings_ms: dict[str, float] = field(default_factory=dict)
    clock: Callable[[], float] = time.perf_counter

    def copy(self) -> Stopwatch:
        """Return one that goes on from here by itself."""
        return Stopwatch(dict(self.timings_ms), self.clock)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to ``name``."""
        begin = self.clock()
        try:
            yield
        finally:
            spent = (self.clock() - begin) * 1000.0
            self.timings_ms[name] = round(self.timings_ms.get(name, 0.0) + spent, 3)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Turns the solver's steps of one clip into fractions of the whole request."""

    on_progress: OnProgress
    clip: int
    clips: int

    def __call__(self, stage: str, within_clip: float) -> None:
        """Report that ``within_clip`` (0 … 1) of this clip is done."""
        fraction = (self.clip - 1 + within_clip) / self.clips
        self.on_progress(Progress(stage, min(fraction, 1.0), self.clip, self.clips))
