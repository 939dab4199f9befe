"""Fixtures of the app's tests; a test that leaves a thread, timer or animation running fails."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed, or a library it needs")

from PySide6.QtCore import QAbstractAnimation, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.pages.library import LibraryPage
from descant.desktop.player import Player
from descant.desktop.settings import SettingsStore
from descant.desktop.theme import apply_theme
from descant.desktop.worker import GenerationQueue
from tests.desktop.fake_sound import Clock, FakeBackend
from tests.desktop.library_pages import Queue, Said
from tests.desktop.takes import make_clip

OURS = "descant-"
"""Every thread of the app has a name that begins so."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder as those that need Qt."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt)


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication) -> Iterator[None]:
    """Fail when a test leaves something running that it started."""
    before = set(threading.enumerate())
    known = {id(found) for found in _running()}
    yield
    qapp.processEvents()
    gc.collect()
    left = [repr(found) for found in _running() if id(found) not in known]
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith(OURS):
            thread.join(2.0)
            if thread.is_alive():
                left.append(f"thread {thread.name}")
    assert not left, f"left running: {left}"


def _running() -> list[QObject]:
    """Return the timers, animations and threads of Qt that run now."""
    found: list[QObject] = []
    for candidate in gc.get_objects():
        try:
            if isinstance(candidate, (QTimer, QAbstractAnimation, QThread)) and _runs(candidate):
                found.append(candidate)
        except (RuntimeError, ReferenceError):  # its C++ side is gone already
            continue
    return found


def _runs(candidate: QTimer | QAbstractAnimation | QThread) -> bool:
    if isinstance(candidate, QTimer):
        return candidate.isActive()
    if isinstance(candidate, QAbstractAnimation):
        return candidate.state() == QAbstractAnimation.State.Running
    return candidate.isRunning() and candidate is not QThread.currentThread()


@pytest.fixture(scope="session")
def styled(qapp: QApplication) -> QApplication:
    """Return the application in the app's light theme."""
    qapp.setStyle("Fusion")
    apply_theme(qapp, "light")
    return qapp


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SettingsStore]:
    """Return settings in a folder of their own."""
    made = SettingsStore(tmp_path / "settings")
    made.update(library_folder=tmp_path / "takes", reduced_motion=True)
    yield made
    made.close()


@pytest.fixture
def context(
    tiny_pack: Path, store: SettingsStore, styled: QApplication, qtbot: QtBot
) -> Iterator[AppContext]:
    """Return what pages are made with, on the tiny pack; the queue really makes clips."""
    queue = GenerationQueue(tiny_pack, "cpu")
    yield AppContext(settings=store, queue=queue)
    assert queue.close()


@pytest.fixture
def three_takes(tmp_path: Path) -> Iterator[Library]:
    """Return a library of three takes."""
    made = Library(tmp_path / "music")
    for number, prompt in enumerate(("calm piano", "boss fight", "slow waltz")):
        made.add(make_clip(prompt, 2.0 + number, number))
    yield made
    made.close()


@pytest.fixture
def library_page(context: AppContext, three_takes: Library, qtbot: QtBot) -> Iterator[LibraryPage]:
    """Return the page, with its takes shown."""
    queue = context.queue
    context.library, context.notify = three_takes, Said()
    context.queue = Queue(queue)  # type: ignore[assignment]
    made = LibraryPage(context)
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() == 3 and made.work.pack is not None)
    yield made
    made.close_threads()
    context.queue = queue


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def card(clock: Clock) -> FakeBackend:
    return FakeBackend(clock, "Speakers", "Headphones")


@pytest.fixture
def player(qtbot: QtBot, clock: Clock, card: FakeBackend) -> Iterator[Player]:
    made = Player(card, clock)
    yield made
    made.close()
    assert all(stream.closed for stream in card.streams)
