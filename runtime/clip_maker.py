"""Makes the clips of a soundtrack one after another: at once, on a thread, or piece by piece."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import TYPE_CHECKING

from descant.runtime.clip import Clip
from descant.runtime.errors import DescantError, GenerationCancelled
from descant.runtime.progress import OnProgress, Progress, ignore_progress
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.cooperative import CooperativeJob
    from descant.runtime.engine import Engine

Work = Generator[Request, Clip, None]
"""Asks for clips one by one and takes them."""


class ClipMaker:
    """Does some work that wants clips."""

    def __init__(self, engine: Engine, work: Work, clips: int) -> None:
        """Make nothing yet.

        Args:
            engine: That makes the clips.
            work: Is begun when the first clip is made.
            clips: How many it wants.
        """
        self._engine = engine
        self._work = work
        self._clips = clips
        self._made = 0
        self._wish: Request | None = None
        self._done = False
        self._job: CooperativeJob | None = None
        self._thread: threading.Thread | None = None
        self._cancelled = False
        self._error: DescantError | None = None

    @property
    def progress(self) -> float:
        """0 … 1."""
        return self._made / self._clips

    @property
    def done(self) -> bool:
        """Whether the work is done."""
        return self._done

    def render(self, on_progress: OnProgress | None = None) -> None:
        """Do all that is left; raises as ``Engine.generate``."""
        show = on_progress or ignore_progress
        while not self._done:
            self._take(self._engine.generate(self._next(), lambda heard: show(self._share(heard))))

    def start(self, on_progress: OnProgress | None = None) -> None:
        """Do it on a thread of its own, once."""

        def report(progress: Progress) -> None:
            if self._cancelled:
                raise GenerationCancelled("the soundtrack was closed")
            if on_progress is not None:
                on_progress(progress)

        def run() -> None:
            try:
                self.render(report)
            except DescantError as error:
                self._error = error

        if self._thread is None:
            self._thread = threading.Thread(target=run, name="descant-soundtrack", daemon=True)
            self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for what ``start`` has begun; False when ``timeout`` seconds pass first.

        Raises:
            DescantError: What made it fail.
        """
        if self._thread is not None:
            self._thread.join(timeout)
        if self._error is not None:
            raise self._error
        return self._done

    def advance(self, budget_ms: float) -> bool:
        """Do about so many milliseconds of it on the thread of the caller; True when all is done.

        Raises as ``CooperativeJob.advance`` and ``Engine.generate``.
        """
        if not self._done:
            if self._job is None:
                self._job = self._engine.begin(self._next())
            if self._job.advance(budget_ms):
                job, self._job = self._job, None
                self._take(job.result())
        return self._done

    def close(self) -> None:
        """Stop, at the next step of the solver at the latest."""
        self._cancelled = True
        if self._job is not None:
            self._job.cancel()
        if self._thread is not None:
            self._thread.join()

    def _next(self) -> Request:
        if self._wish is None:
            self._wish = next(self._work)
        return self._wish

    def _take(self, clip: Clip) -> None:
        self._made += 1
        try:
            self._wish = self._work.send(clip)
        except StopIteration:
            self._done = True

    def _share(self, progress: Progress) -> Progress:
        fraction = (self._made + progress.fraction) / self._clips
        return Progress(progress.stage, min(fraction, 1.0), self._made + 1, self._clips)
