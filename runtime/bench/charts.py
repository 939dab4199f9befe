"""The charts of a report's page: speed, where the time goes, speed beside fidelity."""

from __future__ import annotations

from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.bars import TOP, WIDTH, Bars
from descant.runtime.bench.labels import Labels, cell_labels
from descant.runtime.bench.records import Row
from descant.runtime.bench.svg import Svg, ticks

STAGES = ("prepare", "condition", "sample", "decode", "vocode", "rank", "finish", "other")
"""In the order of the pipeline; each has its colour in the page's style."""


def speed_chart(rows: Sequence[Row]) -> str:
    """Draw one bar of RTF per cell, with the middle half of its runs."""
    labels = cell_labels(rows)
    chart = Bars(
        labels,
        ticks(max(max(_slow_and_fast(row)[1] for row in rows), 1.0)),
        "seconds of audio per second; dashed: real time",
        "Seconds of audio per second, by cell",
        "Bars; longer is faster. A thin line over each spans the middle half of its runs.",
    )
    chart.svg.line(chart.x(1), TOP, chart.x(1), chart.bottom, "real")
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        rtf, middle = row.rtf or 0.0, chart.middle(i)
        slow, fast = _slow_and_fast(row)
        chart.bar(i, 0.0, rtf, "bar", f"{label}: {words.times(rtf)}")
        chart.svg.line(chart.x(slow), middle, chart.x(fast), middle, "spread")
        chart.value(i, max(rtf, fast), words.times(rtf))
    return chart.svg.render()


def stage_chart(rows: Sequence[Row]) -> str:
    """Draw each cell's stages end to end, as shares of its mean run."""
    labels = cell_labels(rows)
    chart = Bars(
        labels,
        (0, 25, 50, 75, 100),
        "percent of the mean run, whose length stands at the right",
        "Share of each stage, by cell",
        "Stacked bars of one length. The table of stages has the same numbers in milliseconds.",
    )
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        whole = sum(stage.mean for stage in row.stages.values())
        start = 0.0
        for name in sorted(row.stages, key=_place):
            spent = row.stages[name].mean
            end = start + 100.0 * spent / max(whole, 1e-9)
            tip = f"{label}: {name} {words.milliseconds(spent)}, {end - start:.0f} %"
            chart.bar(i, start, end, stage_class(name), tip)
            start = end
        chart.value(i, 100.0, words.milliseconds(whole))
    return chart.svg.render()


def fidelity_chart(rows: Sequence[Row]) -> str:
    """Draw speed to the right and distance to the reference upwards; needs rows with both."""
    left, top, right, bottom, height = 52.0, 30.0, WIDTH - 24.0, 286.0, 338.0
    across = ticks(max(row.rtf or 0.0 for row in rows))
    upwards = ticks(max(max(_nats(row) for row in rows), 0.01), 4)
    svg = Svg(
        WIDTH, height, "Speed and distance to the reference",
        "Points; right is faster, low is nearer to what the CPU makes in float32.",
    )  # fmt: skip
    for tick in upwards:
        y = bottom - tick / upwards[-1] * (bottom - top)
        svg.line(left, y, right, y, "grid")
        svg.text(left - 10, y + 4, f"{tick:g}", "axis", "end")
    for tick in across:
        x = left + tick / across[-1] * (right - left)
        svg.text(x, bottom + 20, f"{tick:g}", "axis", "middle")
    points = [
        (
            left + (row.rtf or 0.0) / across[-1] * (right - left),
            bottom - _nats(row) / upwards[-1] * (bottom - top),
        )
        for row in rows
    ]
    names = Labels(svg, (left, top - 12, WIDTH, bottom), points)
    for row, label, (x, y) in zip(rows, cell_labels(rows), points, strict=True):
        is_reference = row.fidelity is not None and row.fidelity.kind == "reference"
        tip = f"{label}: {words.times(row.rtf)}, {words.distance(row.fidelity)}"
        svg.dot(x, y, 5.5, "hollow" if is_reference else "dot", tip)
        names.place(x, y, label)
    svg.text(0, 12, "log-mel distance in nats; lower is nearer", "axis")
    axis = "seconds of audio per second; further right is faster; hollow: the reference"
    svg.text(left, bottom + 44, axis, "axis")
    return svg.render()


def has_fidelity(rows: Sequence[Row]) -> bool:
    """Whether anything but references has been compared."""
    return any(row.fidelity is not None and row.fidelity.kind == "measured" for row in rows)


def stage_class(name: str) -> str:
    """Return the style of a stage; one that is not known looks like the rest."""
    return f"s{min(_place(name), len(STAGES) - 1)}"


def stages_of(rows: Sequence[Row]) -> list[str]:
    """Return all stages that occur, in the order of the pipeline."""
    return sorted({name for row in rows for name in row.stages}, key=lambda n: (_place(n), n))


def _slow_and_fast(row: Row) -> tuple[float, float]:
    """Return the RTF of the slow and of the fast end of the middle half."""
    assert row.total is not None
    rtf, median = row.rtf or 0.0, row.total.p50
    return rtf * median / max(row.total.p75, 1e-9), rtf * median / max(row.total.p25, 1e-9)


def _nats(row: Row) -> float:
    return (row.fidelity.mel_nats if row.fidelity else None) or 0.0


def _place(name: str) -> int:
    return STAGES.index(name) if name in STAGES else len(STAGES)
