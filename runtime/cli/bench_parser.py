"""The words of ``descant bench``."""

from __future__ import annotations

import argparse

from descant.runtime.cli import bench

PROMPT, SEED = "calm piano in the rain", 7
TIMEOUT_S = 900.0


def add_bench(parser: argparse.ArgumentParser, kind: type[argparse.ArgumentParser]) -> None:
    """Add the options of a bench and the command ``compare``, whose parser is of ``kind``."""
    parser.set_defaults(run=bench.run)
    _add_grid(parser)
    _add_protocol(parser)
    add = parser.add_argument
    add("--json", nargs="?", const=bench.STDOUT, metavar="FILE", help="report; stdout by default")
    add("--csv", metavar="FILE", help="a line per cell")
    add("--markdown", metavar="FILE", help="the table that is printed otherwise")
    add("--html", metavar="FILE", help="a page with charts that needs nothing else")
    add("--card", metavar="FILE.png", help="a picture to share, 1200 x 630")
    add("--progress", action="store_true", help="tell a program how far it is, by lines of JSON")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=kind)
    compare = commands.add_parser("compare", help="two reports side by side")
    compare.set_defaults(run=bench.compare)
    compare.add_argument("one", metavar="A.json")
    compare.add_argument("other", metavar="B.json")
    # Without a default of its own it leaves alone what stood before the word "compare".
    compare.add_argument("--html", default=argparse.SUPPRESS, metavar="FILE", help="as a page")
    compare.add_argument(
        "--json", action="store_true", dest="as_json", help="print one JSON object"
    )


def _add_grid(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--pack", action="append", metavar="PACK", help="name, folder or file; may be repeated")
    add("--seconds", type=_numbers, metavar="LIST", help="lengths of clips, such as 10,30")
    add("--steps", type=_whole_numbers, metavar="LIST", help="solver steps, such as 4,8")
    add("--provider", type=_names, metavar="LIST", help="what computes; cpu,auto by default")
    add("--reference", metavar="PACK", help="whose clips on the CPU all others are compared with")
    add("--prompt", default=PROMPT, metavar="TEXT", help="what every clip plays")
    add("--seed", type=int, default=SEED, metavar="N", help="of every clip")
    add("--threads", type=int, metavar="N", help="cores to use; all by default")


def _add_protocol(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--quick", action="store_true", help="fewer runs: a first impression")
    add("--runs", type=int, metavar="N", help="timed runs of each cell, 30 by default")
    add("--warm-ups", type=int, metavar="N", help="untimed runs before them, 3 by default")
    add("--budget-s", type=float, metavar="N", help="begin no run after this time, 120 by default")
    add(
        "--timeout-s", type=float, default=TIMEOUT_S, metavar="N",
        help="give a cell up after this long without a sign of life, 900 by default",
    )  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not names:
        raise argparse.ArgumentTypeError("a list can't be empty")
    return names


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in _names(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not like 10,30") from error


def _whole_numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in _names(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not like 4,8") from error
