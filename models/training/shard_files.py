"""Shards on disk: made by several processes at once, each whole or not there."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from descant.models.synthset.piece import Split


@dataclass(frozen=True, slots=True)
class ShardJob:
    """A shard to be made."""

    folder: Path
    number: int
    split: Split

    @property
    def target(self) -> Path:
        """Its folder."""
        return self.folder / f"{self.split}-{self.number:04d}"


@contextmanager
def placed(job: ShardJob) -> Iterator[Path]:
    """Give a temporary folder, which is moved into place when nothing was raised."""
    part = job.folder / f".{job.target.name}.{os.getpid()}"
    part.mkdir(parents=True)
    try:
        yield part
        part.replace(job.target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_shards(
    jobs: Sequence[ShardJob],
    write: Callable[[ShardJob], None],
    minutes: float,
    workers: int,
    report: Callable[[str], None],
) -> None:
    """Make shards that are not there yet until the time is used up.

    Args:
        jobs: In the order in which they are begun.
        write: Makes one in a process of its own.
        minutes: After which no more are waited for.
        workers: Processes.
        report: Receives one line per shard.
    """
    for folder in {job.folder for job in jobs}:
        folder.mkdir(parents=True, exist_ok=True)
    missing = [job for job in jobs if not job.target.exists()]
    deadline = time.monotonic() + minutes * 60
    with get_context("spawn").Pool(workers) as pool:
        for done, _ in enumerate(pool.imap_unordered(write, missing), 1):
            report(f"{done} of {len(missing)} shards")
            if time.monotonic() > deadline:
                pool.terminate()
                return
