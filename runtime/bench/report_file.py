"""Reports on disk: strict JSON, and nothing of a file is believed before it has been checked."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from descant.models.strict_json import from_json, to_json
from descant.runtime.bench.records import FORMAT, SCHEMA, Report
from descant.runtime.errors import BenchReportError

MOST_BYTES = 16_000_000
MOST_ITEMS = 20_000
"""In any one list or object."""
LONGEST_TEXT = 4000
LARGEST = 1e12
NEWER = "make it again with this version of descant"


def report_text(report: Report) -> str:
    """Return a report as JSON."""
    return json.dumps(to_json(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_report(path: str | Path) -> Report:
    """Read a report.

    Raises:
        BenchReportError: It can't be read, is cut off, is no report, or one of another version.
    """
    file = Path(path)
    name = f"{file.name!r:.200}"
    value = _parse(_content(file, name), name)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BenchReportError(
            f"{name} is no report of descant bench", hint="make one with --json FILE"
        )
    if value.get("schema") != SCHEMA or isinstance(value["schema"], bool):
        raise BenchReportError(
            f"{name} has schema {value.get('schema')!r:.20}, this version reads {SCHEMA}",
            hint=NEWER,
        )
    try:
        _check_sizes(value, "report")
        report = from_json(Report, value, "report")
        _check_meaning(report)
    except (ValueError, TypeError, OverflowError) as error:
        raise BenchReportError(f"{name}: {error!s:.300}", hint=NEWER) from error
    return report


def _content(file: Path, name: str) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise BenchReportError(
            f"{name} can't be read: {reason}", hint="give the file of a bench's --json"
        ) from error
    if len(content) > MOST_BYTES:
        raise BenchReportError(
            f"{name} has more than {MOST_BYTES / 1e6:g} MB, which no report has",
            hint="give the file of a bench's --json",
        )
    return content


def _parse(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BenchReportError(
            f"{name} is not whole JSON: {error!s:.200}", hint="give the file of a bench's --json"
        ) from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _check_sizes(value: Any, path: str) -> None:
    """Refuse what would only be there to exhaust whoever shows it."""
    if isinstance(value, (dict, list)):
        if len(value) > MOST_ITEMS:
            raise ValueError(f"{path}: {len(value)} entries, at most {MOST_ITEMS}")
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in pairs:
            if isinstance(key, str):
                _check_sizes(key, f"{path}: a key")
            _check_sizes(part, f"{path}.{key!s:.40}")
    elif isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"{path}: {len(value)} characters, at most {LONGEST_TEXT}")
    elif isinstance(value, (int, float)) and not abs(value) <= LARGEST:  # also refuses NaN
        raise ValueError(f"{path}: {value!r:.20} is out of range")


def _check_meaning(report: Report) -> None:
    """Hold rows against what a bench can have found."""
    labels = {pack.label for pack in report.packs}
    for i, row in enumerate(report.rows):
        path = f"report.rows[{i}]"
        if row.pack not in labels:
            raise ValueError(f"{path}.pack: {row.pack!r:.60} is none of the report's packs")
        if not (row.seconds > 0 and row.steps > 0):
            raise ValueError(f"{path}: seconds and steps must be above 0")
        if row.status == "measured" and (row.total is None or row.rtf is None or not row.runs_ms):
            raise ValueError(f"{path}: measured, but without times")
        times = [*row.runs_ms, *(s.p50 for s in row.stages.values())]
        times += [row.total.p50, row.total.p25] if row.total else []
        if any(time < 0 or not math.isfinite(time) for time in times) or (row.rtf or 0) < 0:
            raise ValueError(f"{path}: a time is below 0")
