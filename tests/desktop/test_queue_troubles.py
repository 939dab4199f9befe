"""What goes wrong in the queue loses nothing: it is held, tried again, changed, or saved later."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.pages.library import LibraryPage
from descant.desktop.pages.make import MakePage
from descant.desktop.queue_item import QueueItem
from descant.desktop.window import MainWindow
from descant.desktop.worker import GenerationQueue
from descant.runtime import Clip, OutputError, Request
from tests.desktop.library_pages import press
from tests.desktop.test_worker import WAIT_MS, quick, wait_over


@pytest.fixture
def page(context: AppContext, qtbot: QtBot) -> Any:
    """Return the Make page in a window."""
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    made = window.page("make")
    assert isinstance(made, MakePage)
    yield made
    made.close_threads()


def test_what_waits_is_held_while_the_pack_can_not_be_opened(
    tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    queue = GenerationQueue(tmp_path / "unplugged", "cpu")
    with qtbot.waitSignal(queue.engine_failed, timeout=WAIT_MS):
        items = [queue.add(quick(prompt=name)) for name in ("one", "two")]
    qtbot.waitUntil(lambda: queue.held is not None, timeout=WAIT_MS)
    held = queue.held
    assert held is not None
    assert held.kind == "engine"
    assert "unplugged" in held.text
    assert [item.state for item in queue.items()] == ["waiting", "waiting"]
    with qtbot.waitSignal(queue.engine_failed, timeout=WAIT_MS):
        queue.go_on()
    assert [item.state for item in queue.items()] == ["waiting", "waiting"]
    queue.set_engine(tiny_pack, "cpu")
    for item in items:
        wait_over(qtbot, queue, item.id)
    assert queue.held is None
    assert [item.state for item in queue.items()] == ["done", "done"]
    queue.close()


class Disk:
    """Keeps clips unless it is full."""

    def __init__(self) -> None:
        self.room = 0
        self.kept: list[int] = []

    def keep(self, clip: Clip, title: str, parent: int | None) -> SimpleNamespace:
        if self.room < 1:
            raise OutputError("can't write 'a.wav': the disk is full", hint="free some space")
        self.room -= 1
        self.kept.append(clip.seed)
        return SimpleNamespace(id=len(self.kept), seed=clip.seed)


def test_what_could_not_be_saved_is_saved_later_and_made_once(
    tiny_pack: Path, qtbot: QtBot
) -> None:
    disk, made = Disk(), list[int]()
    disk.room = 1
    queue = GenerationQueue(tiny_pack, "cpu", disk.keep)
    queue.clips_ready.connect(lambda _, clips: made.extend(clip.seed for clip in clips))
    first, second = queue.add(quick(count=3)), queue.add(quick(seed=20))
    wait_over(qtbot, queue, first.id)
    qtbot.waitUntil(lambda: made == [7, 8], timeout=WAIT_MS)
    failed, after = queue.items()
    assert (failed.state, failed.takes, len(failed.unsaved)) == ("failed", 2, 1)
    assert (queue.held is not None and queue.held.kind, after.state) == ("save", "waiting")
    queue.go_on()  # the disk is still full
    qtbot.waitUntil(lambda: queue.items()[0].state == "failed", timeout=WAIT_MS)
    assert made == [7, 8]
    disk.room = 9
    queue.go_on()
    for item in (first, second):
        wait_over(qtbot, queue, item.id)
    qtbot.waitUntil(lambda: len(made) == 4, timeout=WAIT_MS)
    assert made == disk.kept == [7, 8, 9, 20]
    assert queue.held is None
    queue.close()


def test_a_take_whose_row_was_taken_off_can_still_be_saved(tiny_pack: Path, qtbot: QtBot) -> None:
    disk, heard = Disk(), list[QueueItem]()
    queue = GenerationQueue(tiny_pack, "cpu", disk.keep)
    queue.clips_ready.connect(lambda item, _: heard.append(item))
    item = queue.add(quick(count=2))
    wait_over(qtbot, queue, item.id)
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=WAIT_MS)
    queue.remove(item.id)
    disk.room = 9
    with qtbot.waitSignal(queue.take_kept, timeout=WAIT_MS):
        queue.retry(heard[0])
    wait_over(qtbot, queue, item.id)
    assert disk.kept == [7]
    queue.close()


def test_the_rest_of_a_request_is_what_was_not_done() -> None:
    item = QueueItem(1, quick(count=5), "x", takes=2)
    assert item.rest() == quick(count=3, seed=9)
    assert QueueItem(1, quick(), "x", takes=1).rest() is None
    assert QueueItem(1, quick(count=2, candidates=4), "x").rest() == quick(count=2, candidates=4)


def test_a_failed_wish_comes_back_into_the_fields(
    page: MakePage, tmp_path: Path, qtbot: QtBot
) -> None:
    queue = page._context.queue
    asked = Request(
        prompt="jazz", seconds=1.0, seed=5, init=tmp_path / "gone.wav", strength=0.4, count=2
    )
    item = queue.add(asked)
    wait_over(qtbot, queue, item.id)
    qtbot.waitUntil(lambda: page.now.queue.rows.rowCount() == 1, timeout=WAIT_MS)
    failed = queue.item(item.id)
    page.now.queue.edit_asked.emit(failed)
    assert page.request() == asked
    assert page._carried_chip.isVisible()
    assert not queue.items()


def test_what_could_not_be_saved_is_saved_from_its_card(page: MakePage, qtbot: QtBot) -> None:
    queue, disk = page._context.queue, Disk()
    queue._keep = disk.keep
    with qtbot.waitSignal(queue.clips_ready, timeout=WAIT_MS):
        item = queue.add(Request(prompt="calm", seconds=1.0, seed=7))
    wait_over(qtbot, queue, item.id)
    queue.add(Request(prompt="later", seconds=1.0, seed=8))
    (card,) = page.now.takes.cards
    qtbot.waitUntil(page.now.hold.isVisible, timeout=WAIT_MS)
    assert card.save.isVisible()
    disk.room = 9
    with qtbot.waitSignals([queue.take_kept] * 2, timeout=WAIT_MS):
        qtbot.mouseClick(card.save, Qt.MouseButton.LeftButton)
    assert disk.kept == [7, 8]
    assert card.record.id == 1
    assert not card.save.isVisible()
    assert not page.now.hold.isVisible()


def test_a_device_that_is_not_there_holds_the_queue_until_another_is_chosen(
    page: MakePage, tiny_pack: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    queue = page._context.queue
    queue.set_engine(tmp_path / "unplugged", "cpu")
    item = queue.add(Request(prompt="calm", seconds=1.0, seed=7))
    qtbot.waitUntil(page.now.hold.isVisible, timeout=WAIT_MS)
    assert "unplugged" in page.now.hold.accessibleName()
    with qtbot.waitSignal(queue.engine_failed, timeout=WAIT_MS):
        qtbot.mouseClick(page.now.hold.go_on, Qt.MouseButton.LeftButton)
    queue.set_engine(tiny_pack, "cpu")
    with qtbot.waitSignal(queue.clips_ready, timeout=WAIT_MS):
        wait_over(qtbot, queue, item.id)
    qtbot.waitUntil(lambda: not page.now.hold.isVisible(), timeout=WAIT_MS)


def test_the_request_of_a_take_is_given_back_to_be_changed(
    library_page: LibraryPage, qtbot: QtBot
) -> None:
    library_page.choose(1)
    with qtbot.waitSignal(library_page.edit_request) as asked:
        press(qtbot, library_page, Qt.Key.Key_E)
    assert asked.args is not None
    assert asked.args[0] == Request(prompt="calm piano", seed=0)
