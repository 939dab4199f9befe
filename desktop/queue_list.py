"""The wishes of the queue and what a person may do with them; whoever makes them is ``worker``."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from descant.desktop.queue_item import QueueItem, title_of
from descant.runtime import Request


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing is made although something waits."""

    kind: Literal["engine", "save", "before"]
    """The pack can't be opened; a take can't be kept; what waits is from the run before."""
    text: str = ""
    """What went wrong and what to do about it, as sentences."""


class QueueList(QObject):
    """Items in the order in which they will be made.

    Call it from the thread it was made on; all signals come on that thread too.
    """

    item_added = Signal(object)
    """A new ``QueueItem``."""
    item_changed = Signal(object)
    """The ``QueueItem`` as it is now."""
    item_removed = Signal(int)
    order_changed = Signal()
    held_changed = Signal(object)
    """The ``Hold`` that keeps what waits from being made, or None when it goes on."""
    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = itertools.count(1)
        self._lock = threading.Condition()
        self._items: list[QueueItem] = []
        self._held: Hold | None = None
        self._events: deque[tuple[Any, tuple[Any, ...]]] = deque()
        self._posted.connect(self._deliver)

    def items(self) -> list[QueueItem]:
        """Return all items, in the order in which they will be made."""
        with self._lock:
            return list(self._items)

    def item(self, item_id: int) -> QueueItem | None:
        """Return one item, or None when it is gone."""
        return next((item for item in self.items() if item.id == item_id), None)

    @property
    def held(self) -> Hold | None:
        """Why nothing is made; None while the queue goes on."""
        return self._held

    def add(self, request: Request, title: str = "", parent: int | None = None) -> QueueItem:
        """Put a request at the end of the queue."""
        item = QueueItem(next(self._ids), request, title or title_of(request), parent=parent)
        self._append(item)
        if self._held is not None and self._held.kind != "save":
            self._hold(None)  # what can't be saved is not worth the time
        return item

    def restore(self, items: Iterable[QueueItem]) -> None:
        """Put back what an earlier run has left; nothing of it is made until somebody says so."""
        found = [replace(item, id=next(self._ids)) for item in items]
        if any(item.state == "waiting" for item in found):
            self._hold(Hold("before"))
        for item in found:
            self._append(item)

    def cancel(self, item_id: int) -> None:
        """Give an item up: it counts as cancelled at once, the engine stops within one step."""
        self._update(item_id, state="cancelled", eta_s=None)

    def retry(self, item: QueueItem) -> None:
        """Let a failed item wait again, for what of it is not done; what waits goes on.

        Of one that was taken off the list only what could not be saved is tried again.
        """
        with self._lock:
            place = next((n for n, each in enumerate(self._items) if each.id == item.id), None)
            if place is not None:
                if self._items[place].state != "failed":
                    return
                self._items[place] = new = self._items[place].again()
                self._lock.notify()
        if place is None:
            self._append(replace(item.again(), takes=item.request.count))
        else:
            self.item_changed.emit(new)
        self._hold(None)

    def go_on(self) -> None:
        """Make what waits, after what could not be saved."""
        for item in self.items():
            if item.state == "failed" and item.unsaved:
                self.retry(item)
        self._hold(None)

    def move(self, item_id: int, index: int) -> None:
        """Move an item that waits to a place among those that wait, 0 being the next one made."""
        with self._lock:
            waiting = [item for item in self._items if item.state == "waiting"]
            moved = next((item for item in waiting if item.id == item_id), None)
            if moved is None:
                return
            waiting.remove(moved)
            waiting.insert(max(index, 0), moved)
            rest = [item for item in self._items if item.state != "waiting"]
            self._items = rest + waiting
        self.order_changed.emit()

    def remove(self, item_id: int) -> None:
        """Take an item off the list; one that is not over is cancelled."""
        self.cancel(item_id)
        with self._lock:
            before = len(self._items)
            self._items = [item for item in self._items if item.id != item_id]
            gone = len(self._items) < before
        if gone:
            self.item_removed.emit(item_id)

    def _append(self, item: QueueItem) -> None:
        with self._lock:
            self._items.append(item)
            self._lock.notify()
        self.item_added.emit(item)

    # What follows may be called on any thread.
    def _hold(self, held: Hold | None) -> None:
        with self._lock:
            if self._held == held:
                return
            self._held = held
            self._lock.notify()
        self._post(self.held_changed, held)

    def _update(self, item_id: int, **fields: Any) -> bool:
        with self._lock:
            for place, item in enumerate(self._items):
                if item.id == item_id and not item.over:
                    self._items[place] = new = replace(item, **fields)
                    break
            else:
                return False
        self._post(self.item_changed, new)
        return True

    def _post(self, signal: Any, *arguments: Any) -> None:
        self._events.append((signal, arguments))
        self._posted.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._events:
            signal, arguments = self._events.popleft()
            signal.emit(*arguments)
