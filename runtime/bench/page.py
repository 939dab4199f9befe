"""A report as one page that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.charts import (
    fidelity_chart,
    has_fidelity,
    speed_chart,
    stage_chart,
    stage_class,
    stages_of,
)
from descant.runtime.bench.html_parts import (
    command,
    document,
    facts,
    figure,
    figures,
    heading,
    notes,
    section,
    table,
)
from descant.runtime.bench.labels import cell_labels
from descant.runtime.bench.records import Machine, Report, Row
from descant.runtime.bench.svg import escaped
from descant.runtime.bench.tables import machine_lines, notes_of, protocol_line

MEANINGS = (
    ("RTF", ""),
    ("p50, p95, p99", "half, 95 and 99 of 100 runs are at most that long; interpolated"),
    ("cold", "from starting the process to the first clip; the file cache may be warm"),
    ("log-mel distance", "mean difference of the log-mel spectrograms in nats; 0 is the same clip"),
    ("CLMP cosine", "of the clips' embeddings in the pack's audio tower; 1 is the same clip"),
)


def headline(report: Report) -> Row | None:
    """Return the fastest cell, of which the first numbers speak."""
    measured = [row for row in report.rows if row.total is not None]
    return max(measured, key=lambda row: row.rtf or 0.0, default=None)


def machine_title(machine: Machine) -> str:
    """Return what computes, the card first."""
    return " + ".join([*(gpu.name for gpu in machine.gpus), machine.cpu])


def report_page(report: Report) -> str:
    """Return the page."""
    rows = [row for row in report.rows if row.total is not None]
    body = [
        heading(
            f"descant bench {report.descant}",
            machine_title(report.machine),
            [machine_lines(report.machine)[-1], _date(report)],
        )
    ]
    best = headline(report)
    if best is not None:
        body += [_figures(best), f'<p class="soft">{escaped(_of_which(best))}</p>']
        body += _charts(rows)
        body += [
            section("Every cell", "", _times_table(rows), _stage_table(rows), _cold_table(rows))
        ]
    told = list(dict.fromkeys(notes_of(report)))
    if told:
        body.append(section("To be noted", "", notes(told)))
    body.append(section("Measured on", "", facts(_facts(report))))
    meanings = [(name, text or report.rtf_means) for name, text in MEANINGS]
    body.append(section("How to read it", "", facts(meanings)))
    return document(f"descant bench: {machine_title(report.machine)}", body)


def _date(report: Report) -> str:
    return report.date.replace("T", " ").replace("Z", " UTC")


def _figures(row: Row) -> str:
    assert row.total is not None
    cold = row.cold.total_ms if row.cold else None
    memory = row.memory.peak_rss_mb if row.memory else None
    return figures(
        [
            ("audio per second", f"{words.times(row.rtf)} s"),
            (f"for a clip of {row.seconds:g} s", words.milliseconds(row.total.p50)),
            ("95 % of clips within", words.milliseconds(row.total.p95)),
            ("from a cold start", words.milliseconds(cold)),
            ("memory at most", words.megabytes(memory)),
        ]
    )


def _of_which(row: Row) -> str:
    return (
        f"The fastest cell: {row.pack}, {row.seconds:g} s, {row.steps} steps, "
        f"{words.provider(row)}; {len(row.runs_ms)} timed runs."
    )


def _charts(rows: Sequence[Row]) -> list[str]:
    legend = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" '
        f'class="{stage_class(name)}"/></svg>{escaped(name)}</li>'
        for name in stages_of(rows)
    )
    if has_fidelity(rows):
        compared = [row for row in rows if row.fidelity and row.fidelity.kind != "unmeasured"]
        fidelity = figure(fidelity_chart(compared), "Speed and distance to the reference")
    else:
        fidelity = (
            '<p class="soft">Every cell here is the reference itself: float32 on the CPU. '
            "Another provider, or a pack beside <code>--reference</code>, is compared with it.</p>"
        )
    return [
        section("Speed", "", figure(speed_chart(rows), "Speed of every cell")),
        section(
            "Where the time goes",
            "",
            figure(stage_chart(rows), "Stages of every cell"),
            f'<ul class="legend">{legend}</ul>',
        ),
        section("Speed and fidelity", "", fidelity),
    ]


def _times_table(rows: Sequence[Row]) -> str:
    columns = ("cell", "RTF", "mean", "p50", "p95", "p99", "min", "max", "std", "runs", "fidelity")
    body = []
    for row, label in zip(rows, cell_labels(rows), strict=True):
        assert row.total is not None
        total = row.total
        spans = (total.mean, total.p50, total.p95, total.p99, total.min, total.max, total.std)
        body.append(
            [
                label,
                words.times(row.rtf),
                *map(words.milliseconds, spans),
                str(len(row.runs_ms)),
                words.distance(row.fidelity),
            ]
        )
    return table("Warm runs", columns, body)


def _stage_table(rows: Sequence[Row]) -> str:
    names = stages_of(rows)
    body = [
        [
            label,
            *(
                words.milliseconds(row.stages[n].mean) if n in row.stages else words.NONE
                for n in names
            ),
        ]
        for row, label in zip(rows, cell_labels(rows), strict=True)
    ]
    return table("Stages, means", ("cell", *names), body)


def _cold_table(rows: Sequence[Row]) -> str:
    columns = (
        "cell", "start", "import", "open", "first clip", "cold in all", "RSS", "RSS peak",
        "card", "card peak", "energy",
    )  # fmt: skip
    body = []
    for row, label in zip(rows, cell_labels(rows), strict=True):
        cold, memory = row.cold, row.memory
        spans = (
            [cold.start_ms, cold.import_ms, cold.open_ms, cold.first_ms, cold.total_ms]
            if cold
            else [None] * 5
        )
        sizes = (
            [memory.rss_mb, memory.peak_rss_mb, memory.device_mb, memory.peak_device_mb]
            if memory
            else [None] * 4
        )
        body.append(
            [
                label,
                *map(words.milliseconds, spans),
                *map(words.megabytes, sizes),
                words.joules(row),
            ]
        )
    return table("Cold start, memory, and energy of the card for each clip", columns, body)


def _facts(report: Report) -> list[tuple[str, str]]:
    *machine, software = machine_lines(report.machine)
    pairs = [("machine", "; ".join(machine)), ("software", software)]
    pairs += [
        (f"pack {pack.label}", f"{pack.name} {pack.version}, SHA-256 {pack.sha256}")
        for pack in report.packs
    ]
    return [
        *pairs,
        ("protocol", protocol_line(report)),
        ("command", command(report.command)),
        ("date", _date(report)),
    ]
