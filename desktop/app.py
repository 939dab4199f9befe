"""The app's entry: settings, queue and window come together here."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from descant.desktop.context import AppContext
from descant.desktop.eta import PaceBook
from descant.desktop.i18n import install_language
from descant.desktop.icons import app_icon
from descant.desktop.library_opener import LibraryOpener
from descant.desktop.player import Player
from descant.desktop.queue_file import QueueFile
from descant.desktop.settings import AppSettings, SettingsStore
from descant.desktop.theme import apply_theme
from descant.desktop.warmer import Warmer
from descant.desktop.window import MainWindow
from descant.desktop.worker import GenerationQueue
from descant.runtime import BackendError

SWITCH_INTERVAL_S = 0.001
"""How long a thread may keep Python to itself while the window wants to draw."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What the command line says; None leaves a matter to the settings."""

    pack: str | None = None
    device: str | None = None
    screenshots: Path | None = None
    """Folder to draw every page into instead of showing a window."""
    settings_folder: Path | None = None


@dataclass(frozen=True)
class RunningApp:
    """Everything that ``start`` has made."""

    application: QApplication
    context: AppContext
    opener: LibraryOpener
    window: MainWindow
    warmer: Warmer
    queue_file: QueueFile

    def close(self) -> None:
        """End what runs in the background; what is done is on the disk by then."""
        self.warmer.close()
        self.window.close_pages()
        self.context.queue.close()
        self.queue_file.close()
        if self.context.player is not None:
            self.context.player.close()
        self.opener.close()
        self.context.settings.close()


def main(options: AppOptions) -> int:
    """Run the app until its window is closed; returns the exit code."""
    if options.screenshots is not None:
        from descant.desktop.screenshots import draw_pages

        return draw_pages(options.screenshots, options)
    check_screen()
    running = start(options)
    code = running.application.exec()
    running.close()
    return code


def check_screen() -> None:
    """Refuse to start where there is no screen: Qt would abort the process.

    Raises:
        BackendError: There is none.
    """
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        raise BackendError(
            "there is no screen to show a window on",
            hint="start it from a desktop; descant generate needs no screen",
        )


def start(options: AppOptions) -> RunningApp:
    """Show the window; pack, library and the other pages are loaded once it is there."""
    store = SettingsStore(options.settings_folder)
    application = make_application(store.value)
    opener = LibraryOpener(store.value.library_folder, store.folder / "library")
    context = make_context(store, options, opener)
    queue_file = QueueFile(context.queue, store.folder)
    window = MainWindow(context)
    follow_theme(application, store)
    opener.opened.connect(window.set_library)
    opener.spared.connect(window.set_spare_library)
    opener.failed.connect(window.set_no_library)
    opener.taken_in.connect(window.notify)
    store.changed.connect(lambda value: opener.try_again(value.library_folder))
    opener.start()
    window.show()
    # When the window has been drawn, and not before.
    QTimer.singleShot(0, lambda: context.queue.set_engine(*engine_of(store.value, options)))
    warmer = Warmer([entry.module for entry in window.entries], window)
    return RunningApp(application, context, opener, window, warmer, queue_file)


def make_application(settings: AppSettings) -> QApplication:
    """Return the one ``QApplication``, in the theme and size that the settings say."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    running = QApplication.instance()
    if not isinstance(running, QApplication):
        if settings.scale != 1.0:
            os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale))
        running = QApplication(["descant"])
        running.setApplicationName("descant")
        running.setDesktopFileName("descant")
        running.setWindowIcon(app_icon())
        running.setStyle("Fusion")
    install_language(running, settings.language)
    apply_theme(running, settings.theme, settings.reduced_motion)
    return running


def make_context(store: SettingsStore, options: AppOptions, opener: LibraryOpener) -> AppContext:
    """Return the parts that pages share; the library comes when it is open."""
    paces = PaceBook(store.folder / "pace.json")
    queue = GenerationQueue(*engine_of(store.value, options), keep=opener.keep, paces=paces)
    player = Player()
    follow_sound(player, store)
    return AppContext(settings=store, queue=queue, player=player)


def follow_sound(player: Player, store: SettingsStore) -> None:
    """Play on the output and as loud as the settings say, now and when they change."""

    def apply(value: AppSettings) -> None:
        player.set_gain_db(value.volume_db)
        player.set_device(value.audio_output)

    apply(store.value)
    store.changed.connect(apply)


def engine_of(settings: AppSettings, options: AppOptions) -> tuple[str, str]:
    """Return the pack and the device to compute on."""
    return options.pack or settings.pack, options.device or settings.device


def follow_theme(application: QApplication, store: SettingsStore) -> None:
    """Change colours when the settings or, with theme "system", the desktop's do."""

    def apply() -> None:
        apply_theme(application, store.value.theme, store.value.reduced_motion)

    look = replace(store.value)

    def on_settings(value: AppSettings) -> None:
        nonlocal look
        before, look = look, value
        if (before.theme, before.reduced_motion) != (value.theme, value.reduced_motion):
            apply()

    store.changed.connect(on_settings)
    QGuiApplication.styleHints().colorSchemeChanged.connect(apply)
