"""One bench from the first cell to the last."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from descant.runtime.bench.grid import AUTO, CPU, BenchPack, Cell, Plan
from descant.runtime.bench.machine import describe_machine
from descant.runtime.bench.process import run_task
from descant.runtime.bench.records import FORMAT, RTF_MEANS, SCHEMA, Fidelity, Report, Row
from descant.runtime.bench.shareable import shareable, shareable_command
from descant.runtime.bench.task import Task
from descant.runtime.receipt import package_version

OnProgress = Callable[[Cell, float], None]
"""Called with a cell and the share of the whole bench, 0 … 1, that is done."""
Spot = tuple[str, float, int]
"""A reference: pack, seconds, steps."""


class Bench:
    """Measures the cells of a plan, each in a process of its own."""

    def __init__(
        self, plan: Plan, threads: int | None, timeout_s: float, on_progress: OnProgress
    ) -> None:
        self._plan = plan
        self._threads = threads
        self._timeout_s = timeout_s
        self._on_progress = on_progress
        self._folder = tempfile.TemporaryDirectory(prefix="descant-bench-")
        self._references: dict[Spot, tuple[Path | None, str]] = {}
        """File with what is kept of the clip, or why there is none."""
        self._total = sum(map(_weight, plan.cells))
        self._done = 0.0

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def rows(self) -> Iterator[Row]:
        """Measure cell after cell; one that fails gives a row that says why."""
        for number, cell in enumerate(self._plan.in_running_order()):
            row, heard = self._run(cell, f"cell-{number}")
            if cell.is_reference:
                self._references[_spot(cell)] = (
                    (heard, "") if row.status == "measured" else (None, row.reason)
                )
            if row.status == "measured":
                row = dataclasses.replace(row, fidelity=self._fidelity(cell, heard))
            self._done += _weight(cell)
            self._on_progress(cell, self._done / self._total)
            yield _cleaned(row)

    def _run(self, cell: Cell, name: str) -> tuple[Row, Path]:
        """Measure a cell; return its row and the file with what is kept of its clip."""
        heard = Path(self._folder.name) / f"{name}.npz"
        protocol = self._plan.protocol
        task = Task(
            pack=cell.pack.name,
            label=cell.pack.info.label,
            provider=cell.provider,
            seconds=cell.seconds,
            steps=cell.steps,
            prompt=protocol.prompt,
            seed=protocol.seed,
            threads=self._threads,
            runs=protocol.runs,
            warm_ups=protocol.warm_ups,
            budget_s=protocol.budget_s,
            heard=str(heard),
            refuse_cpu=cell.provider == AUTO and self._has_cpu(cell.pack),
        )

        def on_run(share: float) -> None:
            self._on_progress(cell, (self._done + share * _weight(cell)) / self._total)

        on_run(0.0)
        return run_task(task, on_run, self._timeout_s), heard

    def _has_cpu(self, pack: BenchPack) -> bool:
        return any(cell.provider == CPU and cell.pack == pack for cell in self._plan.cells)

    def _reference(self, cell: Cell) -> tuple[Path | None, str]:
        """Return the clip to compare with, making it first when no cell of the grid does."""
        spot = _spot(cell)
        if spot not in self._references:
            self._references[spot] = self._make_reference(cell)
        return self._references[spot]

    def _make_reference(self, cell: Cell) -> tuple[Path | None, str]:
        heard = Path(self._folder.name) / f"reference-{len(self._references)}.npz"
        protocol = self._plan.protocol
        task = Task(
            cell.reference.name, cell.reference.info.label, CPU, cell.seconds, cell.steps,
            protocol.prompt, protocol.seed, self._threads, 0, 0, 0.0, str(heard),
        )  # fmt: skip
        row = run_task(task, lambda share: None, self._timeout_s)
        return (heard, "") if row.status == "measured" else (None, row.reason)

    def _fidelity(self, cell: Cell, heard: Path) -> Fidelity:
        if cell.is_reference:
            return Fidelity("reference", 0.0, 1.0, "this is what others are compared with")
        from descant.runtime.bench.heard import compare, load_heard

        path, reason = self._reference(cell)
        if path is None:
            return Fidelity("unmeasured", None, None, f"there is no reference: {reason}")
        label = f"{cell.reference.info.label} on the CPU"
        try:
            return compare(load_heard(heard), load_heard(path), label)
        except (OSError, ValueError, KeyError) as error:
            return Fidelity("unmeasured", None, None, f"what was kept can't be read: {error}")


def make_report(plan: Plan, rows: Sequence[Row], threads: int | None, complete: bool) -> Report:
    """Put rows, in the order of the grid, beside what they were measured on and how."""
    place = {cell.key: i for i, cell in enumerate(plan.cells)}
    return Report(
        format=FORMAT,
        schema=SCHEMA,
        descant=package_version(),
        date=time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
        command=shareable_command(plan.command(threads)),
        rtf_means=RTF_MEANS,
        machine=describe_machine(threads),
        protocol=plan.protocol,
        packs=plan.packs,
        rows=tuple(sorted(rows, key=lambda row: place[row.key])),
        complete=complete,
    )


def _spot(cell: Cell) -> Spot:
    return cell.reference.name, cell.seconds, cell.steps


def _weight(cell: Cell) -> float:
    """Guess how long a cell takes, next to the others.

    A clip costs about two steps besides its own; cards are fast, or skipped at once.
    """
    return cell.seconds * (cell.steps + 2) * (1.0 if cell.provider == CPU else 0.2)


def _cleaned(row: Row) -> Row:
    """Take paths and names out of every text that libraries may have written."""
    fidelity = row.fidelity
    if fidelity is not None:
        fidelity = dataclasses.replace(fidelity, reason=shareable(fidelity.reason))
    return dataclasses.replace(
        row,
        reason=shareable(row.reason),
        fidelity=fidelity,
        warnings=tuple(map(shareable, row.warnings)),
    )
