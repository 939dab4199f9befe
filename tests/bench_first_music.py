"""Measure what a pack can do and print it beside what was asked.

``python -m tests.bench_first_music [--pack NAME] [--requests N] [--only speed,tempo]``

Needs the extra ``test``, torch, tinysoundfont and, for the section ``melody``,
``pip install --no-deps basic-pitch``. Clips are kept in ``--work``, so a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tests.bench.context import Bench
from tests.bench.figures import Figure, table

SECTIONS = {
    "speed": "speed:measure_speed",
    "health": "health:measure_health",
    "tempo": "requests:measure_tempos",
    "key": "requests:measure_keys",
    "lead": "requests:measure_leads",
    "melody": "tunes:measure_melodies",
    "retrieval": "embeddings:measure_retrieval",
    "reconstruction": "reconstruction:measure_reconstruction",
    "frechet": "embeddings:measure_frechet",
    "looks": "looks:measure_looks",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen sections; return 1 when a figure was missed."""
    options = _parser().parse_args(arguments)
    begin = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - begin:6.0f} s] {line}", file=sys.stderr, flush=True)

    bench = Bench(
        pack=None if options.pack == "none" else options.pack,
        requests=options.requests,
        work=options.work,
        say=say,
        workers=options.workers,
        threads=options.threads,
        catalogue=options.catalogue,
        plots=options.plots,
        env=options.env,
    )
    figures: list[Figure] = []
    try:
        for name in options.only or SECTIONS:
            say(name)
            figures += _section(name)(bench)
    finally:
        bench.close()
    print(table(figures))
    if options.json:
        report = [figure.to_json() for figure in figures]
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    say("done")
    return int(any(figure.verdict == "MISSED" for figure in figures))


def _section(name: str) -> Callable[[Bench], list[Figure]]:
    """Import a section only when it runs: each needs other packages."""
    module, function = SECTIONS[name].split(":")
    section: Callable[[Bench], list[Figure]] = getattr(
        import_module(f"tests.bench.{module}"), function
    )
    return section


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not one of {', '.join(SECTIONS)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_first_music", description="Measure a pack."
    )
    add = parser.add_argument
    add("--pack", default="starter", help="name, folder or file; 'none' for the ceilings alone")
    add("--requests", type=int, default=200, help="held-out requests, and random ones")
    add("--only", type=_names, metavar="NAME,…", help=f"sections: {', '.join(SECTIONS)}")
    add("--json", type=Path, metavar="FILE", help="write the figures here too")
    add("--work", type=Path, default=Path("build/bench"), help="where clips are kept")
    add("--catalogue", type=int, default=1000, help="real clips among which retrieval searches")
    add("--plots", type=Path, metavar="DIR", help="draw ten generated clips here")
    add("--env", type=Path, metavar="DIR", help="a lean environment whose size to measure")
    add("--workers", type=int, default=2, help="processes that render and listen")
    add("--threads", type=int, default=2, help="CPU threads of the networks")
    return parser


if __name__ == "__main__":
    sys.exit(main())
