"""Rows on processes of this machine."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from dataclasses import asdict
from typing import IO

from descant.runtime.batch.job import Job, Outcome, Settings, failed, read_outcome
from descant.runtime.child import end_child, last_words, start_child

COMMAND = (sys.executable, "-P", "-m", "descant.runtime.batch.worker")
"""``-P``: a module of the working folder must not pass for one of ours."""
PATIENCE_S = 10.0
"""A process that has been told to end may take this long."""


def run_on_processes(
    jobs: Sequence[Job], settings: Settings, workers: int
) -> Generator[Outcome, None, None]:
    """Yield what becomes of each row, in the order in which they are done.

    A process that crashes costs the row that it was at, and another takes its place. When the
    iterator is closed, such as by Ctrl-C, all processes end.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    hands = [_Hand(settings, waiting, outcomes) for _ in range(min(workers, len(jobs)))]
    try:
        for hand in hands:
            hand.start()
        for _ in jobs:
            yield outcomes.get()
    finally:
        for hand in hands:
            hand.stop()
        for hand in hands:
            hand.join()


class _Hand(threading.Thread):
    """Gives rows to one process after the other."""

    def __init__(
        self,
        settings: Settings,
        waiting: queue.SimpleQueue[Job],
        outcomes: queue.SimpleQueue[Outcome],
    ) -> None:
        super().__init__(name="descant-batch", daemon=True)
        self._settings = settings
        self._waiting = waiting
        self._outcomes = outcomes
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._at: Job | None = None

    def stop(self) -> None:
        """Take no more rows; the process ends with its clip unfinished."""
        self._stopped.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.close()

    def run(self) -> None:
        """Work until no row is left."""
        while not self._stopped.is_set() and not self._waiting.empty():
            try:
                self._employ()
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for the row
                self._give_up(error)

    def _employ(self) -> None:
        """Let a process make rows."""
        with tempfile.TemporaryFile() as stderr:
            self._process = start_child(COMMAND, stderr)
            try:
                self._say(asdict(self._settings))
                self._feed(self._process, stderr)
            finally:
                end_child(self._process, PATIENCE_S)

    def _give_up(self, error: Exception) -> None:
        """Fail the row at hand, or the next one, which has no process to make it."""
        job, self._at = self._at, None
        with contextlib.suppress(queue.Empty):
            job = job or self._waiting.get_nowait()
            reason = f"a process for the row can't be used: {error or type(error).__name__}"
            hint = "free memory, disk or open files, and run the batch again"
            self._outcomes.put(failed(job, reason, hint))

    def _feed(self, process: subprocess.Popen[str], stderr: IO[bytes]) -> None:
        """Give rows to a process until there are none, or until it has ended."""
        while not self._stopped.is_set():
            try:
                self._at = job = self._waiting.get_nowait()
            except queue.Empty:
                return
            outcome = self._ask(process, job)
            if outcome is not None:
                self._answer(outcome)
            elif not self._stopped.is_set():
                end_child(process, PATIENCE_S)
                reason = last_words("the row's process", process.returncode, stderr)
                self._answer(failed(job, reason, "run the batch again to retry it"))
                return

    def _answer(self, outcome: Outcome) -> None:
        self._at = None
        self._outcomes.put(outcome)

    def _ask(self, process: subprocess.Popen[str], job: Job) -> Outcome | None:
        """Return what becomes of a row; None when the process has ended over it."""
        assert process.stdout is not None
        self._say(asdict(job))
        try:
            line = process.stdout.readline()
            return read_outcome(line) if line else None
        except (ValueError, OSError):  # no words of ours, or closed under our hands
            return None

    def _say(self, value: dict[str, object]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it may be gone; its exit code says why
            self._process.stdin.write(json.dumps(value) + "\n")
            self._process.stdin.flush()
