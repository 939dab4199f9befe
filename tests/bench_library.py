"""How long the library takes, and whether it survives being killed.

python -m tests.bench_library --takes 1000 --kills 100
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from descant.desktop.library import Library
from tests.desktop.library_kills import Promises, kill_once, problems
from tests.desktop.takes import make_clip

WORDS = ("calm", "bright", "rain", "piano", "strings", "waltz", "night", "boss", "slow", "drums")


def main() -> int:
    """Fill a library, time it, kill its writers; return 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.takes:
            measure(Path(folder) / "speed", asked.takes)
        return kill(Path(folder) / "kills", asked.kills)


def measure(folder: Path, count: int) -> None:
    """Print milliseconds of what a person waits for, on a library of ``count`` takes."""
    library = Library(folder)
    begin = time.perf_counter()
    for i in range(count):
        prompt = f"{WORDS[i % 10]} {WORDS[i // 10 % 10]} {WORDS[i // 100 % 10]} number {i}"
        take = library.add(make_clip(prompt, 10.0, i))
        if i % 10 == 0:
            library.set_tags(take.id, [WORDS[i // 10 % 10]])
    print(f"{(time.perf_counter() - begin) / count * 1e3:8.2f} ms  to add one, mean of {count}")
    for name, work in {
        "list the first 200": lambda: library.takes(),
        "list all": lambda: library.takes(limit=count),
        "search one word": lambda: library.takes("pia"),
        "search two words": lambda: library.takes("calm rain"),
        "count a search": lambda: library.count("pia"),
        "filter by a tag": lambda: library.takes(tag="piano"),
        "mark a favourite": lambda: library.set_favourite(count // 2),
    }.items():
        print(f"{milliseconds(work):8.2f} ms  to {name}")
    library.close()
    print(f"{milliseconds(lambda: Library(folder).close(), 3):8.2f} ms  to open")
    (folder / "library.sqlite").unlink()
    print(f"{milliseconds(lambda: Library(folder).close(), 1):8.2f} ms  to build it again")


def milliseconds(work: Callable[[], object], times: int = 9) -> float:
    """Return the shortest time of ``times`` calls: other programs only add to it."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        found.append((time.perf_counter() - begin) * 1e3)
    return min(found)


def kill(folder: Path, kills: int) -> int:
    """Kill writers at random moments; return 1 when a promise was broken."""
    promises, wrong = Promises(), 0
    for seed in range(kills):
        kill_once(folder, promises, seed)
        for problem in problems(folder, promises):
            wrong += 1
            print(f"kill {seed}: {problem}")
    if kills:
        print(f"{kills} kills, {len(promises.titles)} takes promised, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
