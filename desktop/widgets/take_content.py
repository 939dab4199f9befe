"""How the page of a take is laid out, wide or narrow."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from descant.desktop.theme import tokens
from descant.desktop.widgets.parts import scrolled
from descant.desktop.widgets.take_details import WIDTH, TakeDetailsCard

STACKED_BELOW = 1200
FLAT_ABOVE = 700


class TakeContent(QWidget):
    """Head, views and facts, which scroll, above the transport, which stays."""

    def __init__(
        self, head: QWidget, views: QWidget, details: TakeDetailsCard, transport: QWidget
    ) -> None:
        super().__init__()
        t = tokens()
        self._details = details
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(t.space, t.space, t.space, 2 * t.space)
        inside.addWidget(views)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(2 * t.space)
        self._body.addWidget(card, 1)
        self._body.addWidget(details, 0)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(3 * t.space, 3 * t.space, 3 * t.space, t.space)
        column.setSpacing(2 * t.space)
        column.addWidget(head)
        column.addLayout(self._body, 1)
        self.area: QScrollArea = scrolled(page)
        self._foot = QVBoxLayout()
        self._foot.addWidget(transport)
        self._align_foot(0, 0)
        self.area.verticalScrollBar().rangeChanged.connect(self._align_foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addLayout(self._foot)

    def _align_foot(self, _: int, scrollable: int) -> None:
        """Let the transport end where the cards above it do, beside the scroll bar."""
        t = tokens()
        bar = self.area.verticalScrollBar().sizeHint().width() if scrollable else 0
        self._foot.setContentsMargins(3 * t.space, t.space, 3 * t.space + bar, 2 * t.space)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the facts under the views in a narrow window."""
        width = event.size().width()
        narrow = width < STACKED_BELOW
        self._body.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._details.set_flat(narrow and width >= FLAT_ABOVE)
        self._details.setMinimumWidth(0 if narrow else WIDTH)
        self._details.setMaximumWidth(16777215 if narrow else WIDTH)
        super().resizeEvent(event)
