"""Everything about the music that is not words or files: length, tempo, key, seed, strengths."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from descant.desktop.keys_of_music import key_names
from descant.desktop.theme import tokens
from descant.desktop.widgets.controls import AutoSlider, AutoSpin, SeedField, spin
from descant.desktop.widgets.parts import Disclosure, Field, row

USUAL_SECONDS, USUAL_BARS, USUAL_TEMPO = 10, 8, 110
MAX_BARS = 400
SECONDS, BARS, FILM = 0, 1, 2


class LengthField(QWidget):
    """A length in seconds or in bars, or that of the film while there is one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = spin(1, 600, USUAL_SECONDS, self._on_number)
        self.number.setAccessibleName(self.tr("Length"))
        self.unit = QComboBox()
        self.unit.addItems([self.tr("seconds"), self.tr("bars")])
        self.unit.setAccessibleName(self.tr("Unit of the length"))
        self.unit.currentIndexChanged.connect(self._on_unit)
        line = row(self.number, self.unit, spacing=tokens().space // 2)
        self.setLayout(line)

    def values(self) -> dict[str, Any]:
        """Return the field of a request; the film's length needs none."""
        if self.unit.currentIndex() == FILM:
            return {}
        if self.unit.currentIndex() == BARS:
            return {"bars": self.number.value()}
        return {"seconds": float(self.number.value())}

    def choose(self, seconds: float | None, bars: int | None) -> None:
        """Show a length; none is the film's or the usual one."""
        if seconds is None and bars is None and self.unit.count() > FILM:
            self.unit.setCurrentIndex(FILM)
            return
        self.unit.setCurrentIndex(SECONDS if bars is None else BARS)
        self.number.setValue(bars if bars is not None else round(seconds or USUAL_SECONDS))

    def set_film(self, there: bool) -> None:
        """Offer the length of a film, and choose it; or take that choice away."""
        if there and self.unit.count() == FILM:
            self.unit.addItem(self.tr("as the film"))
        elif not there:
            self.unit.removeItem(FILM)
        if there:
            self.unit.setCurrentIndex(FILM)

    def _on_number(self) -> None:
        self.changed.emit()

    def _on_unit(self, unit: int) -> None:
        self.number.setEnabled(unit != FILM)
        self.number.setRange(1, MAX_BARS if unit == BARS else 600)
        self.number.setValue(USUAL_BARS if unit == BARS else USUAL_SECONDS)
        self.changed.emit()


class WishFields(QWidget):
    """Holds the fields, by their names in ``Request``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        """By the name that an error message begins with."""
        self._length = LengthField()
        self._tempo = AutoSpin(30, 300, USUAL_TEMPO, suffix=self.tr(" bpm"))
        self._key = QComboBox()
        names = key_names()
        self._keys = (None, *(key for key, _ in names))
        self._key.addItems([self.tr("Auto"), *(name for _, name in names)])
        self._loop = QCheckBox(self.tr("Loop without a seam"))
        self._more = self._make_more()
        self.more = Disclosure(self.tr("More"), self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space)
        column.addLayout(self._make_first())
        column.addWidget(self.more)
        self._length.changed.connect(self._on_length)
        self._on_length()

    def values(self) -> dict[str, Any]:
        """Return what is set, by the names of a request's fields; draws a seed."""
        steps = self._steps.chosen
        found: dict[str, Any] = {
            **self._length.values(),
            "tempo_bpm": self._tempo.chosen,
            "key": self._keys[self._key.currentIndex()],
            "steps": None if steps is None else round(steps),
            "guidance_scale": self._guidance.chosen,
            "melody_strength": self._melody.chosen,
            "image_strength": self._picture.chosen,
            "negative_prompt": self._negative.text().strip(),
        }
        found = {name: value for name, value in found.items() if value not in (None, "")}
        if self._loop.isChecked():
            found["loop"] = True
        return found | {"seed": self._seed.take()}

    def set_film(self, there: bool) -> None:
        """Take the length of a film while there is one, unless another is chosen after that."""
        self._length.set_film(there)

    def set_values(self, values: dict[str, Any]) -> None:
        """Show the fields of a request."""
        self._length.choose(values.get("seconds"), values.get("bars"))
        self._tempo.choose(values.get("tempo_bpm"))
        key = values.get("key")
        self._key.setCurrentIndex(self._keys.index(key) if key in self._keys else 0)
        self._steps.choose(values.get("steps"))
        self._guidance.choose(values.get("guidance_scale"))
        self._melody.choose(values.get("melody_strength"))
        self._picture.choose(values.get("image_strength"))
        self._negative.setText(str(values.get("negative_prompt") or ""))
        self._loop.setChecked(bool(values.get("loop")))
        if values.get("seed") is not None:
            self._seed.choose(int(values["seed"]))

    def _make_first(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(tokens().space * 2)
        self.fields |= {
            "seconds": Field(self.tr("Length"), self._length),
            "tempo_bpm": Field(self.tr("Tempo"), self._tempo),
            "key": Field(self.tr("Key"), self._key),
        }
        self.fields["bars"] = self.fields["seconds"]
        for place, name in enumerate(("seconds", "tempo_bpm", "key")):
            grid.addWidget(self.fields[name], 0, place)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        return grid

    def _make_more(self) -> QWidget:
        self._seed = SeedField()
        self._steps = AutoSpin(1, 1000, 8)
        self._guidance = AutoSpin(0, 100, 3, step=0.5, digits=1)
        self._negative = QLineEdit()
        self._negative.setPlaceholderText(self.tr("drums, distortion"))
        self._melody = AutoSlider(self.tr("How closely it follows the melody"), 1.0, 1.0)
        self._picture = AutoSlider(self.tr("How much pictures and film count"), 2.0, 1.0)
        self.fields |= {
            "loop": Field("", self._loop),
            "seed": Field(self.tr("Seed"), self._seed),
            "steps": Field(self.tr("Steps: more is finer and slower"), self._steps),
            "guidance_scale": Field(self.tr("How closely it follows the words"), self._guidance),
            "negative_prompt": Field(self.tr("What to keep away from"), self._negative),
            "melody_strength": Field("", self._melody),
            "image_strength": Field("", self._picture),
        }
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens().space * 2)
        places = (
            ("seed", 0, 0), ("negative_prompt", 0, 1), ("steps", 1, 0), ("guidance_scale", 1, 1),
            ("melody_strength", 2, 0), ("image_strength", 2, 1), ("loop", 3, 0),
        )  # fmt: skip
        for name, line, column in places:
            grid.addWidget(self.fields[name], line, column)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return inside

    def _on_length(self) -> None:
        bars = self._length.unit.currentIndex() == BARS
        self.fields["seconds"].setToolTip(
            self.tr("Bars are as long as the tempo says.") if bars else ""
        )
