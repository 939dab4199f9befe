"""The library's page: every take, found again and worked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from descant.desktop.actions import PackView
from descant.desktop.context import AppContext
from descant.desktop.library import TakeRecord
from descant.desktop.library.request_json import request_from_json
from descant.desktop.take_commands import TakeCommands
from descant.desktop.take_delegate import TakeDelegate
from descant.desktop.take_list import Listing, TakeList
from descant.desktop.take_model import TakeListModel
from descant.desktop.take_work import TakeWork
from descant.desktop.theme import tokens
from descant.desktop.widgets.empty_state import EmptyState
from descant.desktop.widgets.export_strip import ExportStrip
from descant.desktop.widgets.parts import button
from descant.desktop.widgets.take_bar import TakeBar
from descant.desktop.widgets.take_filters import TakeFilters


class LibraryPage(QWidget):
    """Lists takes; what is done with them is in ``TakeWork``."""

    open_take = Signal(int)
    navigate = Signal(str)
    edit_request = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.work = TakeWork(context, self)
        self.list = TakeList(context.library, self)
        self.model = TakeListModel(self.work.named_file, self)
        self.view = self._make_view()
        self.commands = TakeCommands(self.view, self._do)
        self.filters = TakeFilters()
        self.bar = TakeBar(self.commands)
        self._count = QLabel()
        self._count.setProperty("kind", "soft")
        self._deleted = 0
        self._lay_out()
        self._connect()
        self._follow_selection()

    def chosen(self) -> list[TakeRecord]:
        """Return the takes that are chosen, from top to bottom."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [take for row in rows if (take := self.model.take(row)) is not None]

    def choose(self, number: int) -> None:
        """Choose one take and bring it into view."""
        row = self.model.row_of(number)
        if row is not None:
            index = self.model.index(row)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def close_threads(self) -> None:
        """End what runs in the background."""
        self.work.close()
        self.list.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Look what has come, from other windows too."""
        super().showEvent(event)
        self.list.reload()
        self.work.learn_pack()

    def changeEvent(self, event: QEvent) -> None:
        """Draw icons in another theme's colours; look for news when the window comes back."""
        if event.type() == QEvent.Type.PaletteChange:
            self.commands.redraw()
            self.filters.redraw()
        came_back = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if came_back and self.isVisible():
            self.list.reload()  # another window may have changed the library
        super().changeEvent(event)

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        delegate = TakeDelegate(view)
        delegate.star_clicked.connect(self._on_star)
        view.setItemDelegate(delegate)
        view.setUniformItemSizes(True)  # rows that are not seen are not measured
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.setDragEnabled(True)
        view.setDragDropMode(QListView.DragDropMode.DragOnly)
        view.setDefaultDropAction(Qt.DropAction.CopyAction)
        view.setMouseTracking(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName(self.tr("Takes"))
        view.verticalScrollBar().setSingleStep(24)
        return view

    def _lay_out(self) -> None:
        space = tokens().space
        title = QLabel(self.tr("Library"))
        title.setProperty("kind", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._count)
        self.empty = button(self.tr("Empty…"), "quiet", "delete")
        self.empty.setToolTip(self.tr("Remove all deleted takes for good"))
        self.empty.hide()
        head.addWidget(self.empty)
        self._nothing = EmptyState(
            "library",
            self.tr("Nothing here yet"),
            self.tr("Everything you make is kept here, with its recipe. It stays on this machine."),
            self.tr("Make music"),
        )
        self._no_match = EmptyState(
            "search",
            self.tr("No take fits"),
            self.tr("Try fewer or other words: each must begin a word of title, prompt or tags."),
            self.tr("Show all takes"),
        )
        self._no_deleted = EmptyState(
            "delete",
            self.tr("Nothing is deleted"),
            self.tr("Takes that you delete stay here for 30 days and can be restored."),
        )
        self._pile = QStackedLayout()
        for widget in (self.view, self._nothing, self._no_match, self._no_deleted):
            self._pile.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(space * 4, space * 4, space * 4, space * 2)
        self._column.setSpacing(space * 2)
        self._column.addLayout(head)
        self._column.addWidget(self.filters)
        self._column.addLayout(self._pile, 1)
        self._column.addWidget(ExportStrip(self.work.exporter))
        self._column.addWidget(self.bar)

    def _connect(self) -> None:
        self.filters.changed.connect(self.list.want)
        self.list.listed.connect(self._show)
        self.list.more_listed.connect(self.model.add_takes)
        self.list.take_changed.connect(self._on_take)
        self.list.failed.connect(self.work.tell)
        self.work.pack_known.connect(self._on_pack)
        self.model.more_wanted.connect(lambda: self.list.load_more(self.model.rowCount()))
        self.model.renamed.connect(self.work.changes.rename)
        self.model.outline_wanted.connect(self.list.load_outline)
        self.view.selectionModel().selectionChanged.connect(self._follow_selection)
        self.view.doubleClicked.connect(lambda _: self._do("open"))
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.empty.clicked.connect(lambda: self.work.ask_to_purge(self._deleted))
        self._nothing.clicked.connect(lambda: self.navigate.emit("make"))
        self._no_match.clicked.connect(self.filters.clear)
        undo = QAction(self.tr("Undo"), self)
        undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(self.work.changes.undo)
        self.addAction(undo)

    def _show(self, found: Listing) -> None:
        total = found.total
        chosen = [take.id for take in self.chosen()]
        place = self.model.row_of(chosen[0]) if chosen else None
        self.model.show_takes(found.takes, total)
        if place is not None and not self.chosen():
            self._choose_again(chosen, place)
        self.filters.show_tags(found.tags)
        wanted = self.filters.wanted
        self._count.setText(self.tr("1 take") if total == 1 else self.tr("{0} takes").format(total))
        empty = self._nothing
        if wanted.narrowed:
            empty = self._no_match
        elif wanted.deleted:
            empty = self._no_deleted
        self._pile.setCurrentWidget(self.view if total else empty)
        self._count.setVisible(bool(total))
        self._deleted = found.deleted
        self.empty.setVisible(wanted.deleted and bool(found.deleted))
        self.filters.setVisible(empty is not self._nothing or bool(total or found.deleted))
        self._follow_selection()

    def _choose_again(self, numbers: list[int], place: int) -> None:
        """Choose what was chosen, or when that is gone what has come to its place."""
        rows = [row for n in numbers if (row := self.model.row_of(n)) is not None]
        rows = rows or [min(place, self.model.rowCount() - 1)]
        select = QItemSelectionModel.SelectionFlag.Select
        for row in rows:
            self.view.selectionModel().select(self.model.index(row), select)
        current = QItemSelectionModel.SelectionFlag.NoUpdate
        self.view.selectionModel().setCurrentIndex(self.model.index(rows[0]), current)

    def _follow_selection(self, *_: object) -> None:
        takes = self.chosen()
        self.commands.follow(takes, self.work.pack)
        self.bar.follow(takes)
        self.bar.setVisible(bool(takes))

    def _on_take(self, take: TakeRecord) -> None:
        self.model.update_take(take)
        self._follow_selection()

    def _on_pack(self, _: PackView) -> None:
        self._follow_selection()

    def _on_star(self, take: TakeRecord) -> None:
        self.work.changes.set_favourite([take], not take.favourite)

    def _show_menu(self, place: QPoint) -> None:
        if self.chosen():
            menu = self.commands.menu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(place))

    def _do(self, name: str) -> None:
        takes = self.chosen()
        if not takes:
            return
        here: dict[str, Callable[[], Any]] = {
            "open": lambda: self.open_take.emit(takes[0].id),
            "change": lambda: self._change(takes[0]),
            "rename": lambda: self.view.edit(self.view.currentIndex()),
        }
        (here.get(name) or (lambda: self.work.do(name, takes)))()

    def _change(self, take: TakeRecord) -> None:
        """Put what was asked for into the fields of the Make page."""
        request = request_from_json(take.request)
        if request is None:
            self._context.notify(self.tr("What was asked for is not known"))
        else:
            self.edit_request.emit(request)
