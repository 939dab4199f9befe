"""What a bench says on stderr while it runs: a bar with ETA on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from descant.runtime.cli.console import tell

if TYPE_CHECKING:
    from descant.runtime.bench.grid import Cell
    from descant.runtime.bench.records import Row


class BenchProgress:
    """Follows a bench; one line stays for each cell."""

    def __init__(self, cells: int, as_lines: bool = False) -> None:
        """Follow so many cells; ``as_lines`` tells a program that listens, see ``tell``."""
        self._cells = cells
        self._as_lines = as_lines
        self._rows = 0
        self._share = 0.0
        self._begin = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> BenchProgress:
        if sys.stderr.isatty() and not self._as_lines:
            from tqdm import tqdm

            self._bar = tqdm(
                total=1000,
                file=sys.stderr,
                leave=False,
                bar_format="{desc} {percentage:3.0f}% |{bar:24}| {elapsed} + {remaining}",
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, cell: Cell, share: float) -> None:
        """Move on to ``share`` (0 … 1) of the whole bench."""
        self._share = share
        if self._as_lines:
            tell(step=cell.label, share=round(share, 4))
        elif self._bar is not None:
            self._bar.set_description_str(cell.label[:48], refresh=False)
            self._bar.update(round(share * 1000) - self._bar.n)

    def row(self, row: Row) -> None:
        """Say what has come out of a cell."""
        self._rows += 1
        line = f"[{self._rows}/{self._cells}] {self._told(row)}{self._left()}"
        if self._as_lines:
            tell(note=line)
        elif self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            print(line, file=sys.stderr, flush=True)

    def _told(self, row: Row) -> str:
        from descant.runtime.bench import words

        name = f"{row.pack}, {row.seconds:g} s, {row.steps} steps, {words.provider(row)}"
        if row.total is None:
            return f"{name}: {row.status}: {row.reason}"
        median = words.milliseconds(row.total.p50)
        return f"{name}: {words.times(row.rtf)} s of audio per second, p50 {median}"

    def _left(self) -> str:
        """Return how long the rest will take, judged by what is done."""
        from descant.runtime.bench import words

        if not 0.0 < self._share < 1.0:
            return ""
        spent = time.monotonic() - self._begin
        return f"; about {words.duration(spent * (1 - self._share) / self._share)} left"
