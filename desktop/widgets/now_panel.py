"""The right side of the Make page: what is being made, what waits, and the newest takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.queue_item import QueueItem
from descant.desktop.theme import tokens
from descant.desktop.widgets.hold_card import HoldCard
from descant.desktop.widgets.parts import card, scrolled, text_label
from descant.desktop.widgets.queue_panel import QueueView
from descant.desktop.widgets.recent_takes import RecentTakes

_FLAT_HEIGHT, _FLAT_TAKES, _WIDTH, _ANY = 200, 130, 336, 16_777_215


class NowPanel(QWidget):
    """Queue above, takes below; says what will be here as long as there is neither."""

    open_take = Signal(int)
    edit_request = Signal(object)
    """The ``Request`` of what failed, to be changed."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nowPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._flat = False
        self._queue = context.queue
        space = tokens().space
        self.queue = QueueView(context.queue)
        self.takes = RecentTakes(context.player)
        self.takes.open_take.connect(self.open_take)
        self.takes.save_asked.connect(context.queue.retry)
        self.queue.edit_asked.connect(self._edit)
        self.hold = HoldCard(context.queue)
        self._queue_title = text_label(self.tr("Being made"), "heading")
        self._takes_title = text_label(self.tr("Just made"), "heading")
        self._empty = self._make_empty()
        self._takes_area = scrolled(self.takes)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        contents = QWidget()
        whole.addWidget(scrolled(contents))  # a narrow window shows little of it at once
        column = QVBoxLayout(contents)
        column.setContentsMargins(space * 3, space * 4, space * 3, space * 3)
        column.setSpacing(space * 3 // 2)
        column.addWidget(self._empty)
        column.addWidget(self._queue_title)
        column.addWidget(self.hold)
        column.addWidget(self.queue)
        column.addWidget(self._takes_title)
        column.addWidget(self._takes_area, 1)
        self._spring = QWidget()
        column.addWidget(self._spring, 1)
        self.queue.rows.modelReset.connect(self._show)
        self.queue.rows.dataChanged.connect(self._show)  # a failure is taller
        context.queue.clips_ready.connect(lambda *_: self._show())
        context.queue.held_changed.connect(lambda _: self._show())
        self._show()

    def set_flat(self, flat: bool) -> None:
        """Be a strip of limited height, for a narrow window."""
        self._flat = flat
        self.setMaximumHeight(_FLAT_HEIGHT if flat else _ANY)
        self._takes_area.setMinimumHeight(_FLAT_TAKES if flat else 0)
        self.setMinimumWidth(0 if flat else _WIDTH)
        self.setMaximumWidth(_ANY if flat else _WIDTH)
        self._show()

    def _make_empty(self) -> QWidget:
        pad = tokens().space * 3
        empty, inside = card(kind="well")
        inside.setContentsMargins(pad, pad, pad, pad)
        inside.addWidget(text_label(self.tr("Your music turns up here"), "heading", wrap=True))
        inside.addWidget(
            text_label(
                self.tr(
                    "Write what you want to hear, or drop a picture, and press Make music. "
                    "Everything is computed on this machine."
                ),
                "soft",
                wrap=True,
            )
        )
        return empty

    def _edit(self, item: QueueItem) -> None:
        """Hand a failed request over; its row goes unless something of it is to be saved."""
        request = item.rest() or item.request
        if not item.unsaved:
            self._queue.remove(item.id)
        self.edit_request.emit(request)

    def _show(self) -> None:
        rows = self.queue.rows.rowCount()
        self.hold.setVisible(rows > 0 and self._queue.held is not None)
        some = bool(self.takes.cards)
        self._queue_title.setVisible(rows > 0)
        self.queue.setVisible(rows > 0)
        heights = sum(self.queue.sizeHintForRow(row) for row in range(rows))
        self.queue.setFixedHeight(min(heights + 4, 280))
        self._takes_title.setVisible(some)
        self._takes_area.setVisible(some)
        self._empty.setVisible(not rows and not some)
        self.setVisible(bool(rows or some or not self._flat))
        self._spring.setVisible(not some)
