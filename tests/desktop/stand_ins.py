"""Stand-ins for parts of the app that tests of other parts meet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal


class StandInPlayer(QObject):
    """Remembers what it was told, and plays nothing."""

    position_changed, state_changed, device_lost = Signal(float), Signal(str), Signal(str)
    position = 12.0

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.samples: Any = None

    def load(self, samples: Any, rate: int) -> None:
        """Note the length."""
        self.samples = samples
        self.heard.append(samples.shape[1] / rate)

    def holds(self, samples: Any) -> bool:
        """Whether these were loaded last."""
        return self.samples is samples

    def play(self) -> None:
        """Note it."""
        self.heard.append("play")

    def toggle(self) -> None:
        """Note it."""
        self.heard.append("toggle")

    def seek(self, seconds: float) -> None:
        """Note where to."""
        self.heard.append(seconds)
