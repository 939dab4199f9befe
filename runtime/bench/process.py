"""The other side of a cell's process: start it, listen to it, survive whatever becomes of it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from descant.models.strict_json import to_json
from descant.runtime.bench.records import Row
from descant.runtime.bench.task import Message, Task, read_message
from descant.runtime.child import end_child, last_words, start_child

COMMAND = (sys.executable, "-P", "-m", "descant.runtime.bench.worker")
"""``-P``: a module of the working folder must not pass for one of ours."""
PATIENCE_S = 5.0
"""A process that has been told to end may take this long."""

OnRun = Callable[[float], None]
"""Called with the share of the cell, 0 … 1, that is done."""


@dataclass
class _Heard:
    """What the process has said so far."""

    first_ms: float = 0.0
    """From its start to its first clip, by this process's clock."""
    row: Row | None = None


def run_task(task: Task, on_run: OnRun, timeout_s: float) -> Row:
    """Measure one cell in a fresh process; a process that crashes gives a failed row.

    Args:
        task: The cell.
        on_run: Hears how far it is.
        timeout_s: The process is given up after this long without a word.
    """
    with tempfile.TemporaryFile() as stderr:
        begin = time.perf_counter()
        process = start_child(COMMAND, stderr)
        try:
            heard, trouble = _listen(process, task, begin, on_run, timeout_s)
        finally:
            end_child(process, PATIENCE_S)
        if heard.row is not None:
            return _with_cold_total(heard.row, heard.first_ms)
        reason = trouble or last_words("the cell's process", process.returncode, stderr)
    return Row(task.label, task.seconds, task.steps, task.provider, "failed", reason)


def _listen(
    process: subprocess.Popen[str], task: Task, begin: float, on_run: OnRun, timeout_s: float
) -> tuple[_Heard, str]:
    """Follow the process to its end; return what it said, and what went wrong on our side."""
    assert process.stdin is not None
    assert process.stdout is not None
    lines: queue.Queue[tuple[float, str]] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    heard = _Heard()
    with contextlib.suppress(OSError):  # it may be gone already; its exit code says why
        process.stdin.write(json.dumps(to_json(task)) + "\n")
        process.stdin.flush()
    while True:
        try:
            now, line = lines.get(timeout=timeout_s)
        except queue.Empty:
            return heard, f"no sign of life for {timeout_s:g} s"
        if not line:
            return heard, ""
        try:
            message = read_message(line)
        except (ValueError, TypeError) as error:
            return heard, f"the cell's process said something else than was agreed: {error}"
        _take(message, heard, (now - begin) * 1000.0, on_run)
        if message.kind == "row":
            return heard, ""


def _take(message: Message, heard: _Heard, since_start_ms: float, on_run: OnRun) -> None:
    if message.kind == "first":
        heard.first_ms = since_start_ms
    elif message.kind == "run":
        on_run(message.done / max(message.total, 1))
    else:
        heard.row = message.row


def _read(stdout: IO[str], lines: queue.Queue[tuple[float, str]]) -> None:
    """Put every line with its time into the queue, and an empty one at the end."""
    with contextlib.suppress(ValueError):  # closed under our hands
        for line in stdout:
            lines.put((time.perf_counter(), line))
    lines.put((time.perf_counter(), ""))


def _with_cold_total(row: Row, total_ms: float) -> Row:
    """Add what only this side can see: when the process was begun."""
    if row.cold is None:
        return row
    known = row.cold.import_ms + row.cold.open_ms + row.cold.first_ms
    start = round(max(total_ms - known, 0.0), 3)
    cold = dataclasses.replace(row.cold, start_ms=start, total_ms=round(total_ms, 3))
    return dataclasses.replace(row, cold=cold)
