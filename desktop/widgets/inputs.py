"""The tiles of the Make page: pictures, a film, a sound, and a tune as MIDI or hummed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.file_kinds import of_kind
from descant.desktop.theme import tokens
from descant.desktop.thumbnails import Thumbnails
from descant.desktop.widgets.drop_zone import DropZone
from descant.desktop.widgets.hum_box import HumBox

MAX_PICTURES = 32
_TILE = 138


class MelodyZone(DropZone):
    """Takes a MIDI file, or a recording of a tune; there is one tune, the latest."""

    def __init__(self, context: AppContext, thumbnails: Thumbnails) -> None:
        super().__init__(
            "melody",
            "note",
            self.tr("Melody"),
            self.tr("A MIDI file, or your voice"),
            1,
            thumbnails,
        )
        self.hum_box = HumBox(context)
        self.hum_box.recorded.connect(lambda path: self.set_files([path]))
        self.column.addWidget(self.hum_box)

    @property
    def hum(self) -> Path | None:
        """The tune, where it is a recording."""
        return next((file for file in self.files if not of_kind([file], "melody")), None)

    @property
    def midi(self) -> Path | None:
        """The tune, where it is a MIDI file."""
        return next(iter(of_kind(self.files, "melody")), None)


class Inputs(QWidget):
    """All tiles, in as many columns as there is room for."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.pictures = DropZone(
            "images", "picture", self.tr("Pictures"), self.tr("Drop some, or click"),
            MAX_PICTURES, self.thumbnails,
        )  # fmt: skip
        self.film = DropZone(
            "video", "film", self.tr("Film"), self.tr("Music as long as it"), 1, self.thumbnails
        )
        self.sound = DropZone(
            "audio", "sound", self.tr("Sound"), self.tr("Something to sound like"), 1,
            self.thumbnails,
        )  # fmt: skip
        self.melody = MelodyZone(context, self.thumbnails)
        self.zones = (self.pictures, self.film, self.sound, self.melody)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens().space * 3 // 2)
        self._columns = 0
        for zone in self.zones:
            zone.files_changed.connect(self.changed)
        self._arrange(4)

    def add_files(self, paths: Iterable[Path]) -> int:
        """Hand files to the tiles of their kind; returns how many were of use."""
        found = tuple(paths)
        used = 0
        for zone in self.zones:
            fitting = of_kind(found, zone.kind)
            zone.add_files(fitting)
            used += len(fitting)
        return used

    def values(self) -> dict[str, Any]:
        """Return the fields of a request that hold files."""
        single = {
            "video": next(iter(self.film.files), None),
            "audio": next(iter(self.sound.files), None),
            "melody": self.melody.midi,
            "hum": self.melody.hum,
        }
        found = {name: file for name, file in single.items() if file is not None}
        return found | ({"images": self.pictures.files} if self.pictures.files else {})

    def set_values(self, values: dict[str, Any]) -> None:
        """Show the files of a request; what is no file (notes, say) is left out."""
        self.pictures.set_files(Path(file) for file in values.get("images") or ())
        for zone, names in (
            (self.film, ("video",)), (self.sound, ("audio",)), (self.melody, ("melody", "hum")),
        ):  # fmt: skip
            files = [values.get(name) for name in names]
            zone.set_files(Path(file) for file in files if isinstance(file, (str, Path)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Go from four columns to two where it gets narrow."""
        wide = event.size().width() >= 4 * _TILE + 3 * self._grid.spacing()
        self._arrange(4 if wide else 2)
        super().resizeEvent(event)

    def close_threads(self) -> None:
        """End what runs for the tiles."""
        self.thumbnails.close()
        self.melody.hum_box.recorder.close()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, zone in enumerate(self.zones):
            self._grid.addWidget(zone, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
