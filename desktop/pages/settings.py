"""The Settings page: how it looks, where things are kept, what sounds and computes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QLabel, QWidget

from descant.desktop.context import AppContext
from descant.desktop.engine_choice import use_device
from descant.desktop.output import Found
from descant.desktop.pack_words import short_path
from descant.desktop.settings import SCALES, AppSettings
from descant.desktop.widgets.device_card import device_titles
from descant.desktop.widgets.page_parts import button, card, label, line, page
from descant.desktop.widgets.setting_row import Choice, Menu, setting_row

KEPT = ("window",)
"""Fields that a reset leaves alone."""


class SettingsPage(QWidget):
    """Changes the settings at once; what waits for a new start says so."""

    navigate = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._store = context.settings
        reset = button(self.tr("Reset all"), self.reset, "", "undo")
        inside = page(
            self,
            self.tr("Settings"),
            self.tr("Changes hold at once, where nothing else is said."),
            reset,
        )
        for title, make in (
            (self.tr("Appearance"), self._make_appearance),
            (self.tr("Music"), self._make_music),
            (self.tr("Folders"), self._make_folders),
        ):
            inside.addWidget(label(title, "heading"))
            inside.addWidget(make())
        self._store.changed.connect(lambda _: self._show())
        if (player := context.player) is not None:
            player.output.changed.connect(self._show_sound)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sound cards again."""
        super().showEvent(event)
        if (player := self._context.player) is not None:
            player.output.refresh()
        self._show_sound()

    def reset(self) -> None:
        """Go back to the defaults; the message about it has a way back."""
        before, fresh = self._store.value, AppSettings()
        kept = {name: getattr(before, name) for name in KEPT}
        self._apply(dataclasses.replace(fresh, **kept))
        self._context.notify(
            self.tr("All settings are as they were at first"),
            self.tr("Undo"),
            lambda: self._apply(before),
        )

    def _apply(self, value: AppSettings) -> None:
        before = self._store.value
        self._store.update(**{f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
        if (before.pack, before.device) != (value.pack, value.device):
            self._context.queue.set_engine(value.pack, value.device)

    def _make_appearance(self) -> QFrame:
        self.theme = Choice(
            self.tr("Theme"),
            ((self.tr("System"), "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark")),
        )
        self.theme.chosen.connect(lambda value: self._store.update(theme=value))
        self.language = Choice(
            self.tr("Language"),
            ((self.tr("System"), "system"), ("English", "en"), ("Deutsch", "de")),
        )
        self.language.chosen.connect(lambda value: self._store.update(language=value))
        self.scale = Menu(self.tr("Size"))
        self.scale.set_options([(f"{scale:.0%}", scale) for scale in SCALES], 1.0)
        self.scale.picked.connect(lambda value: self._store.update(scale=value))
        self.motion = QCheckBox(self.tr("Less motion"))
        self.motion.setAccessibleName(self.tr("Less motion"))
        self.motion.toggled.connect(lambda on: self._store.update(reduced_motion=on))
        later = self.tr("Holds after the next start.")
        return _rows(
            setting_row(
                self.tr("Theme"), self.tr("As the system has it, or always the same."), self.theme
            ),
            setting_row(self.tr("Language"), later, self.language),
            setting_row(
                self.tr("Size"), self.tr("Of everything in the window.") + " " + later, self.scale
            ),
            setting_row(self.tr("Motion"), self.tr("Nothing slides or fades."), self.motion),
        )

    def _make_music(self) -> QFrame:
        self.output = Menu(self.tr("Output"))
        self.output.picked.connect(lambda name: self._store.update(audio_output=name))
        self._output_note = label("", "small", wrap=True)
        self.microphone = Menu(self.tr("Microphone"))
        self.microphone.picked.connect(lambda name: self._store.update(audio_input=name))
        self.device = Menu(self.tr("Device"))
        self.device.picked.connect(lambda value: use_device(self._context, value))
        self._pack = label("", "soft")
        packs = button(
            self.tr("Choose …"),
            lambda: self.navigate.emit("packs"),
            "",
            "packs",
            self.tr("Choose a pack"),
        )
        devices = button(
            self.tr("Why?"), lambda: self.navigate.emit("devices"), "quiet", "",
            self.tr("Why a device can't be used"),
        )  # fmt: skip
        return _rows(
            setting_row(self.tr("Output"), self.tr("Where takes are heard."), self.output),
            self._output_note,
            setting_row(self.tr("Microphone"), self.tr("What hears you hum."), self.microphone),
            setting_row(
                self.tr("Device"), self.tr("What computes the music."), devices, self.device
            ),
            setting_row(self.tr("Pack"), self.tr("What makes the music."), self._pack, packs),
        )

    def _make_folders(self) -> QFrame:
        self._paths: dict[str, QLabel] = {}
        return _rows(
            self._folder_row(
                "library_folder",
                self.tr("Library"),
                self.tr("Where takes are kept. Holds after the next start."),
            ),
            self._folder_row("packs_folder", self.tr("Packs"), self.tr("Packs that you install.")),
        )

    def _folder_row(self, field: str, title: str, text: str) -> QWidget:
        self._paths[field] = label("", "small", wrap=True)
        change = button(
            self.tr("Change …"), lambda: self._choose_folder(field, title), "", "",
            self.tr("Change the folder of {0}").format(title),
        )  # fmt: skip
        show = button(
            self.tr("Open"), lambda: self._open(field), "quiet", "folder",
            self.tr("Open the folder of {0}").format(title),
        )  # fmt: skip
        return setting_row(title, text, show, change, below=self._paths[field])

    def _choose_folder(self, field: str, title: str) -> None:
        now = str(getattr(self._store.value, field))
        if path := QFileDialog.getExistingDirectory(self, title, now):
            self._store.update(**{field: Path(path)})

    def _open(self, field: str) -> None:
        folder = Path(getattr(self._store.value, field))
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self._context.notify(self.tr("The folder is made when something is put into it"))

    def _show(self) -> None:
        """Show what holds."""
        value = self._store.value
        self.theme.set_value(value.theme)
        self.language.set_value(value.language)
        self.scale.set_value(value.scale)
        self.motion.setChecked(value.reduced_motion)
        titles = device_titles()
        self.device.set_options([(words[0], name) for name, words in titles.items()], value.device)
        self._pack.setText(Path(value.pack).name)
        for field, shown in self._paths.items():
            path = Path(getattr(value, field))
            shown.setText(short_path(path))
            shown.setToolTip(str(path))
        self._show_sound()

    def _show_sound(self) -> None:
        """Offer the sound cards that are there, and those that are wished for even if not."""
        player, wished = self._context.player, self._store.value
        found = player.output.found if player else Found()
        self._offer(self.output, found.outputs, wished.audio_output)
        self._offer(self.microphone, found.microphones, wished.audio_input)
        reason = player.output.silent_reason if player else None
        self._output_note.setText(reason or "")
        self._output_note.setVisible(bool(reason))

    def _offer(self, menu: Menu, names: Iterable[str], wished: str | None) -> None:
        options: dict[str | None, str] = {None: self.tr("As the system has it")}
        options |= {name: name for name in (*names, wished) if name is not None}
        menu.set_options([(text, name) for name, text in options.items()], wished)


def _rows(*rows: QWidget) -> QFrame:
    """Return a card with thin lines between its rows."""
    items: list[QWidget] = []
    for each in rows:
        if items and not isinstance(each, QLabel):
            items.append(line())
        items.append(each)
    return card(*items, gap=2)
