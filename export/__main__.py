"""``python -m descant.export starter``: checkpoints of the training phases -> the starter pack."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from descant.export.errors import ExportError
from descant.export.starter import export_starter


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m descant.export", description=__doc__)
    parser.add_argument("what", choices=["starter"])
    parser.add_argument("--training", type=Path, default=Path("build/training"))
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the pack")
    parser.add_argument("--pack-version", required=True, help="version of the weights")
    parser.add_argument("--melodies", type=int, default=6000, help="size of the melody library")
    parser.add_argument("--hardware", default=f"CPU ({platform.machine()})")
    options = parser.parse_args(arguments)
    try:
        export_starter(
            options.training,
            options.output,
            options.pack_version,
            options.hardware,
            options.melodies,
            _say,
        )
    except (ExportError, FileNotFoundError) as error:
        _say(f"error: {error}")
        return 2
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
