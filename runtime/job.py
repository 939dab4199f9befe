"""A generation in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable

from descant.runtime.clip import Clip
from descant.runtime.errors import GenerationCancelled
from descant.runtime.pieces import Pieces
from descant.runtime.pipeline import Clips
from descant.runtime.progress import OnProgress, Progress, ignore_progress

Work = Callable[[OnProgress], Pieces[Clips]]


class Job:
    """Runs on its own thread from the moment it is made.

    ``cancel`` takes effect when the call of a graph that is being computed is done.
    """

    def __init__(self, work: Work, on_progress: OnProgress | None = None) -> None:
        self._work = work
        self._listener = on_progress or ignore_progress
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        self._clips: Clips = ()
        self._error: BaseException | None = None
        self._progress = Progress("prepare", 0.0, 1, 1)
        self._thread = threading.Thread(target=self._run, name="descant-job", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> Progress:
        """The latest report."""
        return self._progress

    @property
    def done(self) -> bool:
        """Whether it has finished, failed or been cancelled."""
        return self._finished.is_set()

    def cancel(self) -> None:
        """Ask the job to stop; returns at once, and may be called again or too late."""
        self._cancelled.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job is done; False when ``timeout`` seconds pass first.

        On the job's own thread, which is where ``on_progress`` is, it returns False at once.
        """
        if threading.current_thread() is self._thread:
            return self.done
        return self._finished.wait(timeout)

    def clips(self, timeout: float | None = None) -> Clips:
        """Wait for all clips.

        Raises:
            TimeoutError: Still running after ``timeout`` seconds; the job goes on.
            GenerationCancelled: ``cancel`` stopped it.
            DescantError: What made it fail.
        """
        if not self.wait(timeout):
            after = "" if timeout is None else f" after {timeout:g} s"
            raise TimeoutError(f"the job is still running{after}")
        if self._error is not None:
            raise self._error
        return self._clips

    def result(self, timeout: float | None = None) -> Clip:
        """Wait for the first clip of the request; raises like ``clips``."""
        return self.clips(timeout)[0]

    def _run(self) -> None:
        try:
            pieces = self._work(self._report)
            while True:
                next(pieces)
                if self._cancelled.is_set():
                    pieces.throw(_cancelled())
        except StopIteration as stopped:
            self._clips = stopped.value
        except BaseException as error:  # noqa: BLE001 - handed to whoever asks for the result
            self._error = error
        finally:
            self._finished.set()

    def _report(self, progress: Progress) -> None:
        self._progress = progress
        if not self._cancelled.is_set():
            self._listener(progress)
        if self._cancelled.is_set():  # by the listener too
            raise _cancelled()


def _cancelled() -> GenerationCancelled:
    return GenerationCancelled("the generation was cancelled")
