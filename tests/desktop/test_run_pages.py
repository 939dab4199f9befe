"""What the pages about running share: names for every control, both themes, no dead end."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from descant.desktop.context import AppContext
from descant.desktop.page_table import page_entries
from descant.desktop.theme import apply_theme, tokens

PAGES = ("packs", "devices", "bench", "settings", "about")
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar, QTreeView)


@pytest.fixture(params=PAGES)
def page(
    request: pytest.FixtureRequest,
    context: AppContext,
    tiny_pack: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> Iterator[QWidget]:
    """Return each page in turn, after what it looks for has come."""
    context.settings.update(pack=str(tiny_pack), packs_folder=tmp_path / "packs")
    entry = next(entry for entry in page_entries() if entry.name == request.param)
    made: QWidget = getattr(import_module(entry.module), entry.class_name)(context)
    made.resize(900, 700)
    qtbot.addWidget(made)
    made.show()
    qtbot.wait(400)
    yield made
    getattr(made, "close_threads", lambda: None)()


def test_every_control_has_a_name_and_can_be_reached(page: QWidget) -> None:
    controls = [each for kind in CONTROLS for each in page.findChildren(kind)]
    # The parts of a text field or a list, such as its clear button, are Qt's own.
    ours = [each for each in controls if not isinstance(each.parent(), (QLineEdit, QTreeView))]
    assert ours
    for each in ours:
        assert each.accessibleName().strip(), each
    visible = [
        each
        for each in ours
        if each.isVisible() and each.isEnabled() and not isinstance(each, QProgressBar)
    ]
    for each in visible:
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.accessibleName()
    assert {each.accessibleName() for each in visible} <= reached(page, visible)


def reached(page: QWidget, wanted: list[QWidget]) -> set[str]:
    """Return the names of what the tab key comes by, going once around."""
    found: set[str] = set()
    each = page.nextInFocusChain()
    while each is not None and each is not page:
        if each in wanted:
            found.add(each.accessibleName())
        each = each.nextInFocusChain()
    return found


def test_both_themes_are_drawn(page: QWidget, styled: QApplication, qtbot: QtBot) -> None:
    for theme in ("dark", "light"):
        apply_theme(styled, theme)
        qtbot.wait(20)
        shown: QImage = page.grab().toImage()
        colours = {
            shown.pixelColor(x, y).name()
            for x in range(0, shown.width(), 3)
            for y in range(0, shown.height(), 7)
        }
        assert {tokens().surface, tokens().border, tokens().text_soft} <= colours


@pytest.mark.parametrize("width", [640, 900, 1400])
def test_a_page_ends_where_its_content_ends(page: QWidget, width: int, qtbot: QtBot) -> None:
    (area, *_) = page.findChildren(QScrollArea)
    page.resize(width, 300)
    qtbot.wait(50)
    inside = area.widget()
    assert inside is not None
    assert inside.width() <= area.viewport().width()
    assert inside.height() == max(inside.heightForWidth(inside.width()), area.viewport().height())


def test_all_pages_are_in_the_side_bar() -> None:
    assert set(PAGES) <= {entry.name for entry in page_entries()}
