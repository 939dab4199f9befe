"""``python -m descant.export starter|judge|recover``: checkpoints of the training -> the starter
pack, or the judge that ``descant eval`` measures music by; and a pack -> checkpoints."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from descant.models import judge
from descant.runtime.errors import DescantError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.what == "starter" and not (options.output and options.pack_version):
        parser.error("a starter pack needs --output and --pack-version")
    if options.graphs and not options.base:
        parser.error("--graphs needs --base, which gives the others")
    if options.what == "recover" and not options.pack:
        parser.error("recover needs --pack")
    try:
        _WAYS[options.what](options)
    except (DescantError, FileNotFoundError) as error:
        _say(f"error: {error}")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m descant.export", description=__doc__)
    parser.add_argument("what", choices=sorted(_WAYS))
    parser.add_argument("--training", type=Path, default=Path("build/training"))
    parser.add_argument("-o", "--output", type=Path, help="folder; the judge has its own")
    parser.add_argument("--pack", type=Path, help="recover: the pack whose weights are wanted")
    parser.add_argument("--pack-version", help="starter: version of the weights")
    parser.add_argument("--melodies", type=int, default=6000, help="starter: size of its library")
    parser.add_argument("--hardware", default=f"CPU ({platform.machine()})")
    parser.add_argument(
        "--base", help="starter: pack whose graphs are kept where a phase has no checkpoint"
    )
    parser.add_argument(
        "--graphs", help="starter, with --base: the only graphs to make anew, with commas between"
    )
    return parser


# Each imports networks and phases that the others have no use for.


def _judge(options: argparse.Namespace) -> None:
    from descant.export.judge_graph import export_judge

    folder = options.output or Path(judge.__file__).parent
    export_judge(options.training, folder, options.hardware, _say)


def _recover(options: argparse.Namespace) -> None:
    from descant.export.recover import recover_checkpoints

    recover_checkpoints(options.pack, options.training, _say)


def _starter(options: argparse.Namespace) -> None:
    from descant.export.starter import StarterOptions, export_starter

    asked = StarterOptions(
        options.training,
        options.output,
        options.pack_version,
        options.hardware,
        options.melodies,
        options.base,
        tuple(name for name in (options.graphs or "").split(",") if name),
    )
    export_starter(asked, _say)


_WAYS: dict[str, Callable[[argparse.Namespace], None]] = {
    "starter": _starter,
    "judge": _judge,
    "recover": _recover,
}


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
