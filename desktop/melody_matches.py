"""The melodies that the engine would choose for some words, one after the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from descant.runtime import Engine, Neighbour

COUNT = 12


class MelodyMatches(QObject):
    """Asks the engine on the queue's worker; the window never waits."""

    found = Signal(object, object)
    """``Neighbour`` and its ``LeadSheet``."""
    failed = Signal(str)

    def __init__(self, queue: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._text = ""
        self._place = 0
        self._asked = 0

    def start(self, text: str, shown: int = 0) -> None:
        """Begin with these words; ``shown`` melodies have been seen already."""
        self._text, self._place = text, shown
        self._asked += 1  # answers to what was asked before are for nobody

    def next(self) -> None:
        """Ask for the next melody; after the last comes the first."""
        self._asked += 1
        text, place, asked = self._text, self._place, self._asked
        self._place += 1

        def look(engine: Engine) -> tuple[Neighbour, Any]:
            found = engine.search(text, COUNT)
            chosen = found[place % len(found)]
            return chosen, engine.sheet(chosen)

        def tell(answer: tuple[Neighbour, Any]) -> None:
            if asked == self._asked:
                self.found.emit(*answer)

        def fail(message: str) -> None:
            if asked == self._asked:
                self.failed.emit(message)

        self._queue.engine_call(look, tell, fail)
