"""A report's first numbers as a picture to share: 1200 by 630."""

from __future__ import annotations

import io
from collections.abc import Sequence

from descant.runtime.bench import words
from descant.runtime.bench.canvas import Canvas
from descant.runtime.bench.charts import STAGES, stages_of
from descant.runtime.bench.page import headline
from descant.runtime.bench.records import Fidelity, Report, Row, Stats

WIDTH, HEIGHT, EDGE = 1200, 630, 64
PAPER, INK, SOFT, LINE, ACCENT = "#15171c", "#f1efe9", "#a2a8b4", "#31353f", "#78aae6"
COLOURS = (
    "#788192", "#a592dc", "#78aae6", "#56bdae", "#edb75c", "#e78468", "#b5c76e", "#4c515c",
)  # fmt: skip
"""Of the stages, as in the page's dark style."""
NARROWEST = 0.04
"""Stages with a smaller share are not named below the bar."""


def card_png(report: Report) -> bytes:
    """Draw the card of a report's fastest cell.

    Returns:
        A PNG, 1200 by 630.
    """
    canvas = Canvas(WIDTH, HEIGHT, PAPER)
    row = headline(report)
    _head(canvas, report, row)
    if row is None:
        canvas.text(EDGE, 300, "No cell could be measured.", 36, INK)
    else:
        _speed(canvas, row)
        _numbers(canvas, row)
        _stages(canvas, row)
        _foot(canvas, report, row)
    buffer = io.BytesIO()
    canvas.image().save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _head(canvas: Canvas, report: Report, row: Row | None) -> None:
    """What computed the fastest cell in large letters, the rest of the machine below."""
    machine = report.machine
    names = [gpu.name for gpu in machine.gpus[:1]] + [machine.cpu]
    if row is not None and row.device == "cpu":
        names.reverse()
    canvas.text(EDGE, 46, f"descant bench {report.descant}", 22, SOFT)
    canvas.text(WIDTH - EDGE, 46, report.date[:10], 22, SOFT, anchor="right")
    canvas.text(EDGE, 84, names[0], 44, INK, bold=True, width=WIDTH - 2 * EDGE)
    memory = [words.megabytes(machine.memory_mb)] if machine.memory_mb else []
    cores = f"{machine.threads} of {machine.cores} cores"
    line = " · ".join([*names[1:], cores, *memory, machine.os])
    canvas.text(EDGE, 142, line, 22, SOFT, width=WIDTH - 2 * EDGE)


def _speed(canvas: Canvas, row: Row) -> None:
    """The one number: seconds of audio per second."""
    wide = canvas.text(EDGE - 4, 206, words.times(row.rtf), 140, ACCENT, bold=True)
    x = EDGE + wide + 22
    canvas.text(x, 262, "seconds of audio", 26, INK)
    canvas.text(x, 296, "per second", 26, INK)


def _numbers(canvas: Canvas, row: Row) -> None:
    """Four numbers at the right, in two columns."""
    assert row.total is not None
    numbers = (
        (f"a clip of {row.seconds:g} s", words.milliseconds(row.total.p50)),
        ("95 % of clips within", words.milliseconds(row.total.p95)),
        ("cold start", words.milliseconds(row.cold.total_ms if row.cold else None)),
        _memory(row),
    )
    for i, (name, value) in enumerate(numbers):
        x, y = (690, 930)[i % 2], (208, 298)[i // 2]
        canvas.text(x, y, name, 20, SOFT)
        canvas.text(x, y + 26, value, 38, INK, bold=True)


def _memory(row: Row) -> tuple[str, str]:
    """The card's memory where it is known, else the process's."""
    memory = row.memory
    if memory is not None and memory.peak_device_mb:
        return "card memory at most", words.megabytes(memory.peak_device_mb)
    return "memory at most", words.megabytes(memory.peak_rss_mb if memory else None)


def _stages(canvas: Canvas, row: Row) -> None:
    """One bar, its parts as long as the stages take, with names below those that are wide."""
    names = stages_of([row])
    whole = max(sum(row.stages[name].mean for name in names), 1e-9)
    room = WIDTH - 2 * EDGE
    parts = [(row.stages[name].mean / whole * room, _colour(name)) for name in names]
    canvas.stacked(EDGE, 418, 26, parts)
    x = float(EDGE)
    free = x
    for name, (wide, _) in zip(names, parts, strict=True):
        start = max(x, free)
        if wide >= NARROWEST * room and start < WIDTH - EDGE - 150:
            free = start + 22 + _stage_name(canvas, start, name, row.stages[name])
        x += wide


def _stage_name(canvas: Canvas, x: float, name: str, stage: Stats) -> float:
    """Write a stage's name and time; return how wide that is."""
    canvas.dot(x + 6, 466, 6, _colour(name))
    wide = canvas.text(x + 20, 454, name, 20, INK)
    return 20 + wide + 8 + canvas.text(x + 28 + wide, 454, words.milliseconds(stage.mean), 20, SOFT)


def _colour(name: str) -> str:
    return COLOURS[STAGES.index(name)] if name in STAGES else COLOURS[-1]


def _foot(canvas: Canvas, report: Report, row: Row) -> None:
    pack = next(pack for pack in report.packs if pack.label == row.pack)
    canvas.line(EDGE, 512, WIDTH - EDGE, LINE)
    columns: Sequence[tuple[int, int, str, str]] = (
        (EDGE, 330, "pack", f"{pack.id} {pack.version} · {pack.sha256[:8]}"),
        (430, 230, "computed by", f"{words.provider(row)}, {row.steps} steps"),
        (690, 446, "fidelity to float32 on the CPU", _fidelity(row.fidelity)),
    )
    for x, wide, name, value in columns:
        canvas.text(x, 530, name, 18, SOFT)
        canvas.text(x, 556, value, 22, INK, width=wide)


def _fidelity(fidelity: Fidelity | None) -> str:
    if fidelity is None or fidelity.kind == "unmeasured":
        return "unmeasured"
    if fidelity.kind == "reference":
        return "this is the reference"
    cosine = fidelity.clmp_cosine
    heard = "" if cosine is None else f" · CLMP cosine {cosine:.4f}"
    return f"log-mel {fidelity.mel_nats or 0.0:.3g} nats{heard}"
