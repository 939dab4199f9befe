"""Settings hold at once, survive a start, and go back to what they were."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from descant.desktop.app import follow_theme
from descant.desktop.context import AppContext
from descant.desktop.output import Found
from descant.desktop.pages.settings import SettingsPage
from descant.desktop.settings import AppSettings, read_settings
from descant.desktop.theme import apply_theme, tokens


class FakeOutput(QObject):
    """Has two sound cards and two microphones."""

    changed = Signal()
    silent_reason = "There is no sound card."
    found = Found(("Speakers", "Headphones"), ("Inside", "Headset"))

    def refresh(self) -> None:
        self.changed.emit()


@pytest.fixture
def page(context: AppContext, tiny_pack: Path, qtbot: QtBot) -> SettingsPage:
    context.player = SimpleNamespace(output=FakeOutput())
    context.settings.update(pack=str(tiny_pack))
    made = SettingsPage(context)
    qtbot.addWidget(made)
    made.show()
    return made


def test_choices_are_kept(page: SettingsPage, context: AppContext) -> None:
    page.theme.choose("dark")
    page.language.choose("de")
    page.motion.setChecked(False)
    page.scale.setCurrentIndex(page.scale.findData(1.5))
    page.scale.activated.emit(page.scale.currentIndex())
    context.settings.close()
    kept = read_settings(context.settings.path)
    assert (kept.theme, kept.language, kept.reduced_motion, kept.scale) == (
        "dark", "de", False, 1.5,
    )  # fmt: skip


def test_the_theme_changes_at_once(
    page: SettingsPage, context: AppContext, styled: QApplication
) -> None:
    follow_theme(styled, context.settings)
    page.theme.choose("dark")
    assert tokens().dark
    page.theme.choose("light")
    assert not tokens().dark
    apply_theme(styled, "light")


def test_outputs_are_offered_and_kept(page: SettingsPage, context: AppContext) -> None:
    names = [page.output.itemText(i) for i in range(page.output.count())]
    assert names[1:] == ["Speakers", "Headphones"]
    page.output.picked.emit("Headphones")
    assert context.settings.value.audio_output == "Headphones"
    assert page.output.currentData() == "Headphones"
    context.settings.update(audio_output="Unplugged")
    assert page.output.currentData() == "Unplugged"
    assert "There is no sound card." in [each.text() for each in page.findChildren(QLabel)]


def test_a_microphone_is_chosen_for_humming(page: SettingsPage, context: AppContext) -> None:
    names = [page.microphone.itemText(i) for i in range(page.microphone.count())]
    assert names[1:] == ["Inside", "Headset"]
    page.microphone.picked.emit("Headset")
    assert context.settings.value.audio_input == "Headset"
    assert page.microphone.currentData() == "Headset"
    context.settings.update(audio_input="Unplugged")
    assert page.microphone.currentData() == "Unplugged"
    page.reset()
    assert page.microphone.currentData() is None


def test_device_and_pages_about_it(page: SettingsPage, context: AppContext, qtbot: QtBot) -> None:
    with qtbot.waitSignal(context.queue.engine_changed, timeout=20_000):
        page.device.picked.emit("cpu")
    assert context.settings.value.device == "cpu"
    with qtbot.waitSignal(page.navigate) as asked:
        next(
            b for b in page.findChildren(QPushButton) if b.accessibleName() == "Choose a pack"
        ).click()
    assert asked.args == ["packs"]


def test_folders_are_chosen(
    page: SettingsPage, context: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "new"))
    buttons = {b.accessibleName(): b for b in page.findChildren(QPushButton)}
    buttons["Change the folder of Library"].click()
    buttons["Change the folder of Packs"].click()
    value = context.settings.value
    assert (value.library_folder, value.packs_folder) == (tmp_path / "new", tmp_path / "new")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    buttons["Change the folder of Packs"].click()
    assert context.settings.value == value


def test_a_reset_has_a_way_back(page: SettingsPage, context: AppContext) -> None:
    told = []
    context.notify = lambda text, action="", on_action=None: told.append((action, on_action))
    context.settings.update(theme="dark", window="place", audio_output="Speakers")
    before = context.settings.value
    page.reset()
    fresh = context.settings.value
    assert (fresh.theme, fresh.audio_output) == (AppSettings().theme, None)
    assert fresh.window == "place"
    action, undo = told[-1]
    assert action == "Undo"
    assert undo is not None
    undo()
    assert context.settings.value == before
