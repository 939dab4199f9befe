"""A process of its own that builds an engine: ``python -m tests.export.engine_worker``.

It tells the moments that its parent waits for on standard output, and its result as the last line.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from descant.export import engine_builder, engines
from tests.export.engine_tools import SMALL, build

SLOW = 1.0
"""Seconds that a build takes longer, so that two of them meet."""


def stop_in_write(number: int) -> None:
    """Say "writing" and wait to be killed in the middle of writing the n-th file."""
    done, calls = os.fsync, itertools.count(1)

    def stop(descriptor: int) -> None:
        done(descriptor)
        if next(calls) == number:
            print("writing", flush=True)  # noqa: T201 - the parent reads it
            time.sleep(600)

    setattr(os, "fsync", stop)  # noqa: B010 - in place of the real one


def build_slowly() -> None:
    """Let a build take longer, and tell when it begins."""
    done = engine_builder.build_plan

    def slow(*arguments: Any) -> memoryview:
        print("building", flush=True)  # noqa: T201 - the parent reads it
        time.sleep(SLOW)
        return done(*arguments)

    setattr(engines, "build_plan", slow)  # noqa: B010 - in place of the real one


def main(folder: str, profile: str, stop_at: str) -> None:
    """Build one engine of the starter."""
    if int(stop_at):
        stop_in_write(int(stop_at))
    else:
        build_slowly()
    (made,) = build("starter", Path(folder), SMALL, profile=profile)
    print(json.dumps({"reused": made.reused, "reason": made.reason}))  # noqa: T201 - its result


if __name__ == "__main__":
    main(*sys.argv[1:])
