"""The list of audio outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class OutputBox(QComboBox):
    """Chooses where to play; looks for new devices when it is opened."""

    def __init__(self, refresh: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refresh = refresh
        self.setAccessibleName(self.tr("Audio output"))
        self.setToolTip(self.tr("Audio output"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(176)

    def show_devices(self, names: Sequence[str], chosen: str | None) -> None:
        """List the system's output and these; one that was chosen stays, even when it is gone."""
        self.clear()
        self.addItem(self.tr("System output"), None)
        for name in names if chosen in (None, *names) else [*names, chosen]:
            self.addItem(str(name), name)
        self.setCurrentIndex(max(self.findData(chosen), 0))

    def showPopup(self) -> None:
        """Open the list."""
        self._refresh()
        super().showPopup()
