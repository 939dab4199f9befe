"""Reports of benches that were made here: kept, listed, drawn, saved elsewhere. No Qt."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

from descant.desktop.engine_holder import describe
from descant.runtime import DescantError
from descant.runtime.bench.card import card_png
from descant.runtime.bench.compare import compare_reports, comparison_text
from descant.runtime.bench.page import headline, machine_title, report_page
from descant.runtime.bench.records import Report
from descant.runtime.bench.report_file import read_report, report_text
from descant.runtime.bench.tables import csv_text, markdown_text
from descant.runtime.bench.words import milliseconds, times
from descant.runtime.errors import OutputError
from descant.runtime.files import write_atomically

MOST = 200
"""Reports that are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class BenchEntry:
    """One report."""

    path: Path
    date: str
    """UTC, to the minute."""
    machine: str
    pack: str
    device: str
    """Of the fastest cell."""
    speed: str
    """Seconds of audio per second, of the fastest cell."""
    clip: str
    """What a clip takes there."""
    complete: bool
    error: str = ""
    """Why it can't be read."""


def new_report_path(folder: Path) -> Path:
    """Return a free name for a report; the folder is made.

    Raises:
        OutputError: The folder can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"can't make the folder {str(folder)!r:.300}: {error.strerror}",
            hint="choose another folder for settings",
        ) from error
    stem, number = time.strftime("%Y%m%d-%H%M%S"), 1
    while (path := folder / f"{stem}{'' if number == 1 else f'-{number}'}.json").exists():
        number += 1
    return path


def list_reports(folder: Path) -> list[BenchEntry]:
    """Return what is kept, the newest first; a file that can't be read says why."""
    found: list[Path] = []
    with contextlib.suppress(OSError):
        found = sorted(folder.glob("*.json"), reverse=True)[:MOST]
    return [read_entry(path) for path in found]


def read_entry(path: Path) -> BenchEntry:
    """Return one report's first lines."""
    try:
        report = read_report(path)
    except DescantError as error:
        return BenchEntry(path, "", path.name, "", "", "", "", False, " ".join(describe(error)))
    best = headline(report)
    return BenchEntry(
        path=path,
        date=report.date.replace("T", " ").replace("Z", " UTC"),
        machine=machine_title(report.machine),
        pack=best.pack if best else ", ".join(pack.label for pack in report.packs),
        device=(best.device or best.provider) if best else "",
        speed=times(best.rtf) if best else "",
        clip=f"{best.seconds:g} s: {milliseconds(best.total.p50)}" if best and best.total else "",
        complete=report.complete,
    )


def draw_card(path: Path) -> bytes:
    """Return a report's card to share, a PNG of 1200 by 630.

    Raises:
        BenchReportError: The report can't be read.
    """
    return card_png(read_report(path))


def add_report(path: Path, folder: Path) -> Path:
    """Copy a report of another machine into the history; returns its place there.

    Raises:
        BenchReportError: It can't be read.
        OutputError: It can't be written.
    """
    report = read_report(path)
    target = new_report_path(folder)
    write_atomically(target, report_text(report).encode())
    return target


def compare_text(one: Path, other: Path) -> str:
    """Return two reports side by side, as ``descant bench compare`` prints them.

    Raises:
        BenchReportError: One can't be read.
    """
    return comparison_text(compare_reports(read_report(one), read_report(other)))


def save_report(path: Path, target: Path) -> None:
    """Write a report as what the target's suffix says: PNG, HTML, JSON, CSV or Markdown.

    Raises:
        BenchReportError: The report can't be read.
        OutputError: The target can't be written, or has another suffix.
    """
    report = read_report(path)
    content = _content(report, target.suffix.lower())
    if content is None:
        raise OutputError(
            f"can't write {target.name!r:.200}",
            hint="end the name in .png, .html, .json, .csv or .md",
        )
    write_atomically(target, content)


def _content(report: Report, suffix: str) -> bytes | None:
    if suffix == ".png":
        return card_png(report)
    texts = {".html": report_page, ".json": report_text, ".csv": csv_text, ".md": markdown_text}
    return texts[suffix](report).encode() if suffix in texts else None
