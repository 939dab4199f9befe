"""Kill a process that fills a library, and look at what is left."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from descant.desktop.library import Library
from descant.runtime import read_receipt


@dataclass
class Promises:
    """What a library has said that it keeps."""

    titles: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)

    def hear(self, line: str) -> None:
        """Take note of a line of the worker; one that was cut short by its death says nothing."""
        try:
            what, *rest = json.loads(line)
        except ValueError:
            return
        if what in ("added", "renamed"):
            self.titles[rest[0]] = rest[1]
        elif what == "deleted":
            self.deleted.add(rest[0])


def start_worker(folder: Path, count: int, first_seed: int = 0) -> subprocess.Popen[str]:
    """Start a process that fills a library."""
    command = [sys.executable, "-m", "tests.desktop.library_worker"]
    return subprocess.Popen(
        [*command, str(folder), str(count), str(first_seed)], stdout=subprocess.PIPE, text=True
    )


def kill_once(folder: Path, promises: Promises, seed: int) -> None:
    """Let a worker open the library and kill it within the next second."""
    worker = start_worker(folder, 10_000, seed * 10_000)
    assert worker.stdout is not None
    worker.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.0, 1.0))
    worker.kill()
    rest, _ = worker.communicate(timeout=60)
    for line in rest.splitlines():
        promises.hear(line)


def problems(folder: Path, promises: Promises) -> list[str]:
    """Open a library and return what is wrong with it."""
    library = Library(folder)
    takes = {take.id: take for take in [*library.takes(limit=10**6)]}
    gone = {take.id: take for take in library.takes(limit=10**6, deleted=True)}
    known = takes | gone
    found = []
    for number, title in promises.titles.items():
        if number not in known:
            found.append(f"take {number} was promised and is lost")
        # A change that the worker did not live to report may have been made.
        elif title != known[number].title and not known[number].title.startswith("renamed"):
            found.append(f"take {number} is called {known[number].title!r}, not {title!r}")
    found += [f"take {n} came back from the dead" for n in promises.deleted & takes.keys()]
    for take in known.values():
        samples, _ = library.load_samples(take.id)
        if samples.shape[1] != 16_000 or library.load_notes(take.id) is None:
            found.append(f"take {take.id} is not whole")
        if read_receipt(take.path) is None:
            found.append(f"take {take.id} has no receipt")
    files = {path.name for path in (folder / "takes").iterdir()}
    wanted = {p.name for t in known.values() for p in (t.path, t.path.with_suffix(".json"))}
    found += [f"{name} belongs to nobody" for name in sorted(files - wanted)]
    found += [f"{name} is gone" for name in sorted(wanted - files)]
    if library.found.set_aside is not None:
        found.append("the database was damaged")
    library.close()
    return found
