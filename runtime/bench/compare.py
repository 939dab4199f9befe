"""Two reports side by side: matching cells, how many times as fast, and whether that means much."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from descant.runtime.bench import words
from descant.runtime.bench.records import PackInfo, Report, Row
from descant.runtime.bench.tables import machine_lines, markdown_table

Verdict = Literal["faster", "slower", "same", "unclear"]
FEWEST_RUNS = 5
"""With fewer on either side the middle half says nothing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One cell on both sides."""

    label: str
    one: Row
    other: Row
    ratio: float
    """How many times as fast the second is: its RTF over that of the first."""
    verdict: Verdict
    """Of the second; ``same`` when the middle halves of the runs overlap."""

    @property
    def told(self) -> str:
        """The verdict in words."""
        if self.verdict == "same":
            return "same within noise"
        if self.verdict == "unclear":
            return "too few runs to tell"
        return f"B is {self.verdict}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What there is to say of two reports."""

    one: Report
    other: Report
    pairs: tuple[Pair, ...]
    alone: tuple[str, ...]
    """Cells that only one side has measured."""
    warnings: tuple[str, ...]
    """Reasons why the two may not be comparable."""


def compare_reports(one: Report, other: Report) -> Comparison:
    """Match cells by pack, length, steps and provider."""
    names = _matching_packs(one, other)
    theirs = {row.key: row for row in other.rows if row.total is not None}
    pairs, alone = [], []
    for row in one.rows:
        if row.total is None:
            continue
        key = (names.get(row.pack, ""), *row.key[1:])
        found = theirs.pop(key, None)
        if found is None:
            alone.append(f"only A has {_label(row)}")
        else:
            pairs.append(_pair(row, found))
    alone += [f"only B has {_label(row)}" for row in theirs.values()]
    return Comparison(one, other, tuple(pairs), tuple(alone), _warnings(one, other, pairs, names))


def _matching_packs(one: Report, other: Report) -> dict[str, str]:
    """Map labels of the first report to those of the second: the same pack, or one of its id."""
    found = {}
    for pack in one.packs:
        same = [p for p in other.packs if p.sha256 == pack.sha256]
        same = same or [p for p in other.packs if (p.id, p.version) == (pack.id, pack.version)]
        same = same or [p for p in other.packs if p.id == pack.id]
        if len(same) == 1:
            found[pack.label] = same[0].label
    return found


def _pair(one: Row, other: Row) -> Pair:
    assert one.total is not None
    assert other.total is not None
    ratio = round((other.rtf or 0.0) / max(one.rtf or 0.0, 1e-9), 4)
    apart = one.total.p75 < other.total.p25 or other.total.p75 < one.total.p25
    verdict: Verdict = "same"
    if min(len(one.runs_ms), len(other.runs_ms)) < FEWEST_RUNS:
        verdict = "unclear"
    elif apart:
        verdict = "faster" if other.total.p50 < one.total.p50 else "slower"
    return Pair(_label(one), one, other, ratio, verdict)


def _label(row: Row) -> str:
    return f"{row.pack}, {row.seconds:g} s, {row.steps} steps, {row.provider}"


def _warnings(
    one: Report, other: Report, pairs: list[Pair], names: dict[str, str]
) -> tuple[str, ...]:
    found = []
    if one.descant != other.descant:
        found.append(f"versions of descant differ: {one.descant} and {other.descant}")
    a, b = one.protocol, other.protocol
    if (a.prompt, a.seed) != (b.prompt, b.seed):
        found.append("prompt or seed differ: the two did not make the same music")
    if a.quick != b.quick:
        found.append("one of the two is a quick bench")
    packs = {pack.label: pack for pack in one.packs}
    for label, theirs in names.items():
        pack = next(p for p in other.packs if p.label == theirs)
        found += _pack_warnings(packs[label], pack)
    for pair in pairs:
        if pair.one.samples != pair.other.samples:
            found.append(f"{pair.label}: clips of different lengths")
        if pair.one.device != pair.other.device:
            found.append(f"{pair.label}: computed by {pair.one.device} and {pair.other.device}")
    for side, report in (("A", one), ("B", other)):
        if not report.complete:
            found.append(f"{side} was interrupted")
    return tuple(found)


def _pack_warnings(one: PackInfo, other: PackInfo) -> list[str]:
    if one.sha256 == other.sha256:
        return []
    return [
        f"the packs {one.id!r} differ: {one.version} ({one.sha256[:8]}) and "
        f"{other.version} ({other.sha256[:8]})"
    ]


def comparison_text(found: Comparison) -> str:
    """Return a comparison as a table, with what to be careful about below."""
    lines = [
        f"A: {', '.join(machine_lines(found.one.machine)[:-1])} ({found.one.date})",
        f"B: {', '.join(machine_lines(found.other.machine)[:-1])} ({found.other.date})",
        "",
    ]
    columns = ("cell", "A: RTF", "B: RTF", "A: p50", "B: p50", "B / A", "verdict")
    body = [
        [
            pair.label,
            words.times(pair.one.rtf),
            words.times(pair.other.rtf),
            words.milliseconds(pair.one.total.p50 if pair.one.total else None),
            words.milliseconds(pair.other.total.p50 if pair.other.total else None),
            f"{pair.ratio:.2f}",
            pair.told,
        ]
        for pair in found.pairs
    ]
    lines += markdown_table(columns, body) if body else ["The two have no cell in common."]
    lines += ["", f"RTF: {found.one.rtf_means}"]
    lines += [f"warning: {warning}" for warning in found.warnings]
    return "\n".join([*lines, *found.alone]) + "\n"


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values."""
    return {
        "a": {"machine": asdict(found.one.machine), "date": found.one.date},
        "b": {"machine": asdict(found.other.machine), "date": found.other.date},
        "rtf_means": found.one.rtf_means,
        "cells": [
            {
                "cell": pair.label,
                "rtf_a": pair.one.rtf,
                "rtf_b": pair.other.rtf,
                "ratio": pair.ratio,
                "verdict": pair.verdict,
            }
            for pair in found.pairs
        ],
        "alone": list(found.alone),
        "warnings": list(found.warnings),
    }
