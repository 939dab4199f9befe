"""``python -m descant.runtime.batch.worker``: a process that makes rows.

It reads the settings from the first line of stdin and a row from each of the others, writes an
outcome a line to stdout, and ends when stdin is closed: at the next step of the solver where it
is in the middle of a clip, and never in the middle of a file.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading

from descant.models.strict_json import from_json
from descant.runtime.batch.job import Job, Settings
from descant.runtime.child import ORPHANED, private_stdout
from descant.runtime.errors import GenerationCancelled
from descant.runtime.progress import Progress


class _Lines:
    """What the parent says; ``gone`` once it says nothing any more."""

    def __init__(self) -> None:
        self.gone = threading.Event()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> str:
        """Return the next line, or nothing at the end."""
        return self._lines.get()

    def _read(self) -> None:
        # Not through sys.stdin, whose lock would be held when the interpreter ends.
        with os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8") as stream:
            for line in stream:
                self._lines.put(line)
        self.gone.set()
        self._lines.put("")

    def check(self, _: Progress) -> None:
        """Stop a clip that nobody waits for."""
        if self.gone.is_set():
            raise GenerationCancelled("the batch has gone")


def main() -> int:
    """Make rows until there are no more."""
    told, lines = private_stdout(), _Lines()
    settings = from_json(Settings, json.loads(lines.next()))
    from descant.runtime.batch.make import make_row, open_engine

    with open_engine(settings) as engine:
        while line := lines.next():
            job = from_json(Job, json.loads(line))
            try:
                outcome = make_row(engine, job, settings, lines.check)
            except GenerationCancelled:
                return ORPHANED
            with contextlib.suppress(BrokenPipeError):
                told.write(outcome.to_line())
                told.flush()
    return 0


if __name__ == "__main__":
    code = main()
    # At once: the thread that reads stdin is no reason to stay.
    sys.stderr.flush()
    os._exit(code)
