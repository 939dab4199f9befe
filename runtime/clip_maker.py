"""Makes the clips of a soundtrack one after another: at once, on a thread, or piece by piece."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING

from descant.runtime.clip import Clip
from descant.runtime.errors import DescantError, GenerationCancelled
from descant.runtime.pieces import Pieces
from descant.runtime.pipeline import Clips
from descant.runtime.progress import OnProgress, Progress, WorkClock, ignore_progress
from descant.runtime.request import Request

if TYPE_CHECKING:
    from descant.runtime.cooperative import CooperativeJob
    from descant.runtime.engine import Engine

Work = Generator[Request, Clip, None]
"""Asks for clips one by one and takes them."""
_MOMENT_S = 0.01


class ClipMaker:
    """Does some work that wants clips, as one job of the engine, whoever drives it."""

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
        self._done = False
        self._closed = False
        self._listener: OnProgress = ignore_progress
        self._job: CooperativeJob | None = None
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> float:
        """0 … 1."""
        return self._made / self._clips

    @property
    def done(self) -> bool:
        """Whether the work is done."""
        return self._done

    def render(self, on_progress: OnProgress | None = None) -> None:
        """Do all that is left, or wait until the thread has; raises as ``Engine.generate``.

        What went wrong once is raised again by every later call.
        """
        job = self._begun()
        if self._thread is None:
            self._listener = on_progress or ignore_progress
            job.advance(math.inf)
        job.wait()
        job.clips()

    def start(self, on_progress: OnProgress | None = None) -> None:
        """Do it on a thread of its own, once."""
        if self._thread is None:
            job = self._begun()
            self._listener = on_progress or ignore_progress
            self._thread = threading.Thread(
                target=_finish, args=(job,), name="descant-soundtrack", daemon=True
            )
            self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for what ``start`` has begun; False when ``timeout`` seconds pass first.

        Raises:
            DescantError: What made it fail.
        """
        if self._job is not None:
            if self._thread is not None:
                self._job.wait(timeout)
            self._check(self._job)
        return self._done

    def advance(self, budget_ms: float) -> bool:
        """Do about so many milliseconds of it on the thread of the caller; True when all is done.

        Beside a thread that does it, this only says whether it is done. Raises as
        ``CooperativeJob.advance`` and ``render``.
        """
        job = self._begun()
        if self._thread is None:
            job.advance(budget_ms)
        self._check(job)
        return self._done

    def close(self) -> None:
        """Stop at the next call of a graph; in a callback, when that has returned."""
        self._closed = True
        if self._job is not None:
            self._job.cancel()
            self._job.wait()

    def _begun(self) -> CooperativeJob:
        if self._job is None:
            if self._closed:
                raise GenerationCancelled("the soundtrack was closed")
            self._job = self._engine.begin_work(self._pieces)
        return self._job

    def _check(self, job: CooperativeJob) -> None:
        if job.done:
            job.clips()  # raises what went wrong

    def _pieces(self, report: OnProgress, clock: WorkClock) -> Pieces[Clips]:
        """Make one clip after the other; they are the work's, so none is returned."""

        def tell(heard: Progress) -> None:
            share = self._share(heard)
            report(share)
            self._listener(share)

        wish: Request | None = next(self._work)
        while wish is not None:
            (clip,) = yield from self._engine.pieces(wish, tell, clock)
            self._made += 1
            wish = self._following(clip)
        self._done = True
        return ()

    def _following(self, clip: Clip) -> Request | None:
        try:
            return self._work.send(clip)
        except StopIteration:
            return None

    def _share(self, progress: Progress) -> Progress:
        fraction = (self._made + progress.fraction) / self._clips
        return Progress(progress.stage, min(fraction, 1.0), self._made + 1, self._clips)


def _finish(job: CooperativeJob) -> None:
    """Advance a job to its end; what goes wrong stays with it."""
    while not job.done:
        with contextlib.suppress(DescantError):  # another thread is at a last piece of it
            job.advance(math.inf)
        job.wait(_MOMENT_S)
