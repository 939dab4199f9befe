"""The name of a file to export to: a free one by itself, and nothing is replaced unasked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from descant.desktop.widgets.confirm_dialog import ConfirmDialog


class ExportName(QObject):
    """Writes names into a line, and asks before a file that is there is replaced."""

    def __init__(
        self,
        line: QLineEdit,
        folder: Path,
        name: str,
        over: QWidget,
        taken: Collection[Path] = (),
    ) -> None:
        """Prepare.

        Args:
            line: Where the name stands and is edited.
            folder: For files that nobody has given another place.
            name: Without suffix.
            over: Under the dialogs.
            taken: Files that will be there soon.
        """
        super().__init__(over)
        self._line, self._folder, self._name, self._over = line, folder, name, over
        self._taken = taken
        self._suggested, self._confirmed = "", ""

    @property
    def path(self) -> Path:
        """Of the file."""
        return Path(self._line.text().strip())

    def set_suffix(self, suffix: str) -> None:
        """Give the name another ending; one that nobody typed becomes one that is free."""
        written = self._line.text().strip()
        if written and written != self._suggested:
            self._line.setText(str(self.path.with_name(f"{self.path.stem}{suffix}")))
            return
        self._suggested = str(free_path(self._folder / f"{self._name}{suffix}", self._taken))
        self._line.setText(self._suggested)

    def browse(self) -> None:
        """Have a place chosen; the system's dialog asks before a file is replaced."""
        text, _ = QFileDialog.getSaveFileName(self._over, self.tr("Export"), self._line.text())
        if text:
            self._line.setText(text)
            self._confirmed = str(self.path)

    def when_free(self, go: Callable[[], None]) -> None:
        """Call ``go`` at once, or, where a file is there already, when it may be replaced."""
        path = self.path
        if str(path) == self._confirmed or not (path in self._taken or path.exists()):
            go()
            return
        question = self.tr("Replace the file?")
        text = self.tr("“{0}” is there already. What is in it will be lost.").format(path.name)
        dialog = ConfirmDialog(question, text, self.tr("Replace"), self._over)
        dialog.accepted.connect(go)
        dialog.open()


def free_path(path: Path, taken: Collection[Path] = ()) -> Path:
    """Return a path, or when there is a file the first that is free: ``name 2.wav``."""
    found, number = path, 1
    while found in taken or found.exists():
        number += 1
        found = path.with_name(f"{path.stem} {number}{path.suffix}")
    return found
