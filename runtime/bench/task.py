"""What the process of one cell is told, and what it tells back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from descant.models.strict_json import from_json, to_json
from descant.runtime.bench.records import Row


@dataclass(frozen=True, slots=True)
class Task:
    """One cell."""

    pack: str
    """Built-in name or path."""
    label: str
    """Of the pack, for the row."""
    provider: str
    seconds: float
    steps: int
    prompt: str
    seed: int
    threads: int | None
    runs: int
    """Timed ones; none when only the clip is wanted, as a reference."""
    warm_ups: int
    budget_s: float
    heard: str
    """File to write what is kept of the clip."""
    refuse_cpu: bool = False
    """Skip when ``auto`` means the CPU, which has a cell of its own."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the process."""

    kind: Literal["first", "run", "row"]
    """The first clip is there; one more run is done; the end."""
    done: int = 0
    total: int = 0
    row: Row | None = None
    """With ``row``; its cold times lack what the process itself can't see."""

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(to_json(self), allow_nan=False) + "\n"


def read_message(line: str) -> Message:
    """Parse one line.

    Raises:
        ValueError: It is none.
    """
    return from_json(Message, json.loads(line), "message")


def read_task(line: str) -> Task:
    """Parse what the process was told.

    Raises:
        ValueError: It is none.
    """
    value: Any = json.loads(line)
    return from_json(Task, value, "task")
