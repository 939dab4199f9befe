"""The whole app: from a sentence to a take in the library, and what goes wrong on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from descant.desktop import app as app_module
from descant.desktop.app import AppOptions, RunningApp, start
from descant.desktop.player import Player
from descant.desktop.screenshots import draw_pages
from descant.desktop.settings import SettingsStore
from descant.desktop.theme import apply_theme, tokens
from descant.runtime import BackendError, Request
from tests.desktop.fake_sound import Clock, FakeBackend

WAIT_MS = 30_000


@pytest.fixture
def options(tiny_pack: Path, tmp_path: Path) -> AppOptions:
    """Return options with the tiny pack, and settings and library in a folder of the test."""
    store = SettingsStore(tmp_path / "settings")
    store.update(library_folder=tmp_path / "Music", theme="light", language="en")
    store.close()
    return AppOptions(str(tiny_pack), "cpu", settings_folder=store.folder)


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """Return a made-up sound card, which the app plays on."""
    clock = Clock()
    backend = FakeBackend(clock, "Speakers")
    monkeypatch.setattr(app_module, "Player", lambda: Player(backend, clock))
    return backend


@pytest.fixture
def running(
    options: AppOptions, styled: QApplication, sound: FakeBackend, qtbot: QtBot
) -> Iterator[RunningApp]:
    """Return the app, started, its library open."""
    made = start(options)
    qtbot.addWidget(made.window)
    qtbot.waitUntil(lambda: made.context.library is not None, timeout=WAIT_MS)
    yield made
    made.close()


def test_a_take_is_made_kept_and_shown(running: RunningApp, qtbot: QtBot) -> None:
    make: Any = running.window.page("make")
    make.edit(Request(prompt="calm piano", seconds=1.0, seed=7, count=2))
    with qtbot.waitSignals([running.context.queue.take_kept] * 2, timeout=WAIT_MS):
        make.make()
    takes = running.context.library.takes()
    assert sorted(take.seed for take in takes) == [7, 8]
    assert {take.title for take in takes} == {"calm piano"}
    assert [card.record.seed for card in make.now.takes.cards] == [8, 7]
    with qtbot.waitSignal(make.open_take) as asked:
        make.now.takes.cards[0].open_asked.emit(make.now.takes.cards[0])
    assert asked.args == [make.now.takes.cards[0].record.id]


def test_a_sound_card_that_goes_away_is_told_and_nothing_stops(
    running: RunningApp, sound: FakeBackend, qtbot: QtBot
) -> None:
    make: Any = running.window.page("make")
    make.edit(Request(prompt="calm piano", seconds=8.0, seed=7))
    with qtbot.waitSignal(running.context.queue.take_kept, timeout=WAIT_MS):
        make.make()
    player: Player = running.context.player
    make.now.takes.toggle(make.now.takes.cards[0])
    qtbot.waitUntil(lambda: bool(sound.streams), timeout=WAIT_MS)
    with qtbot.waitSignal(player.device_lost, timeout=WAIT_MS):
        sound.unplug()
    assert running.window._toast.isVisible()
    assert player.state == "playing"


def test_the_sound_follows_the_settings(running: RunningApp, sound: FakeBackend) -> None:
    player: Player = running.context.player
    melody = player.sibling()
    page: Any = running.window.page("settings")
    running.context.settings.update(volume_db=-20.0, audio_output=sound.names[0])
    for each in (player, melody):
        assert (each.gain_db, each.output.device) == (-20.0, sound.names[0])
    page.reset()
    for each in (player, melody):
        assert (each.gain_db, each.output.device) == (0.0, None)
    melody.close()


def test_a_folder_that_can_not_hold_the_library_is_told(
    options: AppOptions, styled: QApplication, tmp_path: Path, qtbot: QtBot, sound: FakeBackend
) -> None:
    (tmp_path / "Music").write_text("no folder")
    made = start(options)
    qtbot.addWidget(made.window)
    qtbot.waitUntil(lambda: made.context.library is not None, timeout=WAIT_MS)
    qtbot.waitUntil(made.window._toast.isVisible, timeout=WAIT_MS)
    assert made.context.library.folder == made.context.settings.folder / "library"
    made.close()


def test_settings_change_the_theme_at_once(running: RunningApp, styled: QApplication) -> None:
    try:
        running.context.settings.update(theme="dark")
        assert tokens().dark
    finally:
        apply_theme(styled, "light")


def test_every_page_is_drawn(options: AppOptions, tmp_path: Path) -> None:
    assert draw_pages(tmp_path / "shots", options) == 0
    for name, size in (("make-light-100", (1240, 820)), ("make-dark-200", (2480, 1640))):
        image = QImage(str(tmp_path / "shots" / f"{name}.png"))
        assert (image.width(), image.height()) == size
        assert (image.pixelColor(20, 400).lightness() > 128) == ("light" in name)
    assert not (tmp_path / "Music").exists()


ON_A_SCREEN = """
import sys
from pathlib import Path
from descant.desktop.app import AppOptions, start
from PySide6.QtCore import QTimer
running = start(AppOptions(sys.argv[1], "cpu", settings_folder=Path(sys.argv[2])))
def look():
    print(running.application.platformName(), running.window.isVisible())
    running.application.quit()
QTimer.singleShot(300, look)
running.application.exec()
running.close()
"""


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb is not installed")
def test_the_window_shows_on_a_screen(options: AppOptions) -> None:
    words = [str(options.pack), str(options.settings_folder)]
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", ON_A_SCREEN, *words],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["xcb", "True"], done.stderr[-500:]


def test_without_a_screen_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, options: AppOptions
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(BackendError, match="no screen"):
        app_module.main(options)


def test_without_qt_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from descant.runtime.cli import main\n"
        "sys.exit(main(['app']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "descant[desktop]" in done.stderr
    assert "Traceback" not in done.stderr
