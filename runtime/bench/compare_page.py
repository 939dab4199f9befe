"""Two reports on one page."""

from __future__ import annotations

from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.bars import Bars
from descant.runtime.bench.compare import Comparison, Pair
from descant.runtime.bench.html_parts import document, facts, figure, heading, notes, section, table
from descant.runtime.bench.labels import cell_labels
from descant.runtime.bench.page import machine_title
from descant.runtime.bench.records import Report
from descant.runtime.bench.svg import escaped, ticks
from descant.runtime.bench.tables import machine_lines

PAIR_ROW, PAIR_BAR = 52.0, 17.0


def comparison_page(found: Comparison) -> str:
    """Return the page."""
    titles = [machine_title(report.machine) for report in (found.one, found.other)]
    body = [heading("descant bench compare", f"A: {titles[0]}\nB: {titles[1]}", [])]
    if found.warnings:
        body.append(section("Be careful", "", notes(found.warnings)))
    if found.pairs:
        legend = (
            '<ul class="legend"><li>' + _swatch("bar") + "A</li><li>" + _swatch("bar other") + "B"
            "</li></ul>"
        )
        drawing = figure(_chart(found.pairs), "Speed of both, by cell")
        body.append(section("Speed", "", legend, drawing))
        body.append(section("Every cell", _how_judged(), _table(found.pairs)))
    else:
        body.append(section("Speed", "The two have no cell in common."))
    if found.alone:
        body.append(section("On one side only", "", notes(found.alone)))
    sides = [("A", _told(found.one)), ("B", _told(found.other))]
    body.append(section("Measured on", "", facts([*sides, ("RTF", found.one.rtf_means)])))
    return document(f"descant bench: {titles[0]} and {titles[1]}", body)


def _how_judged() -> str:
    return (
        "B / A is how many times as fast B is. Where the middle halves of the runs overlap, the "
        "two are the same within noise."
    )


def _swatch(kind: str) -> str:
    return (
        '<svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" '
        f'class="{escaped(kind)}"/></svg>'
    )


def _chart(pairs: Sequence[Pair]) -> str:
    """Draw two bars of RTF for each cell."""
    labels = cell_labels([pair.one for pair in pairs])
    fastest = max(max(pair.one.rtf or 0.0, pair.other.rtf or 0.0) for pair in pairs)
    chart = Bars(
        labels, ticks(max(fastest, 1.0)), "seconds of audio per second",
        "Seconds of audio per second, A and B by cell", "Bars in pairs; longer is faster.",
        PAIR_ROW,
    )  # fmt: skip
    for i, (pair, label) in enumerate(zip(pairs, labels, strict=True)):
        for row, side, kind, shift in (
            (pair.one, "A", "bar", -PAIR_BAR / 2 - 1),
            (pair.other, "B", "bar other", PAIR_BAR / 2 + 1),
        ):
            rtf = row.rtf or 0.0
            tip = f"{label}: {side} {words.times(rtf)}"
            chart.bar(i, 0.0, rtf, kind, tip, height=PAIR_BAR, shift=shift)
            chart.value(i, rtf, words.times(rtf), shift)
    return chart.svg.render()


def _table(pairs: Sequence[Pair]) -> str:
    columns = (
        "cell", "A: RTF", "B: RTF", "A: p50", "B: p50", "B / A", "verdict", "A: fidelity",
        "B: fidelity",
    )  # fmt: skip
    labels = cell_labels([pair.one for pair in pairs])
    body, kinds = [], []
    for pair, label in zip(pairs, labels, strict=True):
        sides = (pair.one, pair.other)
        body.append(
            [
                label,
                *(words.times(row.rtf) for row in sides),
                *(words.milliseconds(row.total.p50 if row.total else None) for row in sides),
                f"{pair.ratio:.2f}",
                pair.told,
                *(words.distance(row.fidelity) for row in sides),
            ]
        )
        kinds.append({"faster": "good", "slower": "bad"}.get(pair.verdict, ""))
    return table("Both sides", columns, body, kinds, columns.index("verdict"))


def _told(report: Report) -> str:
    packs = ", ".join(f"{pack.id} {pack.version} ({pack.sha256[:8]})" for pack in report.packs)
    lines = "; ".join(machine_lines(report.machine))
    date = report.date.replace("T", " ").replace("Z", " UTC")
    return f"{lines}; descant {report.descant}; {packs}; {date}"
