"""The window: a side bar, the pages, and the keys that work everywhere."""

from __future__ import annotations

import base64
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from descant.desktop.context import AppContext
from descant.desktop.icons import refresh_icon
from descant.desktop.keys import WindowKeys
from descant.desktop.page_table import PageEntry, page_entries
from descant.desktop.sidebar import SideBar
from descant.desktop.widgets.toast import Toast

FIRST = "make"
NARROW_BELOW = 980
SEEK_S = 1.0


class MainWindow(QMainWindow):
    """Shows one page at a time.

    A page may have these signals, which the window connects: ``open_take(int)`` shows a take,
    ``edit_request(object)`` puts a ``Request`` on the Make page, ``navigate(str)`` shows a page.
    The page "take" has ``show_take(int)``, the page "make" has ``edit(Request)``.
    """

    def __init__(self, context: AppContext, entries: tuple[PageEntry, ...] | None = None) -> None:
        super().__init__()
        self.context = context
        self.entries = page_entries() if entries is None else entries
        self._pages: dict[str, QWidget] = {}
        self._wanted = self._no_library = ""
        self.setWindowTitle("descant")
        self.setMinimumSize(720, 480)
        self.resize(1240, 820)
        self._side = SideBar(self.entries)
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self._toast = Toast(body)
        context.notify = self._toast.say
        self._keys = WindowKeys(self, self._key_actions())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._make)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)
        self._side.page_asked.connect(self.show_page)
        self._side.note_pressed.connect(self._tell_of_folder)
        context.queue.engine_changed.connect(self._on_engine)
        context.queue.engine_failed.connect(self._on_engine_failed)
        context.settings.write_failed.connect(self.notify)
        if context.player is not None:
            context.player.device_lost.connect(self.notify)
        self._side.show_state(self.tr("Starting …"))
        if saved := context.settings.value.window:
            self.restoreGeometry(QByteArray(base64.b64decode(saved)))
        if self.entries:
            self.show_page(self.entries[0].name)

    @property
    def current_page(self) -> str:
        """Name of the page that is shown."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def page(self, name: str) -> QWidget:
        """Return a page, which is made the first time."""
        if name not in self._pages:
            entry = next(entry for entry in self.entries if entry.name == name)
            made: QWidget = getattr(import_module(entry.module), entry.class_name)(self.context)
            self._connect(made)
            self._stack.addWidget(made)
            self._pages[name] = made
        return self._pages[name]

    def set_library(self, library: Any) -> None:
        """Take the library, and show the page that has waited for it."""
        self.context.library = library
        if self._no_library:
            self._no_library = ""
            self._side.show_note("", "")
        held = self.context.queue.held
        if held is not None and held.kind == "save":  # for want of a library
            self.context.queue.go_on()
        if self._wanted:
            self.show_page(self._wanted)

    def set_spare_library(self, text: str) -> None:
        """Say, as long as the window is open, that takes go to another folder than the chosen."""
        self._side.show_note(self.tr("Takes go elsewhere"), text)
        self._tell_of_folder(text)

    def set_no_library(self, text: str) -> None:
        """Say that there is none; pages that need one wait until another folder is chosen."""
        self._no_library = text
        self._side.show_note(self.tr("There is no library"), text)
        self._tell_of_folder(text)

    def notify(self, text: str) -> None:
        """Say something that needs no answer."""
        self._toast.say(text)

    def close_pages(self) -> None:
        """End what pages have running; those that have a ``close_threads``."""
        for page in self._pages.values():
            if (close := getattr(page, "close_threads", None)) is not None:
                close()

    def show_page(self, name: str) -> None:
        """Show a page; a name that there is no page of changes nothing."""
        self._wanted = ""
        entry = next((entry for entry in self.entries if entry.name == name), None)
        if entry is not None and entry.needs_library and self.context.library is None:
            self._wanted = name  # it is there in a moment, or when another folder is chosen
            self._side.show_current(self.current_page)
            if self._no_library:
                self._tell_of_folder(self._no_library)
        elif entry is not None:
            page = self.page(name)
            if page is not self._stack.currentWidget():
                self._stack.setCurrentWidget(page)
                if name != FIRST:  # else Qt puts a ring round whatever comes first
                    page.setFocus()
            self._side.show_current(name)

    def show_take(self, take: int) -> None:
        """Show one take of the library."""
        self.show_page("take")
        self._call("take", "show_take", take)

    def edit_request(self, request: object) -> None:
        """Put a request on the Make page, where it can be changed."""
        self.show_page("make")
        self._call("make", "edit", request)

    def keep_melody(self, file: Path | None) -> None:
        """Let the next takes follow the melody of a MIDI file; None ends that."""
        self._call("make", "keep_melody", file)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window was."""
        place = bytes(self.saveGeometry().toBase64().data()).decode()
        self.context.settings.update(window=place)
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw icons anew in another theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            for button in self.findChildren(QAbstractButton):
                refresh_icon(button)
            for label in self.findChildren(QLabel):
                refresh_icon(label)
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the side bar out in a narrow window."""
        self._side.set_narrow(event.size().width() < NARROW_BELOW)
        super().resizeEvent(event)

    def _call(self, page: str, method: str, argument: object) -> None:
        if page in self._pages:
            getattr(self._pages[page], method)(argument)

    def _connect(self, page: QWidget) -> None:
        slots: dict[str, Callable[..., Any]] = {
            "open_take": self.show_take,
            "edit_request": self.edit_request,
            "navigate": self.show_page,
            "melody_kept": self.keep_melody,
        }
        for name, slot in slots.items():
            if (signal := getattr(page, name, None)) is not None:
                signal.connect(slot)

    def _key_actions(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_Space: self._toggle,
            Qt.Key.Key_Left: lambda: self._seek(-SEEK_S),
            Qt.Key.Key_Right: lambda: self._seek(SEEK_S),
        }

    def _tell_of_folder(self, text: str) -> None:
        self._toast.say(text, self.tr("Settings"), lambda: self.show_page("settings"))

    def _make(self) -> None:
        self.show_page("make")
        self._pages["make"].make()  # type: ignore[attr-defined]

    def _toggle(self) -> None:
        if self.context.player is not None:
            self.context.player.toggle()

    def _seek(self, seconds: float) -> None:
        player = self.context.player
        if player is not None:
            player.seek(max(player.position + seconds, 0.0))

    def _on_engine(self, device: str, reason: str) -> None:
        self._side.show_state(self.tr("Ready · computes on {0}").format(device), reason)

    def _on_engine_failed(self, message: str) -> None:
        self._side.show_state(self.tr("Not ready"), message)
        self.notify(message)
