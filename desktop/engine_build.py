"""Engines built beside the music: a process that is followed, and what it has said so far."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from descant.desktop.child import ChildCommand

LIBRARIES = ("tensorrt_rtx", "tensorrt")
"""Modules that build engines; one of them is enough."""
HELPERS = ("onnx", "filelock")
INSTALL = "pip install 'descant[engines]'"

State = Literal["idle", "running", "stopping", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class BuiltRow:
    """One engine that is there."""

    graph: str
    size_bytes: int
    seconds: float
    reused: bool
    reason: str
    """Why it was built, or was not."""


@dataclass(frozen=True, slots=True)
class EngineBuild:
    """How far a build is."""

    pack: str = ""
    state: State = "idle"
    graph: str = ""
    """That is being built."""
    share: float = 0.0
    """0 … 1 of the graphs that are done."""
    started: float = 0.0
    """By ``time.monotonic``."""
    engines: tuple[BuiltRow, ...] = ()
    folder: str = ""
    error: str = ""
    hint: str = ""

    @property
    def is_active(self) -> bool:
        """Whether its process still runs."""
        return self.state in ("running", "stopping")

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started if self.started else 0.0


def missing() -> str:
    """Return the name of what is not installed and a build needs; empty when all is there."""
    if not any(_is_there(name) for name in LIBRARIES):
        return "TensorRT-RTX"
    return next((name for name in HELPERS if not _is_there(name)), "")


def has_wheel() -> bool:
    """Whether TensorRT-RTX exists for this kind of machine at all."""
    return sys.platform in ("linux", "win32") and sys.maxsize > 2**32


class EngineBuilder(QObject):
    """Builds the engines of one pack at a time."""

    changed = Signal(object)
    """The ``EngineBuild`` as it is now."""

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """Build with descant's own command, or another for tests."""
        super().__init__(parent)
        self.build = EngineBuild()
        self._command = command
        self._child = ChildCommand(self)
        self._child.progressed.connect(self._on_progress)
        self._child.finished.connect(self._on_finished)
        self._child.failed.connect(self._on_failed)
        self._child.cancelled.connect(lambda: self._update(state="cancelled", graph=""))

    def start(self, pack: str, options: Sequence[str] = ()) -> None:
        """Build what is not there yet.

        Args:
            pack: Name, folder or file.
            options: More words of ``descant export engine``.
        """
        if self.build.is_active:
            return
        self.build = EngineBuild(pack, "running", started=time.monotonic())
        self.changed.emit(self.build)
        words = ["export", "engine", pack, *options, "--json", "--progress"]
        self._child.start(words, self._command)

    def cancel(self) -> None:
        """Stop; engines that are done stay."""
        if self.build.state == "running":
            self._update(state="stopping")
            self._child.cancel()

    def close(self) -> None:
        """End the process with the app."""
        self._child.close()

    def _on_progress(self, graph: str, share: float) -> None:
        self._update(graph="" if share >= 1 else graph, share=share)

    def _on_finished(self, found: Any) -> None:
        try:
            rows = tuple(
                BuiltRow(
                    str(row["graph"]),
                    int(row["size_bytes"]),
                    float(row["build_seconds"]),
                    bool(row["reused"]),
                    str(row["reason"]),
                )
                for row in found["engines"]
            )
            folder = str(found["folder"])
        except (TypeError, KeyError, ValueError):
            self._on_failed("The builder said something else than was agreed.", "Try again.")
            return
        self._update(state="done", graph="", share=1.0, engines=rows, folder=folder)

    def _on_failed(self, error: str, hint: str) -> None:
        self._update(state="failed", graph="", error=error, hint=hint)

    def _update(self, **values: Any) -> None:
        self.build = replace(self.build, **values)
        self.changed.emit(self.build)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
