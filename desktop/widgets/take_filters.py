"""Search field, favourites, tags and order over the list of takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from descant.desktop.icons import icon, set_icon
from descant.desktop.library import Sort
from descant.desktop.theme import tokens

NARROW_BELOW = 760


@dataclass(frozen=True)
class Wanted:
    """Which takes the list shows."""

    search: str = ""
    favourites: bool = False
    tag: str | None = None
    sort: Sort = "newest"
    deleted: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether takes are left out."""
        return bool(self.search.strip()) or self.favourites or self.tag is not None


class TakeFilters(QWidget):
    """Says what is wanted, at every key that is typed."""

    changed = Signal(object)
    """The new ``Wanted``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = Wanted()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens().space * 3 // 2)
        self.search = self._make_search()
        self.favourites = self._make_chip(self.tr("Favourites"), "star")
        self.favourites.toggled.connect(lambda on: self._set(favourites=on))
        self.deleted = self._make_chip(self.tr("Deleted"), "delete")
        self.deleted.toggled.connect(lambda on: self._set(deleted=on))
        self.tag = QComboBox()
        self.tag.setAccessibleName(self.tr("Tag"))
        self.tag.setMinimumWidth(120)
        self.tag.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.tag.currentIndexChanged.connect(lambda _: self._set(tag=self.tag.currentData()))
        self.sort = self._make_sort()
        row.addWidget(self.search, 1)
        for widget in (self.favourites, self.deleted, self.tag, self.sort):
            row.addWidget(widget)
        self.show_tags([])

    def show_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Offer these tags, with the number of takes that have each."""
        chosen = self.wanted.tag
        self.tag.blockSignals(True)
        self.tag.clear()
        self.tag.addItem(self.tr("All tags"), None)
        for tag, count in tags:
            self.tag.addItem(f"{tag} ({count})", tag)
        names = [tag for tag, _ in tags]
        place = names.index(chosen) + 1 if chosen in names else 0
        self.tag.setCurrentIndex(place)
        self.tag.blockSignals(False)
        self.tag.setVisible(bool(tags))
        if place == 0 and chosen is not None:
            self._set(tag=None)

    def clear(self) -> None:
        """Want all takes again."""
        self.search.clear()
        self.favourites.setChecked(False)
        self.tag.setCurrentIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where the search field would have no room."""
        narrow = event.size().width() < NARROW_BELOW
        for chip in (self.favourites, self.deleted):
            chip.setText("" if narrow else " " + chip.accessibleName())
            chip.setToolTip(chip.accessibleName() if narrow else "")
        super().resizeEvent(event)

    def redraw(self) -> None:
        """Draw what is not drawn by itself in the colours that hold now."""
        self._glass.setIcon(icon("search"))

    def _set(self, **fields: object) -> None:
        new = replace(self.wanted, **fields)  # type: ignore[arg-type]
        if new != self.wanted:
            self.wanted = new
            self.changed.emit(new)

    def _make_search(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search titles, words and tags"))
        field.setAccessibleName(self.tr("Search the library"))
        field.setClearButtonEnabled(True)
        self._glass = field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda text: self._set(search=text))
        find = QAction(self.tr("Search"), self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self._go_to_search)
        self.addAction(find)
        return field

    def _go_to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _make_chip(self, text: str, name: str) -> QPushButton:
        chip = QPushButton(" " + text)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.setAccessibleName(text)
        set_icon(chip, name, 16)
        return chip

    def _make_sort(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Order"))
        for text, value in (
            (self.tr("Newest first"), "newest"),
            (self.tr("Oldest first"), "oldest"),
            (self.tr("By title"), "title"),
            (self.tr("Longest first"), "longest"),
            (self.tr("Favourites first"), "favourites"),
        ):
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self._set(sort=box.currentData()))
        return box
