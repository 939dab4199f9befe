"""How the tests run the program and what they get back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

CALL = "import sys; from descant.runtime.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Outcome:
    """What one run of the program gave back."""

    code: int
    stdout: str
    stderr: str


class Descant(Protocol):
    """Run ``descant`` with these words."""

    def __call__(self, *words: str | Path) -> Outcome:
        """Return exit code and output."""


@dataclass(frozen=True)
class Made:
    """One generated clip and everything that was written with it."""

    report: dict[str, Any]
    stderr: str
    wav: Path
    midi: Path
    plot: Path
