"""A report as CSV, for programs, and as Markdown, for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.records import Machine, Report, Row

COLUMNS = (
    "pack", "pack_version", "seconds", "steps", "provider", "device", "status", "reason",
    "rtf_audio_seconds_per_second", "runs", "mean_ms", "std_ms", "min_ms", "p25_ms", "p50_ms",
    "p75_ms", "p95_ms", "p99_ms", "max_ms", "cold_start_ms", "cold_import_ms", "cold_open_ms",
    "cold_first_ms", "cold_total_ms", "rss_mb", "peak_rss_mb", "device_mb", "peak_device_mb",
    "joules_per_clip", "fidelity", "mel_nats", "clmp_cosine", "repeatable",
)  # fmt: skip
"""Of the CSV, before one ``stage_NAME_p50_ms`` for each stage."""
MARKDOWN = (
    "pack", "s", "steps", "provider", "RTF", "p50", "p95", "p99", "runs", "cold", "RSS peak",
    "card", "energy", "fidelity",
)  # fmt: skip

ENOUGH_RUNS = 30
UNSTEADY = 0.1
"""Of the median: a wider middle half of the runs is worth a word."""


def csv_text(report: Report) -> str:
    """Return one line per cell; an empty field is a number that nobody knows."""
    stages = list(dict.fromkeys(name for row in report.rows for name in row.stages))
    versions = {pack.label: pack.version for pack in report.packs}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*COLUMNS, *(f"stage_{name}_p50_ms" for name in stages)])
    for row in report.rows:
        cells = _csv_cells(row, versions.get(row.pack, ""))
        cells += [row.stages[name].p50 if name in row.stages else None for name in stages]
        writer.writerow(["" if cell is None else _inert(cell) for cell in cells])
    return stream.getvalue()


def _csv_cells(row: Row, version: str) -> list[object]:
    def of(part: object, *names: str) -> list[object]:
        return [None if part is None else getattr(part, name) for name in names]

    return [
        row.pack, version, row.seconds, row.steps, row.provider, row.device, row.status,
        row.reason, row.rtf, len(row.runs_ms) or None,
        *of(row.total, "mean", "std", "min", "p25", "p50", "p75", "p95", "p99", "max"),
        *of(row.cold, "start_ms", "import_ms", "open_ms", "first_ms", "total_ms"),
        *of(row.memory, "rss_mb", "peak_rss_mb", "device_mb", "peak_device_mb"),
        *of(row.energy, "joules_per_clip"),
        *of(row.fidelity, "kind", "mel_nats", "clmp_cosine"),
        row.repeatable,
    ]  # fmt: skip


def _inert(cell: object) -> object:
    """Keep a spreadsheet from taking a text for a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def markdown_text(report: Report) -> str:
    """Return what was measured, on what, and how to read it."""
    lines = [
        f"**descant bench** {report.descant}, {report.date}",
        "",
        *(f"- {line}" for line in machine_lines(report.machine)),
        f"- {protocol_line(report)}",
        f"- RTF: {report.rtf_means}",
        "",
        *markdown_table(MARKDOWN, [_markdown_cells(row) for row in report.rows]),
    ]
    notes = list(dict.fromkeys(notes_of(report)))
    if notes:
        lines += ["", *(f"- {_plain(note)}" for note in notes)]
    return "\n".join(lines) + "\n"


def markdown_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table, its columns as wide as they must be, so that it reads as text too."""
    plain = [[_plain(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(names), *plain]) for i in range(len(names))]

    def line(cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = line(["-" * width for width in widths])
    return [line(names), rule, *map(line, plain)]


def _markdown_cells(row: Row) -> list[str]:
    start = [row.pack, f"{row.seconds:g}", str(row.steps), words.provider(row)]
    if row.total is None:
        return [*start, row.status, *[words.NONE] * (len(MARKDOWN) - 5)]
    memory = row.memory
    return [
        *start,
        words.times(row.rtf),
        words.milliseconds(row.total.p50),
        words.milliseconds(row.total.p95),
        words.milliseconds(row.total.p99),
        str(len(row.runs_ms)),
        words.milliseconds(row.cold.total_ms if row.cold else None),
        words.megabytes(memory.peak_rss_mb if memory else None),
        words.megabytes(memory.peak_device_mb if memory else None),
        words.joules(row),
        words.distance(row.fidelity),
    ]


def _plain(cell: str) -> str:
    return " ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def machine_lines(machine: Machine) -> list[str]:
    """Return what computed, in a few lines."""
    memory = f", {words.megabytes(machine.memory_mb)}" if machine.memory_mb else ""
    lines = [f"{machine.cpu}, {machine.threads} of {machine.cores} cores{memory}"]
    for gpu in machine.gpus:
        lines.append(f"{gpu.name}, {words.megabytes(gpu.memory_mb)}, driver {gpu.driver}")
    if not machine.gpus:
        lines.append(f"no NVIDIA card: {machine.gpu_reason}")
    lines.append(f"{machine.os}, Python {machine.python}, ONNX Runtime {machine.onnxruntime}")
    return lines


def protocol_line(report: Report) -> str:
    """Return how each cell was measured."""
    protocol = report.protocol
    quick = " (quick)" if protocol.quick else ""
    return (
        f"each cell in a fresh process: {protocol.warm_ups} warm-ups, then {protocol.runs} timed "
        f"runs or {protocol.budget_s:g} s{quick}; seed {protocol.seed}, “{protocol.prompt}”"
    )


def notes_of(report: Report) -> list[str]:
    """Return what a reader must know of single rows and of the whole."""
    notes = []
    if not report.complete:
        notes.append("The bench was interrupted; these are the cells that were finished.")
    notes += _not_measured(report)
    for row in report.rows:
        if row.status != "measured":
            continue
        name = _name(row)
        if row.fidelity is not None and row.fidelity.kind == "unmeasured":
            notes.append(f"{name}: fidelity: {row.fidelity.reason}")
        if row.repeatable is False:
            notes.append(f"{name}: the same seed did not give the same samples in every run")
        notes += [f"{name}: {warning}" for warning in row.warnings]
    return [*notes, *_doubts(report)]


def _not_measured(report: Report) -> list[str]:
    """Return why cells have no numbers, cells of one provider and reason together."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in report.rows:
        if row.status != "measured":
            found.setdefault((row.provider, f"{row.status}: {row.reason}"), []).append(row)
    return [
        f"{_name(rows[0]) if len(rows) == 1 else f'{provider}, {len(rows)} cells'}: {told}"
        for (provider, told), rows in found.items()
    ]


def _name(row: Row) -> str:
    return f"{row.pack}, {row.seconds:g} s, {row.steps} steps, {row.provider}"


def _doubts(report: Report) -> list[str]:
    """Return why the numbers of some cells say less than they seem to."""
    measured = [(row, row.total) for row in report.rows if row.total is not None]
    doubts = []
    unsteady = [total for _, total in measured if total.p75 - total.p25 > UNSTEADY * total.p50]
    if unsteady:
        doubts.append(
            f"In {len(unsteady)} of {len(measured)} cells the runs differ much; was something "
            "else computing?"
        )
    if any(len(row.runs_ms) < ENOUGH_RUNS for row, _ in measured):
        doubts.append(
            f"With fewer than {ENOUGH_RUNS} runs, p95 and p99 are little more than the slowest run."
        )
    return doubts
