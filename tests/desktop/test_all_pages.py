"""What holds for every page: names for those who can't see, keys for those without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from descant.desktop import app as app_module
from descant.desktop.app import AppOptions, RunningApp, start
from descant.desktop.page_table import page_entries
from descant.desktop.player import Player
from descant.desktop.settings import SettingsStore
from descant.desktop.theme import apply_theme
from descant.runtime import Request
from tests.desktop.fake_sound import Clock, FakeBackend

WAIT_MS = 30_000
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
PAGES = [entry.name for entry in page_entries()]


@pytest.fixture
def running(
    tiny_pack: Path, tmp_path: Path, styled: QApplication, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RunningApp]:  # fmt: skip
    """Return the app with one take in its library."""
    clock = Clock()
    backend = FakeBackend(clock, "Speakers")
    monkeypatch.setattr(app_module, "Player", lambda: Player(backend, clock))
    store = SettingsStore(tmp_path / "settings")
    store.update(library_folder=tmp_path / "Music", theme="light", language="en")
    store.close()
    made = start(AppOptions(str(tiny_pack), "cpu", settings_folder=store.folder))
    qtbot.addWidget(made.window)
    qtbot.waitUntil(lambda: made.context.library is not None, timeout=WAIT_MS)
    with qtbot.waitSignal(made.context.queue.take_kept, timeout=WAIT_MS):
        made.context.queue.add(Request(prompt="calm piano", seconds=1.0, seed=7))
    yield made
    made.close()


def controls(page: QWidget) -> list[QWidget]:
    """Return what can be used on a page, without the parts that Qt makes of them."""
    found = [widget for kind in CONTROLS for widget in page.findChildren(kind)]
    return [
        widget
        for widget in found
        if widget.isVisibleTo(page)
        and not isinstance(widget, QScrollBar)
        and not isinstance(widget.parent(), (QAbstractSpinBox, QComboBox, QLineEdit))
        and widget.objectName() not in ("qt_spinbox_lineedit", "qt_toolbar_ext_button")
        and not _belongs_to_a_list(widget)
    ]


def _belongs_to_a_list(widget: QWidget) -> bool:
    """Whether it is a header, an editor or a popup of a view or a combo box."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, (QAbstractItemView, QComboBox)):
            return True
        above = above.parentWidget()
    return False


def name_of(widget: QWidget) -> str:
    """Return what a screen reader calls it."""
    words = widget.accessibleName()
    return words or (widget.text() if isinstance(widget, QAbstractButton) else "")


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name(running: RunningApp, page: str) -> None:
    running.window.show_page(page)
    shown = running.window.page(page)
    assert controls(shown), "a page has something to use"
    nameless = [
        f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}"
        for w in controls(shown)
        if not name_of(w).strip()
    ]
    assert not nameless


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_reached_by_keys(running: RunningApp, page: str) -> None:
    running.window.show_page(page)
    shown = running.window.page(page)
    unreachable = [
        f"{type(w).__name__} {name_of(w)!r}"
        for w in controls(shown)
        if not w.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(w, QAbstractItemView)
    ]
    assert not unreachable


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_into_a_small_window(running: RunningApp, page: str) -> None:
    running.window.show_page(page)
    running.window.resize(running.window.minimumSize())
    QApplication.processEvents()
    assert running.window.width() == running.window.minimumWidth()
    assert running.window.height() == running.window.minimumHeight()
    shown = running.window.page(page)
    beyond = [
        f"{type(w).__name__} {name_of(w)!r}"
        for w in controls(shown)
        if w.isVisible() and w.mapTo(shown, w.rect().topRight()).x() > shown.width()
    ]
    assert not beyond


@pytest.mark.parametrize("page", PAGES)
def test_a_page_lives_through_a_change_of_theme(
    running: RunningApp, styled: QApplication, page: str
) -> None:
    running.window.show_page(page)
    try:
        apply_theme(styled, "dark")
        dark = running.window.grab().toImage().pixelColor(300, 6)
    finally:
        apply_theme(styled, "light")
    assert dark.lightness() < 80
    assert running.window.grab().toImage().pixelColor(300, 6).lightness() > 180
