"""A command of descant in a process of its own: followed by its lines, and stopped when asked."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

PATIENCE_MS = 4000
"""A process that was asked to stop may take this long."""
MOST_OUTPUT = 16 * 2**20


def own_command() -> list[str]:
    """Return the words that start descant's command line again."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # -P: a module of the working folder must not pass for one of ours.
    return [sys.executable, "-P", "-m", "descant.runtime.cli"]


class ChildCommand(QObject):
    """Runs one command at a time, with ``--json`` and, where there is one, ``--progress``."""

    progressed = Signal(str, float)
    """A step's name and the share of the whole that is done, 0 … 1."""
    noted = Signal(str)
    """A line about what is done."""
    finished = Signal(object)
    """The JSON that it printed, or None when that is none."""
    failed = Signal(str, str)
    """What went wrong and what to do about it."""
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._output = b""
        self._rest = b""
        self._told = ("", "")
        self._last_words = ""
        self._stopping = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._kill)

    @property
    def is_running(self) -> bool:
        """Whether a command runs."""
        return self._process is not None

    def start(self, words: Sequence[str], command: Sequence[str] | None = None) -> None:
        """Run ``descant WORDS``; ``command`` takes the place of ``own_command``.

        Raises:
            RuntimeError: One is running already.
        """
        if self._process is not None:
            raise RuntimeError("a command is running already")
        self._output, self._rest, self._told, self._last_words = b"", b"", ("", ""), ""
        self._stopping = False
        first, *rest = [*(command or own_command()), *words]
        process = QProcess(self)
        process.setProgram(first)
        process.setArguments(rest)
        process.readyReadStandardOutput.connect(self._read_output)
        process.readyReadStandardError.connect(self._read_lines)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(QProcess.OpenModeFlag.ReadWrite)

    def cancel(self) -> None:
        """Ask it to stop as Ctrl-C does, and end it when it does not."""
        process = self._process
        if process is None or self._stopping:
            return
        self._stopping = True
        pid = process.processId()
        if sys.platform == "win32" or not pid:
            process.kill()
            return
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGINT)
        self._patience.start(PATIENCE_MS)

    def close(self) -> None:
        """End it at once; nothing is told any more."""
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(PATIENCE_MS)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _read_output(self) -> None:
        if self._process is not None and len(self._output) < MOST_OUTPUT:
            self._output += bytes(self._process.readAllStandardOutput().data())

    def _read_lines(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardError().data()).split(b"\n")
        for line in lines:
            self._hear(line.decode("utf-8", "replace").strip())

    def _hear(self, line: str) -> None:
        value = _parsed(line)
        if not isinstance(value, dict):
            self._last_words = line or self._last_words
        elif "error" in value:
            self._told = (str(value["error"]), str(value.get("hint", "")))
        elif "note" in value:
            self.noted.emit(str(value["note"]))
        elif isinstance(value.get("share"), (int, float)):
            self.progressed.emit(str(value.get("step", "")), float(value["share"]))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_output()
        self._read_lines()
        self._let_go()
        if self._stopping:
            self.cancelled.emit()
        elif code == 0 and status == QProcess.ExitStatus.NormalExit:
            self.finished.emit(_parsed(self._output.decode("utf-8", "replace")))
        elif self._told[0]:
            self.failed.emit(*self._told)
        else:
            said = self._last_words.removeprefix("descant: error: ")
            how = "It was ended from outside" if code < 0 or code > 255 else f"It ended with {code}"
            crashed = status == QProcess.ExitStatus.CrashExit
            self.failed.emit("The process crashed." if crashed else said or f"{how}.", "")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            words = self._process.errorString()
            self._let_go()
            self.failed.emit(f"The process can't be started: {words}", "Install descant again.")

    def _let_go(self) -> None:
        self._patience.stop()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
