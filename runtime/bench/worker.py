"""``python -m descant.runtime.bench.worker``: the process of one cell.

It reads its task from the first line of stdin, writes one JSON object a line to stdout, and ends
when stdin is closed, so that it never outlives the bench that began it.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()
"""Before all other imports, whose time belongs to the cold start."""

import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402

from descant.runtime.bench.task import Message, read_task  # noqa: E402
from descant.runtime.child import ORPHANED, private_stdout  # noqa: E402

EVERY_S = 0.5
"""Between two lines about runs: whoever reads them takes time from the runs."""


def main() -> int:
    """Measure one cell."""
    told = private_stdout()
    task = read_task(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from descant.runtime.bench.measure import measure

    last = 0.0

    def tell(message: Message) -> None:
        nonlocal last
        if message.kind == "run" and time.perf_counter() - last < EVERY_S:
            return
        last = time.perf_counter()
        told.write(message.line())
        told.flush()

    tell(Message("row", row=measure(task, tell, BEGAN)))
    return 0


def _die_with_parent() -> None:
    # Not through sys.stdin, whose lock would be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(ORPHANED)


if __name__ == "__main__":
    sys.exit(main())
