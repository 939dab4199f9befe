"""The About page: version, the promise of no network, and everybody's licences."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, qVersion
from PySide6.QtGui import QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QTreeView, QWidget

from descant.desktop.context import AppContext
from descant.desktop.licences import Component, components, licence_text
from descant.desktop.long_work import LongWork
from descant.desktop.widgets.page_parts import card, column, label, page, row, tile, titled
from descant.desktop.widgets.text_dialog import TextDialog

LIST_HEIGHT = 420
COMPONENT = Qt.ItemDataRole.UserRole + 1


class AboutPage(QWidget):
    """Says what this program is and of what it is made."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._work: LongWork | None = None
        inside = page(
            self,
            "descant",
            self.tr("Music from a sentence, a melody, a story, a picture or a film."),
        )
        inside.addWidget(self._make_promise())
        inside.addWidget(self._make_licences())

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is installed, the first time."""
        super().showEvent(event)
        if self._work is None:
            self._work = LongWork(lambda report: components(), self)
            self._work.done.connect(self._show)
            self._work.failed.connect(lambda error, hint: self._context.notify(error))
            self._work.start()

    def close_threads(self) -> None:
        """Wait for what is being read."""
        if self._work is not None:
            self._work.wait(5.0)

    def show_licence(self, found: Component) -> None:
        """Show the whole text of a component's licences."""
        job = LongWork(lambda report: licence_text(found.name), self)

        def show(text: Any) -> None:
            title = f"{found.name} {found.version}"
            TextDialog(title, str(text), self, fixed=True).open()

        job.done.connect(show)
        job.start()

    def _open(self, index: QModelIndex) -> None:
        self.show_licence(index.data(COMPONENT))

    def _make_promise(self) -> QFrame:
        self.version = label("", "strong")
        promise = label(self.tr("This app opens no network connection."), "heading", wrap=True)
        more = label(
            self.tr(
                "What you write, sing and make stays on this machine. Nothing is counted, nothing "
                "is sent, and it works the same without a cable."
            ),
            "soft",
            wrap=True,
        )
        words = column(promise, more, self.version)
        line = row(tile("lock", accent=True), words, gap=2)
        line.setStretch(1, 1)
        return card(line)

    def _make_licences(self) -> QFrame:
        self._model = QStandardItemModel(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search components and licences"))
        self.search.setAccessibleName(self.tr("Search components and licences"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self._shown.setFilterKeyColumn(-1)
        self.list = QTreeView()
        self.list.setAccessibleName(self.tr("Installed components"))
        self.list.setModel(self._shown)
        self.list.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.list.activated.connect(self._open)
        self.list.clicked.connect(self._open)
        head = titled(
            self.tr("Licences"),
            self.tr(
                "descant is under the MIT licence; what you make with it is yours. It stands on "
                "the work of others, all of which is listed here as it is installed. Choose one "
                "to read its text."
            ),
        )
        return card(head, self.search, self.list, gap=2)

    def _show(self, found: list[Component]) -> None:
        self._model.clear()
        self._model.setHorizontalHeaderLabels(
            [self.tr("Component"), self.tr("Version"), self.tr("Licence")]
        )
        for each in found:
            cells = [QStandardItem(text) for text in (each.name, each.version, each.licence)]
            for cell in cells:
                cell.setData(each, COMPONENT)
                cell.setToolTip(each.summary)
            self._model.appendRow(cells)
        for column_number, width in enumerate((260, 160)):
            self.list.setColumnWidth(column_number, width)
        ours = found[0]
        self.version.setText(
            self.tr("Version {0} · Qt {1}").format(ours.version or "?", qVersion())
        )
