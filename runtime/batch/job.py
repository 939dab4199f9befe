"""One row of a table on its way to a process and back, as JSON lines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from descant.models.strict_json import from_json
from descant.runtime.clip import Clip
from descant.runtime.files import numbered
from descant.runtime.request import Request


@dataclass(frozen=True, slots=True)
class Settings:
    """What all rows share."""

    pack: str
    device: str
    threads: int
    """Of each process."""
    suffix: str
    """``.wav``, ``.flac`` or ``.ogg``."""
    bit_depth: int
    folder: str
    """Where the files go."""


@dataclass(frozen=True, slots=True)
class Job:
    """A row that is to be made."""

    name: str
    line: int
    """In the table."""
    asked: dict[str, Any]
    """Fields of the request as plain JSON values, with a seed."""
    fingerprint: str
    """Of everything that its clips follow from."""

    def request(self) -> Request:
        """Return the request; raises ``RequestError``."""
        return Request(**self.asked)

    def file_names(self, suffix: str) -> list[str]:
        """Return the files that it becomes."""
        count = int(self.asked.get("count", 1))
        return [file_name(self.name, number, count, suffix) for number in range(1, count + 1)]


def file_name(name: str, number: int, count: int, suffix: str) -> str:
    """Return the name of one of the files that a row becomes, from 1 to ``count``."""
    return numbered(f"{name}{suffix}", number, count).name


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that has been written whole."""

    file: str
    """Its name."""
    sha256: str
    bytes: int
    seed: int
    seconds: float
    receipt: dict[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row."""

    name: str
    line: int
    fingerprint: str
    status: str
    """``done`` or ``failed``."""
    files: tuple[MadeFile, ...] = ()
    error: str = ""
    hint: str = ""
    made_s: float = 0.0
    """Wall time."""

    def to_line(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True) + "\n"


def read_outcome(line: str) -> Outcome:
    """Read such a line.

    Raises:
        ValueError: It is none.
    """
    return from_json(Outcome, json.loads(line), "outcome")


def failed(job: Job, error: str, hint: str = "", made_s: float = 0.0) -> Outcome:
    """Return the outcome of a row that could not be made."""
    return Outcome(job.name, job.line, job.fingerprint, "failed", (), error, hint, round(made_s, 3))


def made_file(name: str, clip: Clip, sha256: str, size: int) -> MadeFile:
    """Return what is to be known of a clip that has been written."""
    return MadeFile(name, sha256, size, clip.seed, clip.seconds, clip.receipt, clip.warnings)
