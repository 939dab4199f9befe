"""A generation without a thread: whoever wants it gives it a few milliseconds at a time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from descant.runtime.checks import check_number
from descant.runtime.clip import Clip
from descant.runtime.costs import Costs
from descant.runtime.errors import DescantError, GenerationCancelled, NotReadyError
from descant.runtime.pieces import Piece, Pieces
from descant.runtime.pipeline import Clips
from descant.runtime.progress import OnProgress, Progress, WorkClock

Work = Callable[[OnProgress, WorkClock], Pieces[Clips]]


class CooperativeJob:
    """Computes only while ``advance`` runs, on the thread that calls it.

    ::

        job = engine.begin(request)
        while not job.advance(budget_ms=4):
            draw_frame()
        clip = job.result()
    """

    def __init__(
        self, work: Work, costs: Costs, now: Callable[[], float] = time.perf_counter
    ) -> None:
        """Use ``Engine.begin``.

        Args:
            work: Gives the pieces, of which none is computed yet.
            costs: What pieces have cost so far.
            now: Seconds.
        """
        self._now, self._costs = now, costs
        self._clock = WorkClock(now)
        self._clock.pause()
        self._heard = _Latest()  # not this job: in a cycle it would outlive its last owner
        self._pieces = work(self._heard.report, self._clock)
        self._next: Piece | None = None
        self._clips: Clips = ()
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        self._worker: int | None = None

    @property
    def progress(self) -> Progress:
        """The latest report."""
        return self._heard.progress

    @property
    def done(self) -> bool:
        """Whether it has finished, failed or been cancelled."""
        return self._finished.is_set()

    @property
    def worked_ms(self) -> float:
        """Milliseconds that it has computed so far."""
        return self._clock() * 1000.0

    def advance(self, budget_ms: float) -> bool:
        """Compute for about so many milliseconds.

        A piece of work, at most one call of a graph, is begun when by what such pieces have cost
        so far it ends within the budget. The first of each call is always computed, so that the
        job goes on: where a single call of a graph takes longer than the budget, so does this.

        Args:
            budget_ms: 0 or more; ``math.inf`` finishes the job.

        Returns:
            True when the job is done; what went wrong is raised by ``result``.

        Raises:
            RequestError: The budget is no such number.
            DescantError: It is being advanced already, by another thread.
        """
        begin = self._now()
        # None, from a caller without a type checker, is no number either.
        check_number("budget_ms", "nothing" if budget_ms is None else budget_ms, 0.0, math.inf)
        if not self._lock.acquire(blocking=False):
            raise DescantError(
                "the job is being advanced already", hint="advance a job from one thread at a time"
            )
        try:
            self._worker = threading.get_ident()
            if not self.done:
                self._work_until(begin + budget_ms / 1000.0)
        finally:
            self._worker = None
            self._lock.release()
        return self.done

    def cancel(self) -> None:
        """Stop; what was computed is dropped. Returns at once, and may be called again or late."""
        self._cancelled.set()
        if self._lock.acquire(blocking=False):  # else ``advance`` sees it after the piece at hand
            try:
                if not self.done:
                    self._work_until(0.0)
            finally:
                self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until another thread has advanced it to its end; False after ``timeout`` seconds.

        From within ``advance``, such as in a callback, it returns False at once.
        """
        if self._worker == threading.get_ident():
            return self.done
        return self._finished.wait(timeout)

    def clips(self) -> Clips:
        """Return all clips.

        Raises:
            NotReadyError: It is not done.
            GenerationCancelled: ``cancel`` stopped it.
            DescantError: What made it fail.
        """
        if not self.done:
            raise NotReadyError(
                "the job is not done", hint="call advance until it returns True, then ask again"
            )
        if self._error is not None:
            raise self._error
        return self._clips

    def result(self) -> Clip:
        """Return the first clip of the request; raises like ``clips``."""
        return self.clips()[0]

    def _work_until(self, end: float) -> None:
        """Compute pieces; at least one."""
        self._clock.go_on()
        try:
            self._step()
            while self._fits(end):
                self._step()
        except StopIteration as stopped:
            self._finish(stopped.value, None)
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result
            self._finish((), error)
        except BaseException as error:  # such as Ctrl-C, which is not the job's affair alone
            self._finish((), error)
            raise
        finally:
            self._clock.pause()

    def _step(self) -> None:
        if self._cancelled.is_set():
            self._pieces.throw(GenerationCancelled("the generation was cancelled"))
        self._next = next(self._pieces)

    def _fits(self, end: float) -> bool:
        if self._cancelled.is_set() or end == math.inf:
            return True  # a cancelled job is stopped now
        assert self._next is not None
        cost = self._costs.cautious(self._next)
        # What was never met gets a call of its own.
        return cost is not None and self._now() + cost <= end

    def _finish(self, clips: Clips, error: BaseException | None) -> None:
        self._clips, self._error = clips, error
        self._finished.set()


class _Latest:
    """Keeps the latest report."""

    def __init__(self) -> None:
        self.progress = Progress("prepare", 0.0, 1, 1)

    def report(self, progress: Progress) -> None:
        """Hear of progress."""
        self.progress = progress
