"""``descant batch``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from descant.runtime.cli.console import check_threads, print_json
from descant.runtime.cli.main import FAILED, OK
from descant.runtime.clip import SUFFIXES

if TYPE_CHECKING:
    from descant.runtime.batch.job import Outcome


def add_batch(parser: argparse.ArgumentParser) -> None:
    """Add the words of the command, but those for pack and device."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("table", metavar="TABLE.csv", help="a row for each clip; columns as in docs/games.md")
    add("-o", "--output", required=True, metavar="FOLDER", help="for the clips and the manifest")
    add("--workers", type=int, default=1, metavar="N", help="processes that work at a time")
    add("--ray", metavar="ADDRESS", help="work on a Ray cluster; 'local' starts one here")
    add("--format", default="wav", choices=[suffix[1:] for suffix in SUFFIXES], help="of the files")
    add("--bit-depth", type=int, choices=(16, 24), default=16, help="of WAV and FLAC")


def run(options: argparse.Namespace) -> int:
    """Make what is left of a table; 1 when a row has failed."""
    from descant.runtime.batch.session import run_batch

    report = run_batch(
        options.table,
        options.output,
        workers=options.workers,
        ray=options.ray,
        pack=options.pack,
        device=options.device,
        threads=check_threads(options.threads),
        suffix=f".{options.format}",
        bit_depth=options.bit_depth,
        on_outcome=_hear if options.json else _show,
        say=lambda words: print(words, file=sys.stderr, flush=True),
    )
    if options.json:
        names = ("name", "line", "error", "hint")
        failures = [{name: getattr(row, name) for name in names} for row in report.failures]
        told = {"failures": failures, "manifest": str(report.manifest)}
        print_json({"made": report.made, "skipped": report.skipped, **told})
    else:
        print(
            f"{report.made} made, {report.skipped} there already, {len(report.failures)} failed; "
            f"see {report.manifest}"
        )
    return FAILED if report.failures else OK


def _hear(outcome: Outcome, done: int, total: int) -> None:
    """Say nothing yet."""


def _show(outcome: Outcome, done: int, total: int) -> None:
    for made in outcome.files:
        print(f"[{done}/{total}] {made.file}  {outcome.made_s:.1f} s", flush=True)
    if outcome.status != "done":
        hint = f" ({outcome.hint})" if outcome.hint else ""
        line = f"[{done}/{total}] line {outcome.line}, {outcome.name}: {outcome.error}{hint}"
        print(" ".join(line.split()), file=sys.stderr, flush=True)
