"""The library's page: takes are found, chosen, changed, worked on and carried out of the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from descant.desktop.library import Library
from descant.desktop.pages.library import LibraryPage
from descant.desktop.take_delegate import card_of, star_of
from descant.desktop.widgets.confirm_dialog import ConfirmDialog
from tests.desktop.library_pages import press, titles
from tests.desktop.takes import make_clip

Key = Qt.Key


@pytest.fixture
def library(three_takes: Library) -> Library:
    """Return what the page shows."""
    return three_takes


@pytest.fixture
def page(library_page: LibraryPage) -> LibraryPage:
    """Return the page, with its takes shown."""
    return library_page


def test_it_lists_searches_and_sorts(page: LibraryPage, qtbot: QtBot) -> None:
    assert titles(page) == ["Slow waltz", "Boss fight", "Calm piano"]
    assert page._count.text() == "3 takes"
    page.filters.search.setText("bos")
    qtbot.waitUntil(lambda: titles(page) == ["Boss fight"])
    page.filters.search.setText("nothing of the kind")
    qtbot.waitUntil(lambda: page._no_match.isVisible())
    qtbot.mouseClick(page._no_match.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    page.filters.sort.setCurrentIndex(page.filters.sort.findData("title"))
    qtbot.waitUntil(lambda: titles(page) == ["Boss fight", "Calm piano", "Slow waltz"])


def test_favourites_by_key_and_by_the_star(
    page: LibraryPage, library: Library, qtbot: QtBot
) -> None:
    page.choose(2)
    press(qtbot, page, Key.Key_F)
    qtbot.waitUntil(lambda: library.get(2).favourite)
    qtbot.waitUntil(lambda: page.chosen()[0].favourite)
    assert "favourite" in page.view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    star = star_of(card_of(page.view.visualRect(page.model.index(0)))).center().toPoint()
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=star)
    qtbot.waitUntil(lambda: library.get(3).favourite)
    page.filters.favourites.click()
    qtbot.waitUntil(lambda: titles(page) == ["Slow waltz", "Boss fight"])


def test_delete_can_be_undone(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    said = page._context.notify
    page.choose(2)
    press(qtbot, page, Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(page) == ["Slow waltz", "Calm piano"])
    assert said.texts == ["“Boss fight” is deleted."]  # type: ignore[attr-defined]
    assert [take.title for take in page.chosen()] == ["Calm piano"]  # came to its place
    press(qtbot, page, Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    page.view.selectAll()
    press(qtbot, page, Key.Key_Delete)
    qtbot.waitUntil(lambda: page._nothing.isVisible())
    page.filters.deleted.setChecked(True)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    page.filters.deleted.setChecked(False)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    said.act()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert library.count() == 3


def test_deleted_takes_go_for_good_when_that_is_confirmed(
    page: LibraryPage, library: Library, qtbot: QtBot
) -> None:
    said: Any = page._context.notify
    for take in library.takes():
        library.delete(take.id)
    page.filters.deleted.setChecked(True)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3 and page.empty.isVisible())
    page.choose(2)
    assert page.bar._buttons["purge"].isVisible()
    press(qtbot, page, Key.Key_Delete)
    question = page.findChild(ConfirmDialog)
    assert question is not None
    question.reject()
    qtbot.waitUntil(lambda: page.findChild(ConfirmDialog) is None)
    assert library.count(deleted=True) == 3
    page.bar._buttons["purge"].click()
    page.findChild(ConfirmDialog).go.click()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: titles(page) == ["Slow waltz", "Calm piano"])
    qtbot.waitUntil(lambda: said.texts[-1:] == ["1 take is gone for good."])
    page.empty.click()
    qtbot.waitUntil(lambda: page.findChild(ConfirmDialog) is not None)
    page.findChild(ConfirmDialog).go.click()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page._no_deleted.isVisible())
    assert not page.empty.isVisible()
    assert not list(library.takes_folder.iterdir())


def test_takes_that_are_there_can_not_be_purged(page: LibraryPage) -> None:
    page.choose(2)
    purge = page.commands.actions["purge"]
    assert not purge.isEnabled()
    assert not purge.isVisible()
    assert not page.empty.isVisible()


def test_rename_in_its_place(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    page.choose(1)
    press(qtbot, page, Key.Key_F2)
    field = page.view.findChild(QLineEdit)
    assert field is not None
    field.setText("Rain")
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.waitUntil(lambda: titles(page)[2] == "Rain")
    assert library.get(1).title == "Rain"


def test_open_by_key_and_double_click(page: LibraryPage, qtbot: QtBot) -> None:
    page.choose(2)
    with qtbot.waitSignal(page.open_take) as opened:
        press(qtbot, page, Key.Key_Return)
    assert opened.args == [2]
    place = page.view.visualRect(page.model.index(0)).center()
    viewport = page.view.viewport()
    with qtbot.waitSignal(page.open_take) as opened:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [3]


def test_takes_become_requests(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    take = library.get(2)
    page.choose(2)
    press(qtbot, page, Key.Key_M)
    queue: Any = page._context.queue
    request, title, parent = queue.added[-1]
    assert (request.prompt, request.audio, request.seed) == ("boss fight", take.path, None)
    assert (title, parent) == ("Boss fight (more)", 2)
    vary = page.commands.actions["vary"]
    if "edit" in page.work.pack.abilities:  # type: ignore[union-attr]
        press(qtbot, page, Key.Key_V)
        request, title, _ = queue.added[-1]
        assert (request.init, request.strength) == (take.path, 0.5)
        assert title == "Boss fight (variation)"
        press(qtbot, page, Key.Key_V, modifier=Qt.KeyboardModifier.ShiftModifier)
        assert queue.added[-1][0].strength == 0.3
    else:
        assert not vary.isEnabled()
        assert "can't start from a recording" in vary.toolTip()


def test_a_drag_carries_files_with_proper_names(page: LibraryPage, library: Library) -> None:
    library.rename(1, "Night train")
    indexes = [page.model.index(row) for row in (1, 2)]
    data = page.model.mimeData(indexes)
    files = [Path(url.toLocalFile()) for url in data.urls()]
    assert [path.name for path in files] == ["Boss fight 0002.wav", "Night train 0001.wav"]
    assert all(path.is_file() for path in files)
    assert page.model.supportedDragActions() == Qt.DropAction.CopyAction


def test_what_others_add_is_shown(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    page.choose(2)
    library.add(make_clip("new one", 1.0, 99))
    qtbot.waitUntil(lambda: titles(page)[0] == "New one")
    assert [take.id for take in page.chosen()] == [2]


def test_a_missing_file_is_said_in_words(page: LibraryPage, library: Library, qtbot: QtBot) -> None:
    with library._db.write() as connection:
        connection.execute("UPDATE takes SET missing = 1 WHERE id = 2")
    page.list.reload()
    qtbot.waitUntil(lambda: page.model.take(1) is not None and page.model.take(1).missing)  # type: ignore[union-attr]
    index = page.model.index(1)
    assert "missing" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert not index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    page.choose(2)
    assert not page.commands.actions["export"].isEnabled()
    page.grab()


def test_many_takes_come_as_they_are_scrolled_to(
    page: LibraryPage, library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("descant.desktop.take_list.PAGE", 4)
    page.list._shown = 4
    for seed in range(9):
        library.add(make_clip(f"tune {seed}", 0.1, seed))
    page.list.reload()
    qtbot.waitUntil(lambda: page._count.text() == "12 takes")
    for _ in range(5):
        page.view.scrollToBottom()
        qtbot.wait(50)
        if page.model.canFetchMore(page.view.rootIndex()):
            page.model.fetchMore(page.view.rootIndex())
    qtbot.waitUntil(lambda: page.model.rowCount() == 12)
    assert len(set(titles(page))) == 12


def test_it_is_drawn_in_both_themes(page: LibraryPage, styled: Any) -> None:
    from descant.desktop.theme import apply_theme

    page.choose(2)
    shades = []
    try:
        for theme in ("light", "dark"):
            apply_theme(styled, theme)
            image = page.grab().toImage()
            pixels = np.frombuffer(image.constBits(), np.uint8)
            shades.append(float(pixels.mean()))
    finally:
        apply_theme(styled, "light")
    assert shades[0] > shades[1] + 60


def test_every_control_has_a_name(page: LibraryPage) -> None:
    page.choose(2)
    for widget in page.findChildren(QPushButton) + page.findChildren(QLineEdit):
        if widget.isVisible():
            assert widget.accessibleName() or widget.text(), widget


def test_the_keyboard_goes_from_top_to_bottom(page: LibraryPage) -> None:
    page.choose(2)
    order: list[QWidget] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        order.append(widget)
        widget = widget.nextInFocusChain()
    stops = [page.filters.search, page.filters.sort, page.view, page.bar._buttons["play"]]
    places = [order.index(stop) for stop in stops]
    assert places == sorted(places)
