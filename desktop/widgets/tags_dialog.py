"""Tags of one or more takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.library import TakeRecord
from descant.desktop.tag_change import TagChange, common_tags
from descant.desktop.theme import tokens
from descant.desktop.widgets.dialog_buttons import dialog_buttons

MOST_CHIPS = 12


class TagsDialog(QDialog):
    """A line to write tags into, and chips of those that are in use."""

    chosen = Signal(object)
    """A ``TagChange``: what was added to the tags that were shown, and taken from them."""

    def __init__(
        self, takes: Sequence[TakeRecord], known: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Tags"))
        self.setMinimumWidth(460)
        space = tokens().space
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3, space * 3, space * 3, space * 3)
        column.setSpacing(space * 3 // 2)
        heading = QLabel(self.tr("Tags"))
        heading.setProperty("kind", "heading")
        hint = QLabel(self._hint(len(takes)))
        hint.setProperty("kind", "soft")
        hint.setWordWrap(True)
        self._shown = common_tags(takes)
        self.field = QLineEdit(", ".join(self._shown))
        self.field.setPlaceholderText(self.tr("night, boss fight"))
        self.field.setAccessibleName(self.tr("Tags, with commas between them"))
        self.field.textChanged.connect(self._follow)
        for widget in (heading, hint, self.field):
            column.addWidget(widget)
        self._chips = [self._make_chip(tag) for tag in known[:MOST_CHIPS]]
        for begin in range(0, len(self._chips), 4):
            row = QHBoxLayout()
            for chip in self._chips[begin : begin + 4]:
                row.addWidget(chip)
            row.addStretch(1)
            column.addLayout(row)
        column.addLayout(dialog_buttons(self, QPushButton(self.tr("Save"))))
        self._follow()

    def tags(self) -> list[str]:
        """Return what is written."""
        parts = (part.strip() for part in self.field.text().split(","))
        return [part for part in parts if part]

    def accept(self) -> None:
        """Say what has changed."""
        self.chosen.emit(TagChange.between(self._shown, self.tags()))
        super().accept()

    def _hint(self, count: int) -> str:
        if count == 1:
            return self.tr("Words to find it by, with commas between them.")
        return self.tr(
            "The tags that all {0} takes have, with commas between them. What you add or take "
            "away changes in each of them; their other tags stay."
        ).format(count)

    def _make_chip(self, tag: str) -> QPushButton:
        chip = QPushButton(tag)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.clicked.connect(lambda on: self._toggle(tag, on))
        return chip

    def _toggle(self, tag: str, on: bool) -> None:
        tags = [written for written in self.tags() if written.casefold() != tag.casefold()]
        self.field.setText(", ".join([*tags, tag] if on else tags))

    def _follow(self) -> None:
        written = {tag.casefold() for tag in self.tags()}
        for chip in self._chips:
            chip.setChecked(chip.text().casefold() in written)
