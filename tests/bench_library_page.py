"""How smoothly the library's page scrolls, and how long the window is held up by it.

QT_QPA_PLATFORM=offscreen python -m tests.bench_library_page --takes 1000
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from descant.desktop.app import make_application
from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.pages.library import LibraryPage
from descant.desktop.settings import SettingsStore
from descant.desktop.worker import GenerationQueue
from tests.desktop.takes import make_clip

STEP = 60
"""Pixels by which each frame scrolls on."""


def main() -> None:
    """Fill a library, scroll through its page, and print what each part took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = SettingsStore(Path(folder) / "settings")
        application = make_application(store.value)
        library = Library(Path(folder) / "music")
        for i in range(asked.takes):
            library.add(make_clip(f"calm piano number {i} in the rain", 1.0, i))
        queue = GenerationQueue("starter", "cpu")
        page = LibraryPage(AppContext(store, queue, library))
        page.resize(1200, 800)
        page.show()
        wait(application, lambda: page.view.verticalScrollBar().maximum() > 0)
        measure(application, page, asked.takes)
        page.close_threads()
        queue.close()
        library.close()
        store.close()


def measure(application: QApplication, page: LibraryPage, takes: int) -> None:
    """Print frames of scrolling, and the time from a typed letter to its answer."""
    bar, frames = page.view.verticalScrollBar(), []
    while page.model.rowCount() < takes or bar.value() < bar.maximum():
        begin = time.perf_counter()
        bar.setValue(bar.value() + STEP)
        page.view.viewport().repaint()
        application.processEvents()
        frames.append((time.perf_counter() - begin) * 1e3)
    ordered = sorted(frames)
    print(f"{len(frames)} frames through {takes} takes")
    print(f"{statistics.median(frames):8.2f} ms  median frame")
    print(f"{ordered[int(len(frames) * 0.99)]:8.2f} ms  99 of 100 frames are faster")
    print(f"{ordered[-1]:8.2f} ms  slowest frame")
    begin = time.perf_counter()
    page.filters.search.setText("number 77")
    wait(application, lambda: 0 < page.model.rowCount() < takes // 2)
    print(f"{(time.perf_counter() - begin) * 1e3:8.2f} ms  from a search to its list")


def wait(application: QApplication, done: Callable[[], bool]) -> None:
    """Let the application work until something is so."""
    end = time.monotonic() + 60
    while not done():
        if time.monotonic() > end:
            raise SystemExit("nothing came within a minute")
        application.processEvents()


if __name__ == "__main__":
    main()
