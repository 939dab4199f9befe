"""The right side of the Make page: what is being made, what waits, and the newest takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from descant.desktop.context import AppContext
from descant.desktop.theme import tokens
from descant.desktop.widgets.parts import card, scrolled, text_label
from descant.desktop.widgets.queue_panel import QueueView
from descant.desktop.widgets.recent_takes import RecentTakes

_FLAT_HEIGHT, _WIDTH, _ANY = 200, 336, 16_777_215


class NowPanel(QWidget):
    """Queue above, takes below; says what will be here as long as there is neither."""

    open_take = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nowPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._flat = False
        space = tokens().space
        self.queue = QueueView(context.queue)
        self.takes = RecentTakes(context.player)
        self.takes.open_take.connect(self.open_take)
        self._queue_title = text_label(self.tr("Being made"), "heading")
        self._takes_title = text_label(self.tr("Just made"), "heading")
        self._empty, inside = card(kind="well")
        inside.setContentsMargins(space * 3, space * 3, space * 3, space * 3)
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
        self._takes_area = scrolled(self.takes)
        column = QVBoxLayout(self)
        column.setContentsMargins(space * 3, space * 4, space * 3, space * 3)
        column.setSpacing(space * 3 // 2)
        column.addWidget(self._empty)
        column.addWidget(self._queue_title)
        column.addWidget(self.queue)
        column.addWidget(self._takes_title)
        column.addWidget(self._takes_area, 1)
        self._spring = QWidget()
        column.addWidget(self._spring, 1)
        self.queue.rows.modelReset.connect(self._show)
        self.queue.rows.dataChanged.connect(self._show)  # a failure is taller
        context.queue.clips_ready.connect(lambda *_: self._show())
        self._show()

    def set_flat(self, flat: bool) -> None:
        """Be a strip of limited height, for a narrow window."""
        self._flat = flat
        self.setMaximumHeight(_FLAT_HEIGHT if flat else _ANY)
        self.setMinimumWidth(0 if flat else _WIDTH)
        self.setMaximumWidth(_ANY if flat else _WIDTH)
        self._show()

    def _show(self) -> None:
        rows = self.queue.rows.rowCount()
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
