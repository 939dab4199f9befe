"""How and where a take is written: as audio, as notes, or with the pictures of a film."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.export import FILM_SUFFIXES, Export
from descant.desktop.library import TakeRecord
from descant.desktop.library.take_files import file_name
from descant.desktop.theme import tokens
from descant.desktop.widgets.dialog_buttons import dialog_buttons
from descant.desktop.widgets.export_name import ExportName
from descant.runtime import Laying

KINDS = ("wav", "flac", "ogg", "mid", "film")


class ExportDialog(QDialog):
    """Asks for format and place; the writing is somebody else's."""

    chosen = Signal(object)
    """An ``Export``."""

    def __init__(
        self,
        take: TakeRecord,
        parent: QWidget | None = None,
        folder: Path | None = None,
        taken: Collection[Path] = (),
    ) -> None:
        """Ask; ``taken`` are files that are being written already."""
        super().__init__(parent)
        self._take, self._folder = take, folder or _music_folder()
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(560)
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3, space * 3, space * 3, space * 3)
        column.setSpacing(space * 2)
        heading = QLabel(self.tr("Export"))
        heading.setProperty("kind", "heading")
        title = QLabel(take.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("kind", "soft")
        self._hint = QLabel()
        self._hint.setProperty("kind", "small")
        self._hint.setWordWrap(True)
        self.bits = self._make_depth()
        self.film = self._make_line(self.tr("Film"))
        self.replace = QCheckBox(self.tr("Leave the film's own sound out"))
        self.mix = self._make_mix()
        self.target, name = self._make_line(self.tr("File")), file_name(take.title, take.id)
        self._name = ExportName(self.target, self._folder, name, self, taken)
        self._go = QPushButton(self.tr("Export"))
        column.addWidget(heading)
        column.addWidget(title)
        column.addLayout(self._make_kinds())
        column.addWidget(self._hint)
        column.addWidget(self._make_film_part())
        column.addLayout(self._make_form())
        column.addLayout(dialog_buttons(self, self._go))
        self.film.textChanged.connect(self._check)
        self.target.textChanged.connect(self._check)
        self.choose_kind("wav")

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        return KINDS[self._kinds.checkedId()]

    def choose_kind(self, kind: str) -> None:
        """Choose a format; the file's name follows."""
        self._kinds.button(KINDS.index(kind)).setChecked(True)
        self._follow()

    def export(self) -> Export:
        """Return what is asked for."""
        is_film = self.kind == "film"
        mix = None if self.replace.isChecked() else self.mix.value()
        return Export(
            self._take.id,
            self._name.path,
            self.bits.currentData(),
            Path(self.film.text().strip()) if is_film else None,
            Laying(mix_db=mix),
        )

    def accept(self) -> None:
        """Say what is asked for; if a file is there already, when it may be replaced."""
        self._name.when_free(self._accept)

    def _accept(self) -> None:
        self.chosen.emit(self.export())
        super().accept()

    def _make_kinds(self) -> QHBoxLayout:
        self._kinds = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(tokens().space)
        texts = ("WAV", "FLAC", "OGG", "MIDI", self.tr("Film"))
        for place, text in enumerate(texts):
            button = QPushButton(text)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            self._kinds.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        if find_spec("av") is None:
            self._switch_off("film", self.tr("Needs PyAV: pip install 'descant[media]'"))
        if not self._take.receipt.get("music"):
            self._switch_off("mid", self.tr("The pack that made this take knows no notes."))
        self._kinds.idClicked.connect(lambda _: self._follow())
        return row

    def _switch_off(self, kind: str, why: str) -> None:
        button = self._kinds.button(KINDS.index(kind))
        button.setEnabled(False)
        button.setToolTip(why)
        button.setAccessibleDescription(why)

    def _make_depth(self) -> QComboBox:
        box = QComboBox()
        box.addItem(self.tr("24 bit, as it is kept"), 24)
        box.addItem(self.tr("16 bit, smaller"), 16)
        box.setAccessibleName(self.tr("Bit depth"))
        return box

    def _make_mix(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(-60.0, 40.0)
        box.setDecimals(1)
        box.setValue(Laying().mix_db or 0.0)
        box.setSuffix(self.tr(" dB"))
        box.setAccessibleName(self.tr("Music over the film's own sound"))
        self.replace.toggled.connect(lambda on: box.setEnabled(not on))
        return box

    def _make_line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        return line

    def _make_film_part(self) -> QFrame:
        self._film_part = QFrame()
        self._film_part.setProperty("kind", "well")
        form = QFormLayout(self._film_part)
        space = tokens().space
        form.setContentsMargins(space * 2, space * 2, space * 2, space * 2)
        form.setSpacing(space * 3 // 2)
        form.addRow(_label(self.tr("Film")), self._with_button(self.film, self._browse_film))
        form.addRow("", self.replace)
        form.addRow(_label(self.tr("Music louder by")), self.mix)
        return self._film_part

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(tokens().space * 3 // 2)
        self._depth_label = _label(self.tr("Bit depth"))
        form.addRow(self._depth_label, self.bits)
        form.addRow(_label(self.tr("File")), self._with_button(self.target, self._name.browse))
        return form

    def _with_button(self, line: QLineEdit, browse: object) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        button = QPushButton(self.tr("Browse…"))
        button.setAutoDefault(False)
        button.setAccessibleName(self.tr("Browse for {0}").format(line.accessibleName()))
        button.clicked.connect(browse)
        row.addWidget(line, 1)
        row.addWidget(button)
        return box

    def _follow(self) -> None:
        kind = self.kind
        for widget in (self.bits, self._depth_label):
            widget.setVisible(kind in ("wav", "flac"))
        self._film_part.setVisible(kind == "film")
        self._hint.setText(
            {
                "wav": self.tr("For music programs. A loop keeps its loop points."),
                "flac": self.tr("Half the size of WAV, and nothing is lost."),
                "ogg": self.tr("Small, for games and the web; a little is lost."),
                "mid": self.tr("The notes that sound, for other instruments."),
                "film": self.tr("A film with this music; its pictures are copied as they are."),
            }[kind]
        )
        suffix = Path(self.film.text()).suffix.lower() if kind == "film" else f".{kind}"
        self._name.set_suffix(suffix if kind != "film" or suffix in FILM_SUFFIXES else ".mp4")
        self._check()
        self.adjustSize()

    def _check(self) -> None:
        ready = bool(self.target.text().strip())
        if self.kind == "film":
            ready = ready and bool(self.film.text().strip())
        self._go.setEnabled(ready)

    def _browse_film(self) -> None:
        films = " ".join(f"*{suffix}" for suffix in (*FILM_SUFFIXES, ".avi", ".ts"))
        names = self.tr("Films ({0})").format(films)
        text, _ = QFileDialog.getOpenFileName(self, self.tr("Film"), str(self._folder), names)
        if text:
            self.film.setText(text)
            self._follow()


def _label(text: str) -> QLabel:
    """Return a label that stands in the middle of a field's height."""
    label = QLabel(text)
    label.setMinimumHeight(tokens().control)
    return label


def _music_folder() -> Path:
    kind = QStandardPaths.StandardLocation.MusicLocation
    found = Path(QStandardPaths.writableLocation(kind) or Path.home())
    return found if found.is_dir() else Path.home()
