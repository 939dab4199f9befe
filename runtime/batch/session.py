"""A whole batch: what is left to be made of a table is made, and written down."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path

from descant.runtime.batch.job import Job, Outcome, Settings
from descant.runtime.batch.manifest import Manifest, check_folder, make_jobs
from descant.runtime.batch.processes import run_on_processes
from descant.runtime.batch.table import read_table
from descant.runtime.checks import check_choice, check_integer
from descant.runtime.clip import SUFFIXES
from descant.runtime.errors import RequestError
from descant.runtime.pack import Pack, open_pack
from descant.runtime.pack_source import built_in_folder
from descant.runtime.providers import choose_provider
from descant.runtime.tuning import available_cores

MAX_WORKERS = 256
OnOutcome = Callable[[Outcome, int, int], None]
"""Called with each outcome, how many there are by now, and how many there will be."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a batch has come to."""

    made: int
    skipped: int
    """Rows that an earlier run had made."""
    failures: tuple[Outcome, ...]
    manifest: Path


def run_batch(
    table: str | Path,
    folder: str | Path,
    *,
    workers: int = 1,
    ray: str | None = None,
    pack: str | Path = "starter",
    device: str = "auto",
    threads: int | None = None,
    suffix: str = ".wav",
    bit_depth: int = 16,
    on_outcome: OnOutcome = lambda outcome, done, total: None,
    say: Callable[[str], None] = lambda words: None,
) -> BatchReport:
    """Make the clips of a table; those that are there already are left alone.

    It may be stopped or killed at any moment: files are whole or not there, and the next run goes
    on where this one was.

    Args:
        table: A CSV file; its columns are fields of ``Request``, and ``name``.
        folder: For the clips and ``manifest.jsonl``; made if it is not there.
        workers: Processes, or actors of Ray.
        ray: Address of a Ray cluster, or ``local``; None works on processes of this machine.
        pack: As of ``Engine.open``.
        device: As of ``Engine.open``.
        threads: Of each worker; by default its share of this machine's cores.
        suffix: ``.wav``, ``.flac`` or ``.ogg``.
        bit_depth: 16 or 24.
        on_outcome: Hears of every row as it is made or fails.
        say: Hears in words what else the user should know.

    Raises:
        RequestError: A row is wrong; then nothing is made.
        PackError: The pack can't be opened.
        ProviderUnavailableError: The device can't be used here.
        OutputError: The folder can't be written to.
        BackendError: Ray is not installed, there is no cluster, or none that is large enough.
    """
    _check(workers, suffix, bit_depth)
    rows = read_table(table)
    share = max(available_cores() // workers, 1)
    settings = Settings(
        str(pack), device, threads or share, suffix, bit_depth, str(Path(folder).absolute())
    )
    with open_pack(pack) as opened:
        pack_sha256 = opened.sha256
        settings = replace(settings, pack=_whereabouts(opened))
    if ray is None:
        choose_provider(device)
    jobs = tuple(make_jobs(rows, settings, pack_sha256))
    check_folder(Path(settings.folder))
    manifest = Manifest(Path(settings.folder))
    left = [job for job in jobs if not manifest.is_done(job)]
    failures: list[Outcome] = []
    with contextlib.closing(_outcomes(left, settings, workers, ray, say)) as outcomes:
        for count, outcome in enumerate(outcomes, 1):
            manifest.add(outcome)
            if outcome.status != "done":
                failures.append(outcome)
            on_outcome(outcome, count, len(left))
    skipped = len(jobs) - len(left)
    return BatchReport(len(left) - len(failures), skipped, tuple(failures), manifest.path)


def _whereabouts(pack: Pack) -> str:
    """Return how workers find the pack that was opened here: by its name where it ships with us."""
    path = pack.path.absolute()
    return path.name if path.parent == built_in_folder().absolute() else str(path)


def _check(workers: int, suffix: str, bit_depth: int) -> None:
    check_integer("workers", workers, 1, MAX_WORKERS)
    check_choice("format", suffix, SUFFIXES)
    if bit_depth not in (16, 24):
        raise RequestError(f"bit_depth must be 16 or 24, got {bit_depth!r:.20}", hint="choose one")


def _outcomes(
    jobs: list[Job],
    settings: Settings,
    workers: int,
    ray: str | None,
    say: Callable[[str], None],
) -> Generator[Outcome, None, None]:
    if not jobs:
        return
    if ray is None:
        yield from run_on_processes(jobs, settings, workers)
    else:
        from descant.runtime.batch.on_ray import run_on_ray

        yield from run_on_ray(jobs, settings, workers, ray, say)
