"""``descant bench`` and ``descant bench compare``."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from descant.runtime.checks import check_number
from descant.runtime.cli.bench_progress import BenchProgress
from descant.runtime.cli.console import check_threads, print_json, tell, told_errors
from descant.runtime.cli.interrupt import take_interrupt
from descant.runtime.errors import OutputError
from descant.runtime.files import check_not_inputs, check_writable, write_atomically

if TYPE_CHECKING:
    from descant.runtime.bench.grid import Wanted
    from descant.runtime.bench.records import Report

OUTPUTS = ("json", "csv", "markdown", "html", "card")
STDOUT = "-"
"""``--json`` without a file."""
PROVIDERS = ("cpu", "auto")
RUNS, WARM_UPS, BUDGET_S = 30, 3, 120.0
QUICK_RUNS, QUICK_WARM_UPS, QUICK_BUDGET_S = 5, 2, 20.0
OK, FAILED, INTERRUPTED = 0, 1, 130


def run(options: argparse.Namespace) -> int:
    """Measure this machine; whatever was measured is written, also after Ctrl-C."""
    with told_errors() if options.progress else contextlib.nullcontext():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    threads = check_threads(options.threads)
    targets = {name: getattr(options, name) for name in OUTPUTS if getattr(options, name)}
    _check_outputs(targets)
    check_number("timeout-s", options.timeout_s, 1.0, 86_400.0)
    from descant.runtime.bench.grid import make_plan
    from descant.runtime.bench.session import Bench, make_report

    plan = make_plan(_wanted(options))
    rows, complete = [], True
    with BenchProgress(len(plan.cells), options.progress) as progress:
        try:
            with Bench(plan, threads, options.timeout_s, progress.show) as bench:
                for row in bench.rows():
                    rows.append(row)
                    progress.row(row)
        except KeyboardInterrupt:
            take_interrupt()
            complete = False
    report = make_report(plan, rows, threads, complete)
    if rows:
        _write(report, targets)
    return _end(report, len(plan.cells), options.progress)


def compare(options: argparse.Namespace) -> int:
    """Lay two reports side by side."""
    if options.html:
        _check_outputs({"html": options.html})
        check_not_inputs([options.html], [options.one, options.other], "a report to compare")
    from descant.runtime.bench.compare import compare_reports, comparison_json, comparison_text
    from descant.runtime.bench.report_file import read_report

    found = compare_reports(read_report(options.one), read_report(options.other))
    if options.html:
        from descant.runtime.bench.compare_page import comparison_page

        write_atomically(options.html, comparison_page(found).encode())
    if options.as_json:
        print_json(comparison_json(found))
    else:
        print(comparison_text(found), end="")
    return OK


def _wanted(options: argparse.Namespace) -> Wanted:
    from descant.runtime.bench.grid import Wanted
    from descant.runtime.bench.records import Protocol

    quick = options.quick
    runs, warm_ups, budget_s = (
        (QUICK_RUNS, QUICK_WARM_UPS, QUICK_BUDGET_S) if quick else (RUNS, WARM_UPS, BUDGET_S)
    )
    return Wanted(
        packs=tuple(options.pack or ("starter",)),
        seconds=options.seconds,
        steps=options.steps,
        providers=options.provider or PROVIDERS,
        reference=options.reference,
        protocol=Protocol(
            runs=runs if options.runs is None else options.runs,
            warm_ups=warm_ups if options.warm_ups is None else options.warm_ups,
            budget_s=budget_s if options.budget_s is None else options.budget_s,
            quick=quick,
            prompt=options.prompt,
            seed=options.seed,
            reference="",
        ),
    )


def _check_outputs(targets: dict[str, str]) -> None:
    """Fail before the work, not after it."""
    files = {name: Path(path) for name, path in targets.items() if (name, path) != ("json", STDOUT)}
    for name, path in files.items():
        if name == "card" and path.suffix.lower() != ".png":
            raise OutputError(
                f"--card: can't write {str(path)!r:.300}", hint="end the name in .png"
            )
        check_writable(path)
    if len({path.absolute() for path in files.values()}) < len(files):
        raise OutputError("two outputs have the same name", hint="give each its own")


def _write(report: Report, targets: dict[str, str]) -> None:
    """Write every file that was asked for, and print the table or the JSON."""
    from descant.runtime.bench.report_file import report_text
    from descant.runtime.bench.tables import csv_text, markdown_text

    made = {"json": report_text, "csv": csv_text, "markdown": markdown_text}
    for name, path in targets.items():
        if (name, path) == ("json", STDOUT):
            continue
        if name == "html":
            from descant.runtime.bench.page import report_page

            content = report_page(report).encode()
        elif name == "card":
            from descant.runtime.bench.card import card_png

            content = card_png(report)
        else:
            content = made[name](report).encode()
        write_atomically(path, content)
    as_json = targets.get("json") == STDOUT
    print(report_text(report) if as_json else markdown_text(report), end="")


def _end(report: Report, cells: int, as_lines: bool) -> int:
    measured = sum(row.status == "measured" for row in report.rows)
    if not report.complete:
        print(
            f"descant: interrupted; {len(report.rows)} of {cells} cells were kept", file=sys.stderr
        )
        return INTERRUPTED
    if not measured:
        reason = report.rows[0].reason
        if as_lines:
            tell(error=f"nothing could be measured: {reason}", hint="try another device")
        print(f"descant: error: no cell could be measured: {reason}", file=sys.stderr)
        return FAILED
    return OK
