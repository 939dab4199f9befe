"""What the app costs and how quickly it answers: ``python -m tests.bench_desktop``.

Start to a window that can be used, CPU while nothing happens, how long the event loop is held up
while music is made, how soon a take stops, and whether takes survive the program's sudden end.
Needs no screen: ``QT_QPA_PLATFORM=offscreen`` is set unless something else is.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer

from descant.desktop.app import AppOptions, RunningApp, start
from descant.desktop.library import Library
from descant.desktop.settings import SettingsStore
from descant.runtime import Request

LIMIT_BLOCKED_MS = 50.0

_START = """
import sys, time
from pathlib import Path
from descant.desktop.app import AppOptions, start
running = start(AppOptions(settings_folder=Path(sys.argv[1])))
from PySide6.QtCore import QTimer
def usable():
    print(time.time(), flush=True)
    running.application.quit()
QTimer.singleShot(0, usable)
running.application.exec()
running.close()
"""

_KILLED = """
import sys
from pathlib import Path
from descant.desktop.app import AppOptions, start
from descant.runtime import Request
running = start(AppOptions(settings_folder=Path(sys.argv[1]), pack=sys.argv[2], device="cpu"))
running.context.queue.take_kept.connect(lambda item, record: print(record.id, flush=True))
running.context.queue.add(Request(prompt="calm piano", seconds=2, steps=2, count=1000))
running.application.exec()
"""


def settings_in(folder: Path) -> Path:
    """Write settings whose library is in ``folder`` too; returns their folder."""
    store = SettingsStore(folder / "settings")
    store.update(library_folder=folder / "library", language="en")
    store.close()
    return store.folder


def bench_start(settings: Path, times: int) -> None:
    """Print how long a new process needs until its event loop has drawn the window."""
    found = []
    for _ in range(times):
        begin = time.time()
        done = subprocess.run(
            [sys.executable, "-c", _START, str(settings)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.append(float(done.stdout.split()[0]) - begin)
    print(
        f"start to a usable window: first {found[0]:.2f} s, median {statistics.median(found):.2f} s"
    )


class Heartbeat:
    """A timer of 5 ms whose lateness is how long the event loop was held up."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._latest = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)

    def measure(self, name: str, running: RunningApp, work: Callable[[], object]) -> None:
        """Run until ``work`` has led to ``application.quit``, and print what was seen."""
        self.gaps.clear()
        self._latest = begin = time.perf_counter()
        self._timer.start(5)
        work()
        running.application.exec()
        self._timer.stop()
        gaps = sorted(self.gaps)
        over = sum(gap > LIMIT_BLOCKED_MS for gap in gaps)
        print(
            f"event loop while {name}: longest gap {gaps[-1]:.0f} ms, p99 "
            f"{gaps[int(len(gaps) * 0.99)]:.0f} ms, {over} over {LIMIT_BLOCKED_MS:.0f} ms, "
            f"{time.perf_counter() - begin:.1f} s"
        )

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._latest) * 1000)
        self._latest = now


def bench_heartbeat(running: RunningApp, lengths: tuple[float, ...]) -> None:
    """Print the event loop's gaps while a pack is opened, pages first shown and takes made."""
    queue, quit_ = running.context.queue, running.application.quit
    heartbeat = Heartbeat()
    running.application.processEvents()  # the window is drawn, and the worker begins
    queue.engine_changed.connect(lambda *_: quit_())
    heartbeat.measure("a pack is opened", running, lambda: None)
    queue.engine_changed.disconnect()
    running.warmer.wait()
    for entry in running.window.entries:

        def show(name: str = entry.name) -> None:
            running.window.show_page(name)
            QTimer.singleShot(300, quit_)

        heartbeat.measure(f"the page {entry.name} is first shown", running, show)
    queue.item_changed.connect(lambda item: quit_() if item.over else None)
    for seconds in lengths:
        add = partial(queue.add, Request(prompt="calm piano in the rain", seconds=seconds))
        heartbeat.measure(f"{seconds:g} s of music are made", running, add)
    queue.item_changed.disconnect()


def bench_cancel(running: RunningApp, times: int) -> None:
    """Print how long it takes from giving a take up to an engine that is free again."""
    queue, found, rng = running.context.queue, [], random.Random(20)
    for _ in range(times):
        item = queue.add(Request(prompt="calm piano in the rain", seconds=60.0))
        spin(running, rng.uniform(0.1, 4.0))
        begin = time.perf_counter()
        queue.cancel(item.id)
        queue.engine_call(lambda _: None, lambda _: running.application.quit(), lambda _: None)
        running.application.exec()
        found.append((time.perf_counter() - begin) * 1000)
    print(
        f"a take of 60 s given up, {times} times: engine free after {statistics.median(found):.0f}"
        f" ms (median), {max(found):.0f} ms at most"
    )


def bench_idle(running: RunningApp, seconds: float) -> None:
    """Print the CPU that an open window needs, all of whose pages were visited."""
    for entry in running.window.entries:
        running.window.show_page(entry.name)
        spin(running, 0.5)
    spin(running, 2.0)
    begin, cpu = time.perf_counter(), time.process_time()
    spin(running, seconds)
    share = (time.process_time() - cpu) / (time.perf_counter() - begin)
    print(f"CPU of an idle window: {share:.2%} of one core over {seconds:g} s")


def bench_kills(folder: Path, pack: str, cycles: int) -> None:
    """Print whether a take that was reported as kept is ever lost by ``kill -9``."""
    settings, rng = settings_in(folder), random.Random(20)
    reported: set[int] = set()
    for _ in range(cycles):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(settings), pack],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        reported.add(int(child.stdout.readline()))
        time.sleep(rng.uniform(0.0, 0.5))
        child.kill()
        reported.update(int(line) for line in child.stdout.read().split("\n")[:-1])
        child.wait()
        child.stdout.close()
    library = Library(folder / "library")
    kept = {take.id for take in library.takes(limit=100_000)}
    whole = sum(library.load_samples(number)[0].shape[1] > 0 for number in reported & kept)
    library.close()
    print(
        f"{cycles} starts and kills: {len(reported)} takes were reported as kept, "
        f"{len(reported - kept)} lost, {whole} can be played"
    )


def spin(running: RunningApp, seconds: float) -> None:
    """Let the app run for a while."""
    QTimer.singleShot(round(seconds * 1000), running.application.quit)
    running.application.exec()


def main() -> None:
    """Run all of it, or what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=["start", "loop", "cancel", "idle", "kills"])
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--cycles", type=int, default=100, help="starts and kills")
    parser.add_argument("--times", type=int, default=10, help="starts and cancels")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = settings_in(Path(temporary))
        if "start" in options.only:
            bench_start(settings, options.times)
        running = start(AppOptions(settings_folder=settings, pack=options.pack, device="cpu"))
        if "loop" in options.only:
            bench_heartbeat(running, (10.0, 10.0, 60.0, 300.0))
        if "cancel" in options.only:
            bench_cancel(running, options.times)
        if "idle" in options.only:
            bench_idle(running, 10.0)
        running.close()
        if "kills" in options.only:
            bench_kills(Path(temporary) / "kills", options.pack, options.cycles)


if __name__ == "__main__":
    main()
