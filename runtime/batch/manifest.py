"""``manifest.jsonl`` beside the clips: a line for every row that was made or failed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from descant.runtime.batch.columns import FILE_COLUMNS
from descant.runtime.batch.job import Job, Outcome, Settings, read_outcome
from descant.runtime.batch.table import Row
from descant.runtime.errors import OutputError, RequestError
from descant.runtime.files import output_error
from descant.runtime.input_file import digest, open_input
from descant.runtime.pack_source import MANIFEST as PACK_MANIFEST

FILE_NAME = "manifest.jsonl"


class Manifest:
    """Grows by whole lines; a line that a kill has cut short is passed over."""

    def __init__(self, folder: Path) -> None:
        """Read what is there.

        Raises:
            OutputError: The folder or the file can't be used.
        """
        self.path = folder / FILE_NAME
        self._folder = folder
        self._latest: dict[str, Outcome] = {}
        self._torn = False
        try:
            content = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise output_error(self.path, error) from error
        self._torn = bool(content) and not content.endswith(b"\n")
        for line in content.decode("utf-8", "replace").split("\n"):
            with contextlib.suppress(ValueError, RecursionError):
                outcome = read_outcome(line)
                self._latest[outcome.name] = outcome

    def add(self, outcome: Outcome) -> None:
        """Append a line in one write, and see it to the disk.

        Raises:
            OutputError: It can't be written.
        """
        line = ("\n" if self._torn else "") + outcome.to_line()
        try:
            with self.path.open("ab", buffering=0) as file:
                file.write(line.encode())
                os.fsync(file.fileno())
        except OSError as error:
            raise output_error(self.path, error) from error
        self._torn = False
        self._latest[outcome.name] = outcome

    def is_done(self, job: Job) -> bool:
        """Whether a row's clips are there as this row would make them, to the byte."""
        found = self._latest.get(job.name)
        if found is None or found.status != "done" or found.fingerprint != job.fingerprint:
            return False
        return all(
            _sha256(self._folder / Path(made.file).name) == made.sha256 for made in found.files
        )


def make_jobs(rows: tuple[Row, ...], settings: Settings, pack_sha256: str) -> Iterator[Job]:
    """Yield the rows as jobs.

    Args:
        rows: Of the table.
        settings: The files' kind counts.
        pack_sha256: What else a clip follows from.

    Raises:
        RequestError: A file that a row names can't be read any more.
    """
    known: dict[str, str] = {}
    for row in rows:
        asked = {**row.asked, "seed": row.request.seed}
        content = {name: _content(name, value, known) for name, value in asked.items()}
        told = [content, settings.suffix, settings.bit_depth, pack_sha256]
        fingerprint = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        yield Job(row.name, row.number, asked, fingerprint)


def _content(name: str, value: Any, known: dict[str, str]) -> Any:
    """Let what is in a file stand for its place."""
    if name not in FILE_COLUMNS:
        return value
    if isinstance(value, list):
        return [_content(name, path, known) for path in value]
    if value not in known:
        path = Path(value) / PACK_MANIFEST if name == "image_branch" else Path(value)
        with open_input(path, name, "give a file") as stream:
            known[value] = digest(stream)
    return known[value]


def _sha256(path: Path) -> str:
    try:
        with open_input(path, "clip", "") as stream:
            return digest(stream)
    except (RequestError, OSError):
        return ""


def check_folder(folder: Path) -> None:
    """Make the folder for the clips, if it is not there.

    Raises:
        OutputError: It can't be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise output_error(folder, error) from error
    if not os.access(folder, os.W_OK):
        raise OutputError(
            f"can't write into {str(folder)!r:.300}: it is read-only", hint="choose another folder"
        )
