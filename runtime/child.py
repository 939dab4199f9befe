"""Processes of our own that we talk to by lines: started, ended, and heard when they break."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, Any, TextIO

ORPHANED = 3
"""Exit code of a child whose parent has gone."""
LAST_WORDS = 400


def start_child(command: Sequence[str], stderr: IO[bytes]) -> subprocess.Popen[str]:
    """Start a process with pipes to and from it.

    It is in a group of its own: Ctrl-C is for us, and we end it in good order.
    """
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
        text=True, encoding="utf-8", errors="replace", **apart,
    )  # fmt: skip


def end_child(process: subprocess.Popen[str], patience_s: float) -> None:
    """Let a process that is done leave, and kill one that is not."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()  # which tells it to end
    try:
        process.wait(timeout=patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def last_words(what: str, code: int, stderr: IO[bytes]) -> str:
    """Say how a process ended that has not done its work.

    Args:
        what: It is, such as "the cell's process".
        code: Its exit code.
        stderr: What it has said besides.
    """
    how = f"{what} ended with code {code}"
    if code < 0:
        with contextlib.suppress(ValueError):
            how = f"{what} was ended by {signal.Signals(-code).name}"
        if -code == getattr(signal, "SIGKILL", 0):
            how += ", perhaps for using too much memory"
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f"{how}: {said[-1][:LAST_WORDS]}" if said else how


def private_stdout() -> TextIO:
    """In the child: keep stdout for messages; what libraries print goes to stderr from here on."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "w", encoding="utf-8", newline="\n")
