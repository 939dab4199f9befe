"""The list of wishes: progress to be seen, an order to be changed by mouse and keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.queue_item import QueueItem
from descant.desktop.widgets.queue_model import clock, status
from descant.desktop.widgets.queue_panel import QueueView, cross, remedy_places
from descant.runtime import Request
from tests.desktop.test_worker import WAIT_MS, hold, quick, wait_over


@pytest.fixture
def busy(context: AppContext) -> Iterator[threading.Event]:
    """Keep the worker busy until the test ends, or the event is set."""
    free = hold(context.queue)
    yield free
    free.set()


@pytest.fixture
def view(context: AppContext, busy: threading.Event, qtbot: QtBot) -> QueueView:
    """Return the list with three items that wait."""
    made = QueueView(context.queue)
    qtbot.addWidget(made)
    made.resize(320, 300)
    made.show()
    for name in ("one", "two", "three"):
        context.queue.add(quick(prompt=name))
    return made


def titles(view: QueueView) -> list[str]:
    """Return what is shown from top to bottom."""
    return [item.title for item in view.rows.rows]


def test_dragging_changes_the_order(view: QueueView) -> None:
    data = view.rows.mimeData([view.rows.index(2)])
    assert view.rows.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert titles(view) == ["three", "one", "two"]
    data = view.rows.mimeData([view.rows.index(0)])
    assert view.rows.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert titles(view) == ["one", "two", "three"]


def test_keys_change_the_order_and_give_up(view: QueueView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.rows.index(0))
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert titles(view) == ["two", "one", "three"]
    assert view.currentIndex().row() == 1
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert titles(view) == ["one", "two", "three"]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert titles(view) == ["two", "three"]


def test_the_cross_gives_up(view: QueueView, context: AppContext, qtbot: QtBot) -> None:
    place = cross(view.visualRect(view.rows.index(1))).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert titles(view) == ["one", "three"]
    assert [item.title for item in context.queue.items()] == ["one", "three"]


def test_failures_stay_and_what_is_done_goes(
    view: QueueView, context: AppContext, busy: threading.Event, qtbot: QtBot
) -> None:
    bad = context.queue.add(quick(audio="gone.wav", prompt="bad"))
    busy.set()
    wait_over(qtbot, context.queue, bad.id)
    qtbot.waitUntil(lambda: titles(view) == ["bad"])
    row = view.rows.index(0)
    assert "gone.wav" in row.data(Qt.ItemDataRole.ToolTipRole)
    assert "gone.wav" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    view.grab()


def failed_row(view: QueueView, context: AppContext, busy: threading.Event, qtbot: QtBot) -> None:
    """Have one row only, which failed."""
    busy.set()
    bad = context.queue.add(quick(audio="gone.wav", prompt="bad", count=2))
    wait_over(qtbot, context.queue, bad.id)
    qtbot.waitUntil(lambda: titles(view) == ["bad"], timeout=WAIT_MS)
    view.setCurrentIndex(view.rows.index(0))


@pytest.mark.parametrize("by_key", [False, True])
def test_a_failure_is_tried_again(
    view: QueueView, context: AppContext, busy: threading.Event, qtbot: QtBot, by_key: bool
) -> None:
    failed_row(view, context, busy, qtbot)
    states: list[str] = []
    context.queue.item_changed.connect(lambda item: states.append(item.state))
    if by_key:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    else:
        place = remedy_places(view.visualRect(view.rows.index(0)))[0].center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: states[-1:] == ["failed"], timeout=WAIT_MS)
    assert states[0] == "waiting"


def test_a_failure_is_given_back_to_be_changed(
    view: QueueView, context: AppContext, busy: threading.Event, qtbot: QtBot
) -> None:
    failed_row(view, context, busy, qtbot)
    place = remedy_places(view.visualRect(view.rows.index(0)))[1].center()
    with qtbot.waitSignal(view.edit_asked) as asked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args is not None
    assert asked.args[0].request == quick(audio="gone.wav", prompt="bad", count=2)
    with qtbot.waitSignal(view.edit_asked):
        qtbot.keyClick(view, Qt.Key.Key_F2)


def test_words_for_how_far_it_is() -> None:
    item = QueueItem(1, Request(prompt="x", count=3), "x")
    assert status(item) == "Waits"
    failed = QueueItem(1, item.request, "x", "failed", error="No disk.", hint="Buy one.")
    assert status(failed) == "No disk. Buy one."
    running = QueueItem(1, item.request, "x", "running", 0.4, "sample", 75.2, takes=1)
    assert status(running) == "Composes · take 2 of 3 · 1:15 left"
    assert [clock(s) for s in (0.2, 59.4, 60, 605)] == ["1 s", "59 s", "1:00", "10:05"]
