"""``descant doctor``."""

from __future__ import annotations

import argparse
from typing import Any

from descant.runtime.cli.console import print_json

Lines = list[tuple[str, str]]
"""A label and what is said of it; an empty label goes on with the last one."""


def run(options: argparse.Namespace) -> int:
    """Print what was found; 0 when music can be made, 1 otherwise."""
    from descant.runtime.doctor import examine

    report = examine(options.pack)
    if options.json:
        print_json(report)
    else:
        for label, text in summary(report):
            print(f"{label:10}{text}")
    return 0 if report["ok"] else 1


def summary(report: dict[str, Any]) -> Lines:
    """Return the findings as short lines."""
    found = report["system"]
    numbers = [f"{name} {number}" for name, number in report["versions"].items()]
    lines: Lines = [
        ("versions", ", ".join(numbers[:4])),
        *(("", ", ".join(numbers[i : i + 3])) for i in range(4, len(numbers), 3)),
        ("system", found["os"]),
        ("cpu", f"{found['cpu']}, {found['cores']} cores"),
        ("", " ".join(found["features"] or ["features unknown"])),
        ("memory", f"{_mb(found['free_mb'])} free of {_mb(found['memory_mb'])}"),
        *_cards(report["nvidia"]),
        *_labelled("devices", [_provider(row) for row in report["providers"]]),
        ("auto", f"takes {report['device']}"),
        *(("", f"warning: {warning}") for warning in report["warnings"]),
        ("kernels", report["kernels"]["reason"]),
        *_labelled("packs", [_pack(row) for row in report["packs"]]),
        *_labelled("engines", _engines(report["engines"])),
    ]
    for folder in report["folders"]:
        verdict = "can be written" if folder["writable"] else "can't be written"
        lines.append((folder["purpose"], f"{folder['path']} {verdict}"))
    return [*lines, ("verdict", "music can be made" if report["ok"] else "no music can be made")]


def _labelled(label: str, texts: list[str]) -> Lines:
    return [(label if place == 0 else "", text) for place, text in enumerate(texts)]


def _cards(nvidia: dict[str, Any]) -> Lines:
    if not nvidia["cards"]:
        return [("nvidia", nvidia["reason"])]
    told = [
        f"{card['name']}, compute capability {card['capability'] // 10}.{card['capability'] % 10}, "
        f"{_mb(card['free_mb'])} free of {_mb(card['memory_mb'])}"
        for card in nvidia["cards"]
    ]
    driver = f"driver {nvidia['driver'] or 'of unknown version'}, CUDA {nvidia['cuda']}"
    return _labelled("nvidia", [driver, *told])


def _provider(row: dict[str, Any]) -> str:
    """One device: what it is, and how the trial went."""
    trial = row["trial"]
    if trial is None:
        hint = f" ({row['hint']})" if row["hint"] else ""
        return f"{row['device']:10}no   {row['reason']}{hint}"
    if "error" in trial:
        return f"{row['device']:10}FAIL {trial['error']}"
    against = ""
    if "difference" in trial:
        verdict = "like the CPU's" if trial["same"] else "NOT like the CPU's"
        against = f", {verdict}: {trial['difference']:.0e} apart"
    made = f"1 s of music in {trial['seconds']:.2f} s with loading{against}"
    return f"{row['device']:10}yes  {row['reason']}: {made}"


def _pack(row: dict[str, Any]) -> str:
    if not row["verified"]:
        return f"{row['id']}: {row['error']}"
    size = row["size_bytes"] / 1e6
    return (
        f"{row['id']} {row['version']}, {size:.1f} MB, {row['sha256'][:12]}, whole: {row['path']}"
    )


def _engines(rows: list[dict[str, Any]]) -> list[str]:
    """Engines that were built; a line for all that are not there would hide them."""
    built = [row for row in rows if row["ok"] or row["reason"] != "none was built"]
    if not built:
        return ["none were built ahead of time"]
    return [
        f"{row['pack']} {row['graph']} for {row['device']}: "
        f"{'ready' if row['ok'] else 'not used'}, {row['reason']}"
        for row in built
    ]


def _mb(size: int | None) -> str:
    if size is None:
        return "unknown"
    return f"{size / 1000:.1f} GB"
