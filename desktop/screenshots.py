"""``descant app --screenshots FOLDER``: all pages with music that was really made, as PNG files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from descant.desktop.engine_holder import describe
from descant.desktop.settings import SettingsStore
from descant.runtime import BackendError, DescantError, Request

if TYPE_CHECKING:
    from descant.desktop.app import AppOptions, RunningApp

SIZE = (1240, 820)
THEMES, SCALES = ("light", "dark"), (1, 2)
_PATIENCE_S = 300.0
FIRST_LOOK_S, LATER_LOOK_S = 0.6, 0.15
"""Until a page has drawn itself; the first time it reads what it shows."""

SAMPLES = (
    ("calm piano in the rain", 12.0, 7),
    ("upbeat funk with brass, 110 bpm", 10.0, 21),
    ("sad waltz in D minor", 10.0, 5),
    ("epic orchestra, slow", 16.0, 3),
    ("lo-fi hip hop beat", 12.0, 42),
)
"""Prompt, seconds and seed of the takes that pages are shown with."""


def draw_pages(folder: Path, options: AppOptions) -> int:
    """Draw all pages in both themes at 100 % and 200 %; returns the exit code.

    Settings and library are temporary: nothing of the person's own is touched or shown. Qt takes
    its scale when it starts, so that each scale has a process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    words = [options.pack or "starter", options.device or "auto"]
    for scale in SCALES:
        done = subprocess.run(
            [sys.executable, "-m", "descant.desktop.screenshots", str(folder), str(scale), *words],
            env={**os.environ, "QT_SCALE_FACTOR": str(scale)}, check=False,
        )  # fmt: skip
        if done.returncode:
            return done.returncode
    return 0


def draw_scale(folder: Path, scale: int, options: AppOptions) -> None:
    """Draw all pages at the scale that this process has."""
    from descant.desktop.app import start

    with tempfile.TemporaryDirectory(prefix="descant-") as temporary:
        place = Path(temporary)
        store = SettingsStore(place / "settings")
        store.update(theme="light", language="en", library_folder=place / "Music")
        store.update(reduced_motion=True)
        store.close()
        running = start(replace(options, settings_folder=store.folder))
        try:
            running.window.resize(*SIZE)
            fill(running, place)
            for theme in THEMES:
                running.context.settings.update(theme=theme)
                for entry in running.window.entries:
                    running.window.show_page(entry.name)
                    rest(FIRST_LOOK_S if theme == THEMES[0] else LATER_LOOK_S)
                    name = f"{entry.name}-{theme}-{scale * 100}.png"
                    running.window.grab().save(str(folder / name))
        finally:
            running.close()


def fill(running: RunningApp, place: Path) -> None:
    """Make some takes, mark them as a person would, and leave the queue at work."""
    queue = running.context.queue
    records: list[Any] = []
    queue.take_kept.connect(lambda _, record: records.append(record))
    for prompt, seconds, seed in SAMPLES:
        queue.add(Request(prompt=prompt, seconds=seconds, seed=seed))
    wait(lambda: all(item.over for item in queue.items()) or queue.held is not None)
    if queue.held is not None:
        raise BackendError(queue.held.text or "no take could be made")
    if any(item.state == "failed" for item in queue.items()):
        failed = next(item for item in queue.items() if item.state == "failed")
        raise BackendError(failed.error or "no take could be made", hint=failed.hint)
    wait(lambda: len(records) == len(SAMPLES))
    library = running.context.library
    library.set_favourite(records[0].id)
    library.set_favourite(records[3].id)
    library.set_tags(records[0].id, ("film", "rain"))
    library.set_tags(records[4].id, ("game",))
    running.window.show_take(records[0].id)
    rest(0.5)
    make: Any = running.window.page("make")
    make.prompt.edit.setPlainText("bright acoustic guitar over a slow sunrise, 84 bpm")
    make.inputs.pictures.set_files([sunrise(place / "sunrise.png")])
    make.takes.setValue(3)
    running.window.show_page("make")
    queue.add(Request(prompt="bright acoustic guitar, folk", seconds=300, seed=1, count=3))
    queue.add(Request(prompt="a chase through the old town", seconds=20, seed=2))
    queue.add(Request(prompt="credits: warm strings, slow", seconds=30, seed=3))
    wait(lambda: any(item.progress > 0.05 or item.over for item in queue.items()[-3:]))


def sunrise(path: Path) -> Path:
    """Draw a picture that goes with the words."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sky = QLinearGradient(0, 0, 0, 480)
    for share, colour in ((0.0, "#27386b"), (0.45, "#c96a6a"), (0.68, "#f6b26b"), (1.0, "#3a4a3f")):
        sky.setColorAt(share, QColor(colour))
    painter.fillRect(image.rect(), sky)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#ffe6b0"))
    painter.drawEllipse(QPointF(320, 300), 70, 70)
    painter.setBrush(QColor("#2c3a33"))
    painter.drawEllipse(QPointF(120, 520), 380, 190)
    painter.drawEllipse(QPointF(560, 540), 360, 200)
    painter.end()
    image.save(str(path))
    return path


def wait(ready: Callable[[], bool]) -> None:
    """Let the app run until something holds.

    Raises:
        BackendError: It takes minutes.
    """
    end = time.monotonic() + _PATIENCE_S
    while not ready():
        if time.monotonic() > end:
            raise BackendError("the takes for the pictures were not done in time")
        rest(0.02)


def rest(seconds: float) -> None:
    """Let the app run for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        time.sleep(0.002)


def main(words: list[str]) -> int:
    """Draw one scale: folder, scale, pack and device."""
    from descant.desktop.app import AppOptions

    folder, scale, pack, device = words
    try:
        draw_scale(Path(folder), int(scale), AppOptions(pack, device))
    except DescantError as error:
        sys.stderr.write(f"descant: error: {' '.join(describe(error))}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
