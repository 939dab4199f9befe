"""What stands around the library's page in tests."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from descant.desktop.pages.library import LibraryPage
from descant.runtime import Request


class Queue:
    """Takes requests and makes nothing."""

    def __init__(self, real: Any) -> None:
        self.engine_changed, self.engine_call = real.engine_changed, real.engine_call
        self.added: list[tuple[Request, str, int | None]] = []

    def add(self, request: Request, title: str = "", parent: int | None = None) -> None:
        self.added.append((request, title, parent))


class Said:
    """Remembers what a person was told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.act: Any = None

    def __call__(self, text: str, action: str = "", on_action: Any = None) -> None:
        self.texts.append(text)
        self.act = on_action


def titles(page: LibraryPage) -> list[str]:
    """Return the titles in the list."""
    return [page.model.index(row).data() for row in range(page.model.rowCount())]


def press(qtbot: QtBot, page: LibraryPage, key: Qt.Key, **more: Any) -> None:
    """Press a key in the list."""
    page.view.setFocus()
    qtbot.keyClick(page.view, key, **more)
