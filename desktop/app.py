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
from descant.desktop.settings import AppSettings, SettingsStore
from descant.desktop.theme import apply_theme
from descant.desktop.window import MainWindow
from descant.desktop.worker import GenerationQueue

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


def main(options: AppOptions) -> int:
    """Run the app until its window is closed; returns the exit code."""
    store = SettingsStore(options.settings_folder)
    application = make_application(store.value)
    context = make_context(store, options)
    window = MainWindow(context)
    follow_theme(application, store)
    window.show()
    # When the window has been drawn, and not before.
    QTimer.singleShot(0, lambda: context.queue.set_engine(*engine_of(store.value, options)))
    code = application.exec()
    close_context(context)
    return code


def make_application(settings: AppSettings) -> QApplication:
    """Return the one ``QApplication``, in the theme and size that the settings say."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    running = QApplication.instance()
    if not isinstance(running, QApplication):
        if settings.scale != 1.0:
            os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale))
        running = QApplication(["descant"])
        running.setApplicationName("descant")
        running.setStyle("Fusion")
    apply_theme(running, settings.theme, settings.reduced_motion)
    return running


def make_context(store: SettingsStore, options: AppOptions) -> AppContext:
    """Return the parts that pages share."""
    paces = PaceBook(store.folder / "pace.json")
    queue = GenerationQueue(*engine_of(store.value, options), paces=paces)
    return AppContext(settings=store, queue=queue)


def close_context(context: AppContext) -> None:
    """End what runs in the background; what is done is on the disk by then."""
    context.queue.close()
    context.settings.close()


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
