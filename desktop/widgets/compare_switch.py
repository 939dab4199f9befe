"""The switch between two takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from descant.desktop.player import Player
from descant.desktop.widgets.parts import button, icon_button, text_label


class CompareSwitch(QWidget):
    """A or B, where two takes are compared at equal loudness."""

    choose_requested = Signal()
    """Someone wants a second take to compare with."""
    end_requested = Signal()

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._titles = {"a": "", "b": ""}
        self.start = button(self.tr("Compare …"), "quiet", "compare")
        self.start.setToolTip(self.tr("Hear another take at the same place, equally loud"))
        self.start.clicked.connect(self.choose_requested)
        self.a = button("A", "chip")
        self.b = button("B", "chip")
        self.names = text_label("", "small")
        self.end = icon_button("close", self.tr("End the comparison"), self.end_requested.emit)
        group = QButtonGroup(self)
        for which, side in (("a", self.a), ("b", self.b)):
            side.setCheckable(True)
            group.addButton(side)
            side.clicked.connect(lambda _=False, w=which: player.choose(w))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        for widget in (self.start, self.a, self.b, self.names, self.end):
            line.addWidget(widget)
        player.comparison_changed.connect(self._show)
        self._show()

    def set_names(self, first: str, second: str) -> None:
        """Say which takes they are."""
        self.a.setToolTip(self.tr("Hear “{0}” (A)").format(first))
        self.b.setToolTip(self.tr("Hear “{0}” (B)").format(second))
        self.a.setAccessibleName(self.tr("A: {0}").format(first))
        self.b.setAccessibleName(self.tr("B: {0}").format(second))
        self._titles = {"a": first, "b": second}
        self._show()

    def _show(self) -> None:
        two = self._player.comparing
        self.start.setVisible(not two)
        for widget in (self.a, self.b, self.names, self.end):
            widget.setVisible(two)
        self.a.setChecked(self._player.chosen == "a")
        self.b.setChecked(self._player.chosen == "b")
        title, side = self._titles[self._player.chosen], Qt.TextElideMode.ElideRight
        shown = self.names.fontMetrics().elidedText(title, side, 180)
        self.names.setText(shown)
