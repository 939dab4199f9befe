"""A process that fills a library until it is killed, and says what it was promised.

Each line of its output is JSON: ``["added", id, title]``, ``["renamed", id, title]`` or
``["deleted", id]``, written after the library's method has returned.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from descant.desktop.library import Library
from tests.desktop.takes import make_clip


def fill(folder: Path, count: int, first_seed: int = 0) -> None:
    """Add, rename and delete takes, ``count`` rounds of it."""
    library = Library(folder)
    say("open")
    for seed in range(first_seed, first_seed + count):
        take = library.add(make_clip(f"tune {seed}", seconds=2.0, seed=seed, notes=True))
        say("added", take.id, take.title)
        if seed % 3 == 0:
            say("renamed", take.id, library.rename(take.id, f"renamed {seed}").title)
        if seed % 5 == 0:
            library.delete(take.id)
            say("deleted", take.id)
    library.close()


def say(*words: Any) -> None:
    """Write a line at once."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
