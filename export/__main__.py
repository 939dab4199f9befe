"""``python -m descant.export starter|judge``: checkpoints of the training -> the starter pack, or
the judge that ``descant eval`` measures music by."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from descant.models import judge
from descant.runtime.errors import DescantError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m descant.export", description=__doc__)
    parser.add_argument("what", choices=["starter", "judge"])
    parser.add_argument("--training", type=Path, default=Path("build/training"))
    parser.add_argument("-o", "--output", type=Path, help="folder; the judge has its own")
    parser.add_argument("--pack-version", help="starter: version of the weights")
    parser.add_argument("--melodies", type=int, default=6000, help="starter: size of its library")
    parser.add_argument("--hardware", default=f"CPU ({platform.machine()})")
    parser.add_argument(
        "--base", help="starter: pack whose graphs are kept where a phase has no checkpoint"
    )
    options = parser.parse_args(arguments)
    if options.what == "starter" and not (options.output and options.pack_version):
        parser.error("a starter pack needs --output and --pack-version")
    # Each imports networks and phases that the other has no use for.
    try:
        if options.what == "judge":
            from descant.export.judge_graph import export_judge

            folder = options.output or Path(judge.__file__).parent
            export_judge(options.training, folder, options.hardware, _say)
        else:
            from descant.export.starter import StarterOptions, export_starter

            asked = StarterOptions(
                options.training,
                options.output,
                options.pack_version,
                options.hardware,
                options.melodies,
                options.base,
            )
            export_starter(asked, _say)
    except (DescantError, FileNotFoundError) as error:
        _say(f"error: {error}")
        return 2
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
