"""The window: pages by name, a theme that can change, keys that work everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from descant.desktop import icons
from descant.desktop.context import AppContext
from descant.desktop.library import Library
from descant.desktop.theme import DARK, LIGHT, Tokens, apply_theme, tokens
from descant.desktop.window import MainWindow
from descant.desktop.worker import GenerationQueue
from tests.desktop.stand_ins import StandInPlayer


@pytest.fixture
def window(context: AppContext, qtbot: QtBot) -> MainWindow:
    """Return a window that is shown."""
    context.player = StandInPlayer()
    made = MainWindow(context)
    qtbot.addWidget(made)
    made.show()
    return made


def luminance(colour: str) -> float:
    """Return relative luminance as WCAG 2 has it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 … 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("t", [LIGHT, DARK])
def test_text_can_be_read(t: Tokens) -> None:
    for ground in (t.window, t.surface, t.field, t.raised, t.side):
        assert contrast(t.text, ground) >= 7
        assert contrast(t.text_soft, ground) >= 4.5
    for colour in (t.accent_text, t.danger, t.warning, t.success):
        assert contrast(colour, t.surface) >= 4.5
    assert contrast(t.on_accent, t.accent) >= 4.5
    assert contrast(t.danger, t.danger_soft) >= 4.5
    assert contrast(t.warning, t.warning_soft) >= 4.5
    assert contrast(t.border_strong, t.surface) >= 3
    assert contrast(t.accent, t.window) >= 3


def test_every_icon_draws_something(styled: QApplication) -> None:
    for name in icons.names():
        image = icons.pixmap(name, 24, "#000000").toImage()
        drawn = [image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)]
        assert max(drawn) > 200, name


def test_a_change_of_theme_reaches_icons(window: MainWindow, styled: QApplication) -> None:
    button = window.findChildren(QPushButton)[0]
    before = button.icon().pixmap(20, 20).toImage()
    try:
        apply_theme(styled, "dark")
        assert tokens().dark
        assert button.icon().pixmap(20, 20).toImage() != before
    finally:
        apply_theme(styled, "light")


def test_space_and_arrows_play_unless_somebody_writes(window: MainWindow, qtbot: QtBot) -> None:
    player = window.context.player
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert player.heard == ["toggle", 13.0, 11.0]
    prompt = window.findChildren(QPlainTextEdit)[0]
    prompt.setFocus()
    qtbot.waitUntil(prompt.hasFocus)
    qtbot.keyClicks(prompt, "a b")
    assert prompt.toPlainText() == "a b"
    assert len(player.heard) == 3


def test_the_side_bar_gives_way_in_a_narrow_window(window: MainWindow) -> None:
    window.resize(1200, 700)
    wide = window._side.width()
    window.resize(760, 500)
    assert window._side.width() < wide / 2


def test_a_message_goes_away_and_its_action_is_done(
    window: MainWindow, context: AppContext, qtbot: QtBot
) -> None:
    done: list[str] = []
    context.notify("Deleted.", "Undo", lambda: done.append("undo"))
    toast = window._toast
    assert toast.isVisible()
    qtbot.mouseClick(toast._button, Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert not toast.isVisible()


def test_the_engine_opens_and_is_named(window: MainWindow, qtbot: QtBot) -> None:
    queue: GenerationQueue = window.context.queue
    with qtbot.waitSignal(queue.engine_changed, timeout=20_000):
        queue.set_engine(*queue._holder.wish)
    assert "cpu" in window._side._state.text()
    assert queue.engine is not None
    assert queue.engine[0] == "cpu"


def test_the_place_of_the_window_is_remembered(window: MainWindow, context: AppContext) -> None:
    window.resize(1000, 700)
    window.close()
    assert context.settings.value.window


def test_without_a_library_only_its_pages_wait(
    context: AppContext, three_takes: Library, qtbot: QtBot
) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.show_page("library")
    assert window.current_page == "make"
    window.set_no_library("The folder is gone. Choose another.")
    window.show_page("library")
    assert "Choose another" in window._toast._text.text()
    qtbot.mouseClick(window._toast._button, Qt.MouseButton.LeftButton)
    assert window.current_page == "settings"
    for name in ("packs", "devices", "bench", "about"):
        window.show_page(name)
        assert window.current_page == name
    assert window._side._note.isVisible()
    window.show_page("library")
    window.set_library(three_takes)
    assert window.current_page == "library"
    assert not window._side._note.isVisible()
    window.close_pages()


def test_where_takes_go_instead_stays_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    window.set_spare_library("The folder is gone. Takes go there.")
    window._toast.hide()
    qtbot.mouseClick(window._side._note, Qt.MouseButton.LeftButton)
    assert window._toast.isVisible()
    assert "Takes go there" in window._toast._text.text()


def test_a_sound_device_that_is_gone_is_told(window: MainWindow, context: AppContext) -> None:
    context.player.device_lost.emit("unplugged")
    assert "unplugged" in window._toast._text.text()
    assert window._toast.isVisible()
